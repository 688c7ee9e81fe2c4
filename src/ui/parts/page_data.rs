//! What a page starts from.

use crate::wire;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;

/// A page's data, as the server puts it into the page.
pub type PageData<T> = Resource<T, Json>;

/// JSON, read by the function that reads all of it (see [`wire::read`]).
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        wire::read(text)
    }
}

/// Fetches a page's data, once: on the server, before the page is sent, or in a browser that came here by a link.
pub fn page_data<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> PageData<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| fetch(), true)
}
