//! Pages that come rendered.

use crate::model::{Error, UserId};
use leptos::prelude::*;

/// What stands on the page of devices, accounts or invitations, as HTML. They are seldom opened: rendered by the server,
/// they weigh nothing in what every browser downloads.
#[server(prefix = "/api", endpoint = "sheet")]
pub async fn sheet(
    page: String,
    #[server(default)] search: String,
    #[server(default)] after: Option<UserId>,
) -> Result<String, Error> {
    use crate::model::InvitationId;
    use crate::server::{auth, chat, sheets};
    use crate::ui::Route;
    match Route::at(&page) {
        Route::Devices => auth::devices().await.map(sheets::devices),
        Route::Accounts => {
            let accounts = chat::accounts::page(&search, after.unwrap_or_default()).await?;
            Ok(sheets::accounts(&search, after, accounts))
        }
        Route::Invitations => {
            // Whatever a page lists, `after` is the number where the one before has ended.
            let after = after.map(|UserId(number)| InvitationId(number));
            chat::invitations::page(after).await.map(|page| sheets::invitations(page, after))
        }
        _ => Err(Error::not_found()),
    }
}
