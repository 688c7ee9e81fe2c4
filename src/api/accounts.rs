//! Registering, signing in and out; the list of accounts, for the owner.

#![expect(clippy::too_many_arguments, reason = "a form sends each of its fields by its name")]

use crate::model::{Accounts, Admission, Error, Me, UserId};
use leptos::prelude::*;

/// Makes an account, signs it in, and leads to `next` (or General). `invite`: the token of an invitation's link, where
/// one is needed. `first`: it is meant to be the first account, the owner's, and `workspace` names the workspace.
#[server(prefix = "/api", endpoint = "register")]
pub async fn register(
    username: String,
    first_name: String,
    last_name: String,
    email: String,
    password: String,
    #[server(default)] invite: String,
    #[server(default)] next: String,
    #[server(default)] first: bool,
    #[server(default)] workspace: String,
) -> Result<(), Error> {
    use crate::model::registration::RegistrationForm;
    use crate::server::auth;
    let workspace = first.then_some(workspace);
    auth::register(RegistrationForm { username, first_name, last_name, email, password, workspace }, &invite, &next)
        .await
}

/// Signs in with a username or an email address, and leads to `next` (or General).
#[server(prefix = "/api", endpoint = "sign-in")]
pub async fn sign_in(login: String, password: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::server::auth;
    auth::sign_in(&login, &password, &next).await
}

/// Ends this session: its row, its cookie, its live connections.
#[server(prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), Error> {
    use crate::server::auth;
    auth::sign_out().await
}

/// Who is signed in; nobody is an answer, not an error.
#[server(prefix = "/api", endpoint = "who-am-i")]
pub async fn who_am_i() -> Result<Option<Me>, Error> {
    use crate::server::auth;
    auth::who_am_i().await
}

/// How somebody with this invitation (the token of its link, or nothing) may register; a refusal says why they may not.
#[server(prefix = "/api", endpoint = "admission")]
pub async fn ask_admission(#[server(default)] invite: String) -> Result<Admission, Error> {
    use crate::server::auth;
    auth::admission(&invite).await
}

/// A page of the accounts whose names begin with `search`, those made after the account `after`; for the owner alone.
#[server(prefix = "/api", endpoint = "accounts")]
pub async fn list_accounts(
    #[server(default)] search: String,
    #[server(default)] after: Option<UserId>,
) -> Result<Accounts, Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::accounts::page(&core, caller, &search, after.unwrap_or_default()).await
}

/// Disables an account: its sessions and live connections end, and nobody can sign in to it; for the owner alone.
#[server(prefix = "/api", endpoint = "disable-account")]
pub async fn disable_account(user: UserId) -> Result<(), Error> {
    use crate::model::UserState;
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::accounts::set_state(&core, caller, user, UserState::Disabled).await
}

/// Re-enables a disabled account; for the owner alone.
#[server(prefix = "/api", endpoint = "enable-account")]
pub async fn enable_account(user: UserId) -> Result<(), Error> {
    use crate::model::UserState;
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::accounts::set_state(&core, caller, user, UserState::Active).await
}

/// Gives an account the right to invite; for the owner alone.
#[server(prefix = "/api", endpoint = "allow-inviting")]
pub async fn allow_inviting(user: UserId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::accounts::set_may_invite(&core, caller, user, true).await
}

/// Takes the right to invite away, and revokes the account's open invitations; for the owner alone.
#[server(prefix = "/api", endpoint = "end-inviting")]
pub async fn end_inviting(user: UserId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::accounts::set_may_invite(&core, caller, user, false).await
}
