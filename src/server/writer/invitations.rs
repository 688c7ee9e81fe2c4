//! Invitations: making and revoking them, and registering with one.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use crate::model::invitation::{self, InvitationLimits};
use crate::model::{Error, InvitationId, InvitationToken, Role, UserId};
use crate::server::access;
use crate::server::error::Rejection;
use crate::server::store::{invitations, users};

/// What a user does with invitations.
#[derive(Clone, Debug)]
pub enum InvitationCommand {
    Create { token: InvitationToken, limits: InvitationLimits },
    Revoke(InvitationId),
}

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
        let command = InvitationCommand::Create { token, limits };
        self.ask(Command::Invitation { by, command }).await.map(drop)
    }

    /// Revokes an invitation, asked by this user.
    ///
    /// # Errors
    /// `NotFound` for those who may not invite, and for an invitation that they do not manage.
    pub async fn revoke_invitation(&self, by: UserId, id: InvitationId) -> Result<(), Error> {
        self.ask(Command::Invitation { by, command: InvitationCommand::Revoke(id) }).await.map(drop)
    }
}

impl InvitationCommand {
    /// The account is locked meanwhile: if another node takes the right to invite away in this moment, it does so before,
    /// and this is refused, or after, and revokes the new invitation with the others.
    pub(super) async fn execute(&self, batch: &mut Batch, by: UserId) -> Result<Outcome, Rejection> {
        let now = batch.now;
        let conn = &mut batch.conn();
        let account = users::lock(conn, by).await?;
        let inviter = account.and_then(|account| access::may_invite(&account)).ok_or_else(Error::not_found)?;
        match self {
            InvitationCommand::Create { token, limits } => {
                inviter.may_make_one_more(conn, now).await?;
                invitations::insert(conn, token, by, *limits, now).await?;
            }
            InvitationCommand::Revoke(id) => {
                inviter.may_revoke(invitations::maker(conn, *id).await?)?;
                invitations::revoke(conn, *id, now).await?;
            }
        }
        Ok(Outcome::done())
    }
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
