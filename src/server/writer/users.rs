//! Writing accounts.

use super::batch::{Batch, Change, Outcome, taken};
use super::command::{By, Reply};
use super::invitations;
use crate::model::{ConversationId, Role, Rows, Seq};
use crate::server::store::conversations::Head;
use crate::server::store::users::{self, NewUser};
use crate::server::store::{StoreError, conversations, members};

/// Makes an account and puts it into General. The first one is the owner.
pub(super) async fn register(
    batch: &mut Batch,
    user: &NewUser,
    by: &By,
    general: Option<ConversationId>,
) -> Result<Outcome, StoreError> {
    let (username, email) = users::taken(&mut batch.conn(), &user.username_key, &user.email_key).await?;
    if username || email {
        return Ok(Outcome::refused(taken(username, email)));
    }
    let role = if users::any(&mut batch.conn()).await? { Role::Member } else { Role::Owner };
    // After everything else that may refuse: a place that was taken is not given back.
    let invitation = match invitations::admit(batch, by, role).await? {
        Ok(invitation) => invitation,
        Err(refusal) => return Ok(Outcome::refused(refusal)),
    };
    let now = batch.now;
    let id = users::insert(&mut batch.conn(), user, role, invitation, now).await?;
    let mut outcome = Outcome::done(Reply::Registered(id));
    let Some((general, rev)) = general.and_then(|general| Some((general, batch.next_rev(general)?))) else {
        return Ok(outcome);
    };
    let head = batch.head(general).unwrap_or(Head { rev, seq: Seq(0), texts: 0, at: now });
    members::join(&mut batch.conn(), general, id, rev, head, now).await?;
    conversations::add_to_member_count(&mut batch.conn(), general, 1, rev).await?;
    let rows = Rows {
        conversation: conversations::find(&mut batch.conn(), general).await?.map(|found| found.conversation),
        members: members::find(&mut batch.conn(), general, id)
            .await?
            .into_iter()
            .map(|membership| membership.member)
            .collect(),
        messages: Vec::new(),
    };
    outcome.changes.push(Change { conversation: general, rev, rows });
    outcome.joined.push((id, general));
    Ok(outcome)
}
