//! ReadTracker conversations: windows of messages, and what changed.

use super::initial_state;
use crate::model::conversation::{BYTES_MAX, CHANGES_MAX, WINDOW, WINDOW_MAX};
use crate::model::{ConversationId, Error, Member, Message, OpenedConversation, Rev, Rows, Seq, UserId, Window};
use crate::server::access::Access;
use crate::server::store::{Snapshot, StoreError, members, messages};
use crate::server::{Core, access, auth, error};
use crate::wire::Anchor;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The page of a conversation for the signed-in user of the current request.
pub async fn open(conversation: Option<ConversationId>, before: Option<i64>) -> Result<OpenedConversation, Error> {
    let (core, user) = auth::caller().await?;
    page(&core, user, conversation, before).await
}

/// The page of a conversation (of the first in the user's list, if none is named), at the newest messages or at those
/// before `before`, all of it read in one snapshot.
pub async fn page(
    core: &Core,
    user: UserId,
    conversation: Option<ConversationId>,
    before: Option<i64>,
) -> Result<OpenedConversation, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let initial_state = initial_state::read(core, &mut snapshot, user).await?;
    let id = conversation
        .or_else(|| initial_state.conversations.first().map(|listed| listed.conversation.id))
        .ok_or_else(Error::not_found)?;
    let access = access::conversation(&mut snapshot, user, id).await?;
    let at = before.map_or(Anchor::Latest, |seq| Anchor::Before(Seq(seq)));
    let window = read_window(&mut snapshot, &access, at, WINDOW).await.map_err(error::reading)?;
    Ok(OpenedConversation { initial_state, window })
}

/// A run of messages, for the live connection.
pub async fn window(core: &Core, user: UserId, id: ConversationId, at: Anchor, limit: u32) -> Result<Window, Error> {
    let limit = usize::try_from(limit).unwrap_or(WINDOW_MAX).clamp(1, WINDOW_MAX);
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let access = access::conversation(&mut snapshot, user, id).await?;
    read_window(&mut snapshot, &access, at, limit).await.map_err(error::reading)
}

async fn read_window(snapshot: &mut Snapshot, access: &Access, at: Anchor, limit: usize) -> Result<Window, StoreError> {
    let found = access.read();
    let id = found.conversation.id;
    let end = Seq(i64::MAX);
    let mut messages = match at {
        Anchor::Latest => messages::before(&mut snapshot.conn(), id, end, limit).await?,
        Anchor::Before(seq) => messages::before(&mut snapshot.conn(), id, seq, limit).await?,
        Anchor::After(seq) => messages::after(&mut snapshot.conn(), id, seq, limit).await?,
        Anchor::Around(seq) => {
            let mut around = messages::before(&mut snapshot.conn(), id, seq, limit / 2).await?;
            let rest = limit.saturating_sub(around.len());
            around.extend(messages::after(&mut snapshot.conn(), id, Seq(seq.0.saturating_sub(1)), rest).await?);
            around
        }
    };
    shorten(&mut messages, at);
    let members = people(snapshot, id, &messages).await?;
    Ok(Window { conversation: found.conversation.clone(), through: found.rev, head: found.head, messages, members })
}

/// Shortens a run to [`BYTES_MAX`], from the end that is farther from what was asked for.
fn shorten(messages: &mut Vec<Arc<Message>>, at: Anchor) {
    let mut bytes: usize = messages.iter().map(|message| message.body().len()).sum();
    while bytes > BYTES_MAX && messages.len() > 1 {
        let from_front = match (at, messages.first(), messages.last()) {
            (Anchor::Latest | Anchor::Before(_), ..) => true,
            (Anchor::Around(seq), Some(first), Some(last)) => {
                seq.0.saturating_sub(first.seq.0) > last.seq.0.saturating_sub(seq.0)
            }
            _ => false,
        };
        let gone = if from_front { Some(messages.remove(0)) } else { messages.pop() };
        bytes -= gone.map_or(0, |message| message.body().len());
    }
}

/// The member rows of those whom these messages name.
async fn people(
    snapshot: &mut Snapshot,
    id: ConversationId,
    messages: &[Arc<Message>],
) -> Result<Vec<Member>, StoreError> {
    let pairs: BTreeSet<_> = messages.iter().flat_map(|message| message.people().map(|user| (id, user))).collect();
    let found = members::among(&mut snapshot.conn(), &pairs.into_iter().collect::<Vec<_>>()).await?;
    Ok(found.into_iter().map(|membership| membership.member).collect())
}

/// What changed in a conversation.
#[derive(Debug)]
pub enum Changes {
    Rows {
        through: Rev,
        head: Seq,
        rows: Rows,
    },
    /// More than [`CHANGES_MAX`] rows, or [`BYTES_MAX`]: a fresh window is cheaper for both sides.
    Reset,
}

/// Every row with a `rev` above `since`, read in one snapshot.
pub async fn changes(core: &Core, user: UserId, id: ConversationId, since: Rev) -> Result<Changes, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let access = access::conversation(&mut snapshot, user, id).await?;
    read_changes(&mut snapshot, &access, since).await.map_err(error::reading)
}

async fn read_changes(snapshot: &mut Snapshot, access: &Access, since: Rev) -> Result<Changes, StoreError> {
    let found = access.read();
    let id = found.conversation.id;
    // One more than may be sent, to see whether there are more.
    let messages = messages::changed(&mut snapshot.conn(), id, since, CHANGES_MAX + 1).await?;
    let mut members = members::changed(&mut snapshot.conn(), id, since, CHANGES_MAX + 1).await?;
    let bytes: usize = messages.iter().map(|message| message.body().len()).sum();
    if messages.len() + members.len() > CHANGES_MAX || bytes > BYTES_MAX || since.0 < 0 {
        return Ok(Changes::Reset);
    }
    let known: BTreeSet<_> = members.iter().map(|member| member.person.id).collect();
    members
        .extend(people(snapshot, id, &messages).await?.into_iter().filter(|member| !known.contains(&member.person.id)));
    let conversation = (found.conversation.rev > since).then(|| found.conversation.clone());
    Ok(Changes::Rows { through: found.rev, head: found.head, rows: Rows { conversation, members, messages } })
}
