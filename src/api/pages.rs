//! Server-rendered pages.

use crate::model::Error;
use leptos::prelude::*;

/// The content of the page at the path `page`, as HTML. The server renders lists and forms that are seldom opened, so
/// that they add nothing to the client's download.
#[server(prefix = "/api", endpoint = "server-page")]
pub async fn server_page(
    page: String,
    #[server(default)] search: String,
    #[server(default)] after: Option<String>,
) -> Result<String, Error> {
    use crate::model::Route;
    use crate::server::render;
    render::pages::page(Route::at(&page), &search, after.as_deref()).await
}
