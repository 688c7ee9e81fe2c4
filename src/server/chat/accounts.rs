//! The accounts of the installation, for its owner.

use crate::model::account::ACCOUNTS_PAGE;
use crate::model::{AccountEntry, Accounts, Error, UserId, UserState};
use crate::server::config::Registration;
use crate::server::store::users;
use crate::server::{Core, access, error};
use crate::wire::close;

/// Accounts read from the database at a time while filtering.
const FILTER_BATCH: usize = 500;
/// Characters of a query that are compared; the rest is ignored.
const QUERY_MAX: usize = 100;

/// A page of the accounts whose username, or one of whose names, begins with `query`: those made after `after`.
///
/// # Errors
/// `NotFound` for all but the owner.
pub async fn page(core: &Core, user: UserId, query: &str, after: UserId) -> Result<Accounts, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::owner(&mut snapshot, user).await?;
    let query: String = query.trim().chars().take(QUERY_MAX).flat_map(char::to_lowercase).collect();
    let (mut entries, mut from) = (Vec::new(), after);
    // Compared here, since SQLite and PostgreSQL fold case differently. One more than a page shows whether there is a
    // next one.
    while entries.len() <= ACCOUNTS_PAGE {
        let batch = users::after(&mut snapshot.conn(), from, FILTER_BATCH).await.map_err(error::reading)?;
        let Some(last) = batch.last() else { break };
        from = last.me.person.id;
        entries.extend(batch.into_iter().filter(|entry| matches(entry, &query)));
    }
    let more = entries.len() > ACCOUNTS_PAGE;
    entries.truncate(ACCOUNTS_PAGE);
    let next = entries.last().filter(|_| more).map(|entry| entry.me.person.id);
    Ok(Accounts { entries, by_invitation: core.registration == Registration::Invite, next })
}

fn matches(entry: &AccountEntry, query: &str) -> bool {
    let person = &entry.me.person;
    [&person.username, &person.first_name, &person.last_name, &person.full_name()]
        .into_iter()
        .any(|name| name.to_lowercase().starts_with(query))
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
