//! Invitations: making and revoking them, and registering with one.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use crate::model::invitation::{self, InvitationLimits};
use crate::model::{Error, InvitationId, InvitationToken, Millis, Role, UserId};
use crate::server::access::{self, Inviter};
use crate::server::error::Rejection;
use crate::server::store::{Conn, invitations, users};

#[derive(Clone, Debug)]
pub enum InvitationCommand {
    Create {
        by: UserId,
        token: InvitationToken,
        limits: InvitationLimits,
    },
    Revoke {
        by: UserId,
        id: InvitationId,
    },
    /// Deletes what ended [`KEPT`] ago.
    DeleteEnded,
}

/// How long invitations that nobody registered with are listed after they expired or were revoked: 30 days.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1000;

/// Whether an account is made with an invitation.
#[derive(Clone, Debug)]
pub enum InvitationCheck {
    /// Registration is open, or the operator makes the account.
    NotRequired,
    /// Registration is by invitation; the token, if there was one. The very first account needs none.
    Required(Option<InvitationToken>),
}

impl Writer {
    /// Makes an invitation of this user.
    ///
    /// # Errors
    /// `NotFound` for those who may not invite, `Forbidden` for one too many.
    pub async fn create_invitation(
        &self,
        by: UserId,
        token: InvitationToken,
        limits: InvitationLimits,
    ) -> Result<(), Error> {
        self.ask(Command::Invitation(InvitationCommand::Create { by, token, limits })).await.map(drop)
    }

    /// Revokes an invitation, asked by this user.
    ///
    /// # Errors
    /// `NotFound` for those who may not invite, and for an invitation that they do not manage.
    pub async fn revoke_invitation(&self, by: UserId, id: InvitationId) -> Result<(), Error> {
        self.ask(Command::Invitation(InvitationCommand::Revoke { by, id })).await.map(drop)
    }

    /// Deletes invitations that nobody registered with, 30 days after they ended.
    pub async fn delete_ended_invitations(&self) -> Result<(), Error> {
        self.ask(Command::Invitation(InvitationCommand::DeleteEnded)).await.map(drop)
    }
}

impl InvitationCommand {
    /// The user who asks for it.
    pub(super) fn user(&self) -> Option<UserId> {
        match self {
            InvitationCommand::Create { by, .. } | InvitationCommand::Revoke { by, .. } => Some(*by),
            InvitationCommand::DeleteEnded => None,
        }
    }

    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        let now = batch.now;
        let conn = &mut batch.conn();
        match self {
            InvitationCommand::Create { by, token, limits } => {
                inviter(conn, *by).await?.may_make_one_more(conn, now).await?;
                invitations::insert(conn, token, *by, *limits, now).await?;
            }
            InvitationCommand::Revoke { by, id } => {
                inviter(conn, *by).await?.may_revoke(invitations::maker(conn, *id).await?)?;
                invitations::revoke(conn, *id, now).await?;
            }
            InvitationCommand::DeleteEnded => invitations::delete_ended(conn, Millis(now.0 - KEPT)).await?,
        }
        Ok(Outcome::done())
    }
}

/// The user as somebody who may invite. The account is locked meanwhile: if another node takes the right to invite away in
/// this moment, it does so before, and this is refused, or after, and revokes the new invitation with the others.
async fn inviter(conn: &mut Conn<'_>, user: UserId) -> Result<Inviter, Rejection> {
    let account = users::lock(conn, user).await?;
    Ok(account.and_then(|account| access::may_invite(&account)).ok_or_else(Error::not_found)?)
}

/// Counts one use of the invitation that an account is made with, where one is needed. If two want the last one at once,
/// the database counts one of them, and the other is refused.
pub(super) async fn use_one(
    batch: &mut Batch,
    check: &InvitationCheck,
    role: Role,
) -> Result<Option<InvitationId>, Rejection> {
    let token = match (check, role) {
        // Somebody has to be the first to invite.
        (InvitationCheck::NotRequired, _) | (InvitationCheck::Required(_), Role::Owner) => return Ok(None),
        (InvitationCheck::Required(token), Role::Member | Role::Unknown) => {
            token.as_ref().ok_or_else(invitation::needed)?
        }
    };
    let now = batch.now;
    let conn = &mut batch.conn();
    let stored = invitations::find_by_token(conn, token).await?.ok_or_else(invitation::unknown)?;
    if invitations::use_one(conn, stored.id, now).await? {
        return Ok(Some(stored.id));
    }
    // Read again: another node may have counted the last use in between.
    let state = invitations::find_by_token(conn, token).await?.map(|stored| stored.state(now));
    let refusal = state.and_then(|state| state.open().err());
    Err(refusal.unwrap_or_else(Error::unavailable).into())
}
