//! Pages that come rendered.

use crate::model::Error;
use leptos::prelude::*;

/// What stands on the page at `page`, as HTML. Lists and forms that are seldom opened weigh nothing in what every browser
/// downloads when the server renders them.
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
