//! The accounts of the installation, for its owner.

use crate::model::account::ACCOUNTS_PAGE;
use crate::model::{AccountEntry, Accounts, Error, UserId, UserState};
use crate::server::config::Registration;
use crate::server::store::users;
use crate::server::{access, auth, error};
use crate::wire::close;

/// Accounts that are read at a time while one looks for some of them.
const READ_AT_ONCE: usize = 500;
/// The most characters that are looked for.
const SEARCH_MAX: usize = 100;

/// A page of the accounts whose username, or one of whose names, begins with `search`: those made after `after`.
///
/// # Errors
/// `NotFound` for all but the owner.
pub async fn page(search: &str, after: UserId) -> Result<Accounts, Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::owner(&mut snapshot, user).await?;
    let search: String = search.trim().chars().take(SEARCH_MAX).flat_map(char::to_lowercase).collect();
    let (mut entries, mut from) = (Vec::new(), after);
    // Compared here, since the databases' ideas of small letters differ. One more than a page tells of the next one.
    while entries.len() <= ACCOUNTS_PAGE {
        let read = users::after(&mut snapshot.conn(), from, READ_AT_ONCE).await.map_err(error::reading)?;
        let Some(last) = read.last() else { break };
        from = last.me.person.id;
        entries.extend(read.into_iter().filter(|entry| matches(entry, &search)));
    }
    let more = entries.len() > ACCOUNTS_PAGE;
    entries.truncate(ACCOUNTS_PAGE);
    let next = if more { entries.last().map(|entry| entry.me.person.id) } else { None };
    Ok(Accounts { entries, by_invitation: core.registration == Registration::Invite, next })
}

fn matches(entry: &AccountEntry, search: &str) -> bool {
    let person = &entry.me.person;
    [&person.username, &person.first_name, &person.last_name, &person.full_name()]
        .into_iter()
        .any(|name| name.to_lowercase().starts_with(search))
}

/// Disables or re-enables an account. When this returns, a disabled one's sessions have ended and its live connections
/// are closed.
///
/// # Errors
/// `NotFound` for all but the owner, and for an account that is not there; `Invalid` for disabling oneself.
pub async fn set_state(account: UserId, state: UserState) -> Result<(), Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let account = access::owner(&mut snapshot, user).await?.account(&mut snapshot, account, state).await?;
    drop(snapshot);
    core.writer.set_user_state(account, state).await?;
    if state == UserState::Disabled {
        core.hub.close_user(account, None, close::SESSION);
    }
    Ok(())
}

/// Lets an account invite others, or no longer. When this returns, the links of one who may not are no good any more.
///
/// # Errors
/// `NotFound` for all but the owner, and for an account that is not there; `Invalid` for the owner's own.
pub async fn let_invite(account: UserId, may_invite: bool) -> Result<(), Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let account = access::owner(&mut snapshot, user).await?.guest(&mut snapshot, account).await?;
    drop(snapshot);
    core.writer.let_invite(account, may_invite).await
}
