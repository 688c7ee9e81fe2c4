//! What a page starts from.

use crate::model::Error;
use crate::wire;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// A page's data, as the server puts it into the page: JSON as a text, whatever it is of. For each type of a resource
/// all of the framework's machinery would be compiled, and downloaded, once more.
#[derive(Clone, Copy)]
pub struct PageData {
    text: Resource<Result<String, Error>>,
}

/// A view that waits for its data.
pub type Awaited = Suspend<AnyView>;

impl PageData {
    /// Shows the data once it is there, or why it is not.
    pub fn show<T: DeserializeOwned>(self, show: impl FnOnce(Result<T, Error>) -> AnyView + Send + 'static) -> Awaited {
        Suspend::new(async move {
            let text = self.text.await;
            // It was written by the same build of the same program.
            show(text.and_then(|text| wire::read(&text).map_err(|_| Error::unreachable())))
        })
    }
}

/// Fetches a page's data, once: on the server, before the page is sent, or in a browser that came here by a link.
pub fn page_data<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> PageData
where
    T: Serialize,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let fetch = move |()| -> Pin<Box<dyn Future<Output = Result<String, Error>> + Send>> {
        let fetched = fetch();
        Box::pin(async move { fetched.await.and_then(|data| wire::write(&data)) })
    };
    PageData { text: Resource::new_blocking(|| (), fetch) }
}
