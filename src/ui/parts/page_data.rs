//! What a page starts from.

use crate::model::{Error, json};
use codee::string::FromToStringCodec;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// A page's data, as the server puts it into the page: JSON as a text, whatever it is of. For each type of a resource
/// all of the framework's machinery would be compiled, and downloaded, once more.
#[derive(Clone, Copy)]
pub struct PageData {
    text: Resource<String, FromToStringCodec>,
}

/// A view that waits for its data.
pub type Awaited = Suspend<AnyView>;

impl PageData {
    /// Shows the data once it is there, or why it is not.
    pub fn show<T: DeserializeOwned>(self, show: impl FnOnce(Result<T, Error>) -> AnyView + Send + 'static) -> Awaited {
        Suspend::new(async move {
            let text = self.text.await;
            // It was written by the same build of the same program.
            show(unpacked(&text))
        })
    }
}

/// Fetches a page's data, once: on the server, before the page is sent, or in a browser that came here by a link.
pub fn page_data<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> PageData
where
    T: Serialize,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let fetch = move || -> Fetched {
        let fetched = fetch();
        Box::pin(async move {
            packed(fetched.await.and_then(|data| serde_json::to_string(&data).map_err(|_| Error::unavailable())))
        })
    };
    fetched_by(Box::new(fetch))
}

/// Without type parameters, for the same reason.
fn fetched_by(fetch: Box<dyn Fn() -> Fetched + Send + Sync>) -> PageData {
    PageData { text: Resource::new_str_blocking(|| (), move |()| fetch()) }
}

type Fetched = Pin<Box<dyn Future<Output = String> + Send>>;

/// Data, or why there are none, as one text: what it is, and its JSON.
fn packed(data: Result<String, Error>) -> String {
    match data {
        Ok(data) => format!("+{data}"),
        Err(error) => format!("-{}", serde_json::to_string(&error).unwrap_or_default()),
    }
}

fn unpacked<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let read = match text.strip_prefix('+') {
        Some(data) => json::read(data),
        None => match json::read(text.get(1..).unwrap_or_default()) {
            Ok(error) => return Err(error),
            Err(cause) => Err(cause),
        },
    };
    read.map_err(|_| Error::unreachable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_and_failures_travel_in_the_page_as_they_are() {
        let text = packed(Ok(serde_json::to_string(&vec![1, 2]).unwrap()));
        assert_eq!(unpacked::<Vec<i32>>(&text), Ok(vec![1, 2]));
        assert_eq!(unpacked::<Vec<i32>>(&packed(Err(Error::not_found()))), Err(Error::not_found()));
        assert_eq!(unpacked::<Vec<i32>>(""), Err(Error::unreachable()));
    }
}
