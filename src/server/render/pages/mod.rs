//! Server-rendered pages: plain HTML with forms, which the browser shows as it is.

mod accounts;
mod devices;
mod invitations;
mod parts;
mod people;
mod room;
mod rooms;
mod search;
mod workspace;

use crate::model::{Error, Person, Route, UserId};
use crate::server::{auth, chat, presence, server_functions};

/// The content of a page for the signed-in user of the current request. `search` filters the list; `after` is where the
/// page before ended.
///
/// # Errors
/// `NotFound` for a page that is not open to the user, or is not server-rendered.
pub async fn page(route: Route, search: &str, after: Option<&str>) -> Result<String, Error> {
    match route {
        Route::Devices => auth::devices().await.map(devices::devices),
        Route::Accounts => {
            let from = after.map(|after| after.parse().map_err(|_| Error::not_found())).transpose()?;
            let (core, user) = server_functions::caller().await?;
            let accounts = chat::accounts::page(&core, user, search, from.unwrap_or_default()).await?;
            Ok(accounts::accounts(search, after, accounts))
        }
        Route::Invitations => {
            let from = after.map(|after| after.parse().map_err(|_| Error::not_found())).transpose()?;
            let (core, user) = server_functions::caller().await?;
            let found = chat::invitations::page(&core, user, &server_functions::register_page()?, from).await?;
            Ok(invitations::invitations(found, after))
        }
        Route::Rooms => {
            let (core, user) = server_functions::caller().await?;
            let found = chat::rooms::browse(&core, user, search, after).await?;
            Ok(rooms::rooms(search, after, found))
        }
        Route::NewRoom => server_functions::caller().await.map(|_| rooms::new_room()),
        Route::People => {
            let (core, me) = server_functions::caller().await?;
            let found = chat::people::page(&core, me, search, after).await?;
            let presences = presence::of(&core, &ids(&found.rows)).await?;
            Ok(people::people(search, after, found, &presences, me, core.clock.now()))
        }
        Route::About(id) => {
            let (core, user) = server_functions::caller().await?;
            let found = chat::rooms::details(&core, user, id, search, after).await?;
            let members = found.members.iter().flat_map(|members| &members.rows);
            let users: Vec<UserId> = members.chain(&found.candidates).map(|person| person.id).collect();
            let presences = presence::of(&core, &users).await?;
            Ok(room::room(&found, search, after, &presences, core.clock.now()))
        }
        Route::Find => {
            let (core, user) = server_functions::caller().await?;
            let found = chat::search::find(&core, user, search).await?;
            let partners = found.conversations.iter().filter_map(|summary| summary.with.as_ref());
            let users: Vec<UserId> = partners.chain(&found.people).map(|person| person.id).collect();
            let presences = presence::of(&core, &users).await?;
            Ok(search::search(search, &found, &presences))
        }
        Route::Workspace => {
            let (core, user) = server_functions::caller().await?;
            chat::workspace::name_to_change(&core, user).await.map(|name| workspace::workspace(&name))
        }
        Route::SignIn
        | Route::Register
        | Route::Front
        | Route::Conversation(_)
        | Route::Diagnostics
        | Route::Password
        | Route::Unknown => Err(Error::not_found()),
    }
}

fn ids(people: &[Person]) -> Vec<UserId> {
    people.iter().map(|person| person.id).collect()
}
