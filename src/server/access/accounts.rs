//! Whose commands are carried out, and what the owner of the installation may do with accounts.

use crate::model::{Error, Role, UserId, UserState};
use crate::server::error::{self, Rejection};
use crate::server::store::{Conn, Snapshot, StoreError, users};

/// Whether a command of this user may be carried out. It may have waited behind the one that disabled the account and
/// ended its sessions.
///
/// # Errors
/// `SignInRequired` when the account is disabled or does not exist.
pub async fn may_act(conn: &mut Conn<'_>, user: UserId) -> Result<(), Rejection> {
    if is_active(conn, user).await? { Ok(()) } else { Err(Error::sign_in_required().into()) }
}

/// Whether there is an account, and it is enabled.
pub(super) async fn is_active(conn: &mut Conn<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(users::find(conn, user).await?.is_some_and(|account| account.state == UserState::Active))
}

/// The owner of the installation.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    id: UserId,
}

/// Finds the user as the owner of the installation.
///
/// # Errors
/// `NotFound` when they are not: others must not learn what the owner sees.
pub async fn owner(snapshot: &mut Snapshot, user: UserId) -> Result<Owner, Error> {
    let account = users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    let owner = account.filter(|account| account.me.role == Role::Owner && account.state == UserState::Active);
    owner.map(|account| Owner { id: account.me.person.id }).ok_or_else(Error::not_found)
}

impl Owner {
    /// An account that may be put into this state.
    ///
    /// # Errors
    /// `NotFound` when there is none; `Invalid` for disabling oneself, after which nobody could undo it on the site.
    pub async fn account_for_state(
        self,
        snapshot: &mut Snapshot,
        id: UserId,
        state: UserState,
    ) -> Result<UserId, Error> {
        if id == self.id && state == UserState::Disabled {
            return Err(Error::invalid("You cannot disable your own account."));
        }
        account(snapshot, id).await
    }

    /// An account that may be given the right to invite, or have it taken away.
    ///
    /// # Errors
    /// `NotFound` when there is none; `Invalid` for the owner's own, who always may.
    pub async fn account_for_inviting(self, snapshot: &mut Snapshot, id: UserId) -> Result<UserId, Error> {
        if id == self.id {
            return Err(Error::invalid("As the owner you may always invite."));
        }
        account(snapshot, id).await
    }
}

async fn account(snapshot: &mut Snapshot, id: UserId) -> Result<UserId, Error> {
    let account = users::find(&mut snapshot.conn(), id).await.map_err(error::reading)?;
    account.map(|account| account.me.person.id).ok_or_else(Error::not_found)
}
