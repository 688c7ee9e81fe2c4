//! Writing invitations.

use super::batch::{Batch, Outcome};
use super::command::{By, InvitationCommand, Reply};
use crate::model::invitation::{self, OPEN_MAX};
use crate::model::{Error, InvitationId, Role, UserId};
use crate::server::access;
use crate::server::store::{StoreError, invitations, users};

/// Makes a link, or revokes one. The account is held meanwhile: whoever takes the right away at another node at this
/// moment comes before, and this is refused, or after, and the new link is revoked with the others.
pub(super) async fn step(batch: &mut Batch, by: UserId, step: &InvitationCommand) -> Result<Outcome, StoreError> {
    let now = batch.now;
    let conn = &mut batch.conn();
    let Some(inviter) = users::lock(conn, by).await?.and_then(|account| access::may_invite(&account)) else {
        return Ok(Outcome::refused(Error::not_found()));
    };
    match step {
        InvitationCommand::Make { token, terms } => {
            if invitations::open_of(conn, by, now).await? >= OPEN_MAX {
                let refusal = format!("You have {OPEN_MAX} open invitations. Revoke one before you make another.");
                return Ok(Outcome::refused(Error::refused(refusal)));
            }
            invitations::insert(conn, token, by, *terms, now).await?;
        }
        InvitationCommand::Revoke(id) => {
            let maker = invitations::maker(conn, *id).await?;
            if !maker.is_some_and(|maker| inviter.manages(maker)) {
                return Ok(Outcome::refused(Error::not_found()));
            }
            invitations::revoke(conn, *id, now).await?;
        }
    }
    Ok(Outcome::done(Reply::Unit))
}

/// Lets a user invite others, or no longer: then their open links end in the same moment. Their own clock ticks, since
/// their devices show what they may do.
pub(super) async fn let_invite(batch: &mut Batch, user: UserId, may_invite: bool) -> Result<Outcome, StoreError> {
    let now = batch.now;
    let conn = &mut batch.conn();
    users::set_may_invite(conn, user, may_invite).await?;
    if !may_invite {
        invitations::revoke_of(conn, user, now).await?;
    }
    users::tick(conn, user).await?;
    Ok(Outcome::done(Reply::Unit))
}

/// By which invitation somebody comes in, who then has one of its places. Two who come for the last one at once: the
/// database counts one of them, and the other reads why not.
pub(super) async fn admit(
    batch: &mut Batch,
    by: &By,
    role: Role,
) -> Result<Result<Option<InvitationId>, Error>, StoreError> {
    let token = match (by, role) {
        // Somebody has to be the first to invite.
        (By::Anyone, _) | (By::Invitation(_), Role::Owner) => return Ok(Ok(None)),
        (By::Invitation(token), Role::Member | Role::Unknown) => token,
    };
    let Some(token) = token else {
        return Ok(Err(invitation::needed()));
    };
    let now = batch.now;
    let conn = &mut batch.conn();
    let Some(found) = invitations::find_by_token(conn, token).await? else {
        return Ok(Err(invitation::unknown()));
    };
    if invitations::take_place(conn, found.id, now).await? {
        return Ok(Ok(Some(found.id)));
    }
    // As it stands now: another node may have taken the last place between the two.
    let state = invitations::find_by_token(conn, token).await?.map(|found| found.state(now));
    let refusal = state.and_then(|state| state.open().err());
    Ok(Err(refusal.unwrap_or_else(Error::unavailable)))
}
