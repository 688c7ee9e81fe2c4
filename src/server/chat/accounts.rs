//! The accounts of the installation, for its owner.

use super::name_filter::NameFilter;
use crate::model::account::ACCOUNTS_PAGE;
use crate::model::{Accounts, Error, UserId, UserState};
use crate::server::config::Registration;
use crate::server::store::users;
use crate::server::{Core, access, error};
use crate::wire::close;

/// A page of the accounts in which each word of `query` begins the username or a name: those made after `after`.
///
/// # Errors
/// `NotFound` for all but the owner.
pub async fn page(core: &Core, user: UserId, query: &str, after: UserId) -> Result<Accounts, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::owner(&mut snapshot, user).await?;
    let patterns = NameFilter::new(query).beginning();
    // One more than a page shows whether there is a next one.
    let entries = users::after(&mut snapshot.conn(), after, &patterns, ACCOUNTS_PAGE + 1).await;
    let mut entries = entries.map_err(error::reading)?;
    let more = entries.len() > ACCOUNTS_PAGE;
    entries.truncate(ACCOUNTS_PAGE);
    let next = entries.last().filter(|_| more).map(|entry| entry.me.person.id);
    Ok(Accounts { entries, by_invitation: core.registration == Registration::Invite, next })
}

/// Disables or re-enables an account. When this returns, a disabled account's sessions have ended and its live
/// connections are closed.
///
/// # Errors
/// `NotFound` for all but the owner, and when there is no such account; `Invalid` for disabling oneself.
pub async fn set_state(core: &Core, user: UserId, account: UserId, state: UserState) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let account = access::owner(&mut snapshot, user).await?.account_for_state(&mut snapshot, account, state).await?;
    drop(snapshot);
    core.writer.set_user_state(account, state).await?;
    if state == UserState::Disabled {
        core.hub.close_user(account, None, close::SESSION);
    }
    Ok(())
}

/// Gives an account the right to invite, or takes it away. Taking it away revokes the account's open invitations.
///
/// # Errors
/// `NotFound` for all but the owner, and when there is no such account; `Invalid` for the owner's own account.
pub async fn set_may_invite(core: &Core, user: UserId, account: UserId, may_invite: bool) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let account = access::owner(&mut snapshot, user).await?.account_for_inviting(&mut snapshot, account).await?;
    drop(snapshot);
    core.writer.set_may_invite(account, may_invite).await
}
