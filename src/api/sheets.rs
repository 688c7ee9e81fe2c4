//! Pages that come rendered.

use crate::model::Error;
use leptos::prelude::*;

/// What stands on the page at `page`, as HTML. Lists and forms that are seldom opened weigh nothing in what every browser
/// downloads when the server renders them.
#[server(prefix = "/api", endpoint = "sheet")]
pub async fn sheet(
    page: String,
    #[server(default)] search: String,
    #[server(default)] after: Option<String>,
) -> Result<String, Error> {
    use crate::server::sheets;
    use crate::ui::Route;
    sheets::page(Route::at(&page), &search, after.as_deref()).await
}
