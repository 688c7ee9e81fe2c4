//! Pages that come rendered.

use crate::model::{Error, UserId};
use leptos::prelude::*;

/// What stands on the page of devices or of accounts, as HTML. Both are seldom opened: rendered by the server, they weigh
/// nothing in what every browser downloads.
#[server(prefix = "/api", endpoint = "sheet")]
pub async fn sheet(
    page: String,
    #[server(default)] search: String,
    #[server(default)] after: Option<UserId>,
) -> Result<String, Error> {
    use crate::server::{auth, chat, sheets};
    use crate::ui::Route;
    match Route::at(&page) {
        Route::Devices => auth::devices().await.map(sheets::devices),
        Route::Accounts => {
            let accounts = chat::accounts::page(&search, after.unwrap_or_default()).await?;
            Ok(sheets::accounts(&search, after, accounts))
        }
        _ => Err(Error::not_found()),
    }
}
