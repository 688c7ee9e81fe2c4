//! Who invites, how much, and whose invitations they manage.

use crate::model::invitation::OPEN_MAX;
use crate::model::{Error, Me, Millis, Role, UserId, UserState};
use crate::server::config::Registration;
use crate::server::error::Rejection;
use crate::server::store::users::{self, Account};
use crate::server::store::{Conn, Snapshot, invitations};
use crate::server::{Core, error};

/// Somebody who may invite.
#[derive(Clone, Copy, Debug)]
pub struct Inviter {
    id: UserId,
    role: Role,
}

/// Whether an account may invite: the owner's may, and those that the owner has given the right to.
pub fn may_invite(account: &Account) -> Option<Inviter> {
    let may = account.state == UserState::Active && (account.me.role == Role::Owner || account.me.may_invite);
    may.then_some(Inviter { id: account.me.person.id, role: account.me.role })
}

/// Finds the user as somebody who may invite.
///
/// # Errors
/// `NotFound` when they may not, or where registration is not by invitation.
pub async fn inviter(core: &Core, snapshot: &mut Snapshot, user: UserId) -> Result<Inviter, Error> {
    let account = users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    let account = account.filter(|_| core.registration == Registration::Invite);
    account.and_then(|account| may_invite(&account)).ok_or_else(Error::not_found)
}

impl Inviter {
    /// Whose invitations they see and manage: their own; `None` for the owner, who manages everybody's.
    pub fn manages_only(self) -> Option<UserId> {
        (self.role != Role::Owner).then_some(self.id)
    }

    /// Whether they may make one more invitation.
    ///
    /// # Errors
    /// `Forbidden` with [`OPEN_MAX`] open ones.
    pub async fn may_make_one_more(self, conn: &mut Conn<'_>, now: Millis) -> Result<(), Rejection> {
        if invitations::open_of(conn, self.id, now).await? < OPEN_MAX {
            return Ok(());
        }
        let message = format!("You have {OPEN_MAX} open invitations. Revoke one before you make another.");
        Err(Error::refused(message).into())
    }

    /// Whether they may revoke an invitation of this maker.
    ///
    /// # Errors
    /// `NotFound` for an invitation that does not exist, or that they do not manage.
    pub fn may_revoke(self, maker: Option<UserId>) -> Result<(), Error> {
        let manages = maker.is_some_and(|maker| self.manages_only().is_none_or(|own| own == maker));
        if manages { Ok(()) } else { Err(Error::not_found()) }
    }
}

/// An account as its user sees it: whether they may invite depends on how one registers here, too.
pub fn me(core: &Core, account: Account) -> Me {
    let may_invite = core.registration == Registration::Invite && may_invite(&account).is_some();
    Me { may_invite, ..account.me }
}
