//! Reading conversations: windows of messages, and catching up on changes.

use super::initial_state;
use crate::model::conversation::{BYTES_MAX, CHANGES_MAX, WINDOW, WINDOW_MAX};
use crate::model::{
    ConversationId, ConversationSummary, Error, Member, Message, OpenedConversation, Rev, Rows, Seq, UserId, Window,
};
use crate::server::access::Access;
use crate::server::store::{Snapshot, StoreError, members, messages};
use crate::server::{Core, access, error};
use crate::wire::Anchor;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The page of a conversation: the initial state and a window of messages, read in one snapshot.
///
/// Without `conversation`, it is the first of the user's conversations. The window holds the messages before the `seq`
/// `before`; without it, the newest ones, or those around the first unread one if that is older.
///
/// # Errors
/// `NotMember` for those who are not in a public room, `NotFound` for those who are not in another conversation.
pub async fn page(
    core: &Core,
    user: UserId,
    conversation: Option<ConversationId>,
    before: Option<i64>,
) -> Result<OpenedConversation, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let initial_state = initial_state::read_in(core, &mut snapshot, user).await?;
    let id = conversation
        .or_else(|| initial_state.conversations.first().map(|summary| summary.conversation.id))
        .ok_or_else(Error::not_found)?;
    let access = access::conversation_page(&mut snapshot, user, id).await?;
    let summary = initial_state.conversations.iter().find(|summary| summary.conversation.id == id);
    let at = before.map_or_else(|| summary.map_or(Anchor::Latest, start), |seq| Anchor::Before(Seq(seq)));
    let window = read_window(&mut snapshot, &access, at, WINDOW).await.map_err(error::reading)?;
    Ok(OpenedConversation { initial_state, window, invite_link: None })
}

/// Where its reader begins: at the newest messages, unless the first unread one is not among them.
fn start(summary: &ConversationSummary) -> Anchor {
    let first_unread = summary.read.seq.0.saturating_add(1);
    let is_among_newest = summary.head.0.saturating_sub(first_unread) < WINDOW as i64;
    if summary.unread() == 0 || is_among_newest { Anchor::Latest } else { Anchor::Around(Seq(first_unread)) }
}

/// A window of up to `limit` messages (at most [`WINDOW_MAX`]).
///
/// # Errors
/// `NotFound` for those who are not in the conversation.
pub async fn window(core: &Core, user: UserId, id: ConversationId, at: Anchor, limit: u32) -> Result<Window, Error> {
    let limit = usize::try_from(limit).unwrap_or(WINDOW_MAX).clamp(1, WINDOW_MAX);
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let access = access::conversation(&mut snapshot, user, id).await?;
    read_window(&mut snapshot, &access, at, limit).await.map_err(error::reading)
}

async fn read_window(snapshot: &mut Snapshot, access: &Access, at: Anchor, limit: usize) -> Result<Window, StoreError> {
    let stored = access.read();
    let id = stored.conversation.id;
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
    let members = members_named(snapshot, id, &messages).await?;
    Ok(Window { conversation: stored.conversation.clone(), through: stored.rev, head: stored.head, messages, members })
}

/// Shortens a window to [`BYTES_MAX`] by dropping messages from the end that is farther from the anchor.
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
        let dropped = if from_front { Some(messages.remove(0)) } else { messages.pop() };
        bytes -= dropped.map_or(0, |message| message.body().len());
    }
}

/// The members whom these messages name: their authors, and whom notices are about.
async fn members_named(
    snapshot: &mut Snapshot,
    id: ConversationId,
    messages: &[Arc<Message>],
) -> Result<Vec<Member>, StoreError> {
    let pairs: BTreeSet<_> = messages.iter().flat_map(|message| message.people().map(|user| (id, user))).collect();
    let found = members::among(&mut snapshot.conn(), &pairs.into_iter().collect::<Vec<_>>()).await?;
    Ok(found.into_iter().map(|membership| membership.member).collect())
}

/// What changed in a conversation since a `rev`.
#[derive(Debug)]
pub enum Changes {
    Rows {
        through: Rev,
        head: Seq,
        rows: Rows,
    },
    /// More than [`CHANGES_MAX`] rows or [`BYTES_MAX`] changed: a fresh window is cheaper for both sides.
    Reset,
}

/// Every row with a `rev` above `since`, read in one snapshot.
///
/// # Errors
/// `NotFound` for those who are not in the conversation.
pub async fn changes(core: &Core, user: UserId, id: ConversationId, since: Rev) -> Result<Changes, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let access = access::conversation(&mut snapshot, user, id).await?;
    read_changes(&mut snapshot, &access, since).await.map_err(error::reading)
}

async fn read_changes(snapshot: &mut Snapshot, access: &Access, since: Rev) -> Result<Changes, StoreError> {
    let stored = access.read();
    let id = stored.conversation.id;
    // One more than may be sent, to see whether there are more.
    let messages = messages::changed(&mut snapshot.conn(), id, since, CHANGES_MAX + 1).await?;
    let mut members = members::changed(&mut snapshot.conn(), id, since, CHANGES_MAX + 1).await?;
    let bytes: usize = messages.iter().map(|message| message.body().len()).sum();
    if messages.len() + members.len() > CHANGES_MAX || bytes > BYTES_MAX || since.0 < 0 {
        return Ok(Changes::Reset);
    }
    let known: BTreeSet<_> = members.iter().map(|member| member.person.id).collect();
    members.extend(
        members_named(snapshot, id, &messages).await?.into_iter().filter(|member| !known.contains(&member.person.id)),
    );
    let conversation = (stored.conversation.rev > since).then(|| stored.conversation.clone());
    Ok(Changes::Rows { through: stored.rev, head: stored.head, rows: Rows { conversation, members, messages } })
}
