//! Notices: the messages that say what happened in a room.

use super::batch::{Batch, Change, Outcome};
use crate::model::{Content, ConversationId, Message, MessageId, Notice, Rows, UserId};
use crate::server::store::conversations::{self, Head};
use crate::server::store::messages::{self, NewMessage, StoredMessage};
use crate::server::store::{StoreError, members};
use std::sync::Arc;

/// Inserts the notice of a change, and gathers what subscribers need: the room's row, the notice, and the members whom
/// it names. `whom`: whose membership changed.
pub(super) async fn change(
    batch: &mut Batch,
    id: ConversationId,
    head: Head,
    by: UserId,
    notice: Notice,
    whom: Option<UserId>,
) -> Result<Outcome, StoreError> {
    let message = insert(batch, id, head, by, notice).await?;
    let mut people: Vec<_> = message.people().chain(whom).map(|user| (id, user)).collect();
    people.sort_unstable();
    people.dedup();
    let memberships = members::among(&mut batch.conn(), &people).await?;
    let rows = Rows {
        conversation: conversations::find(&mut batch.conn(), id).await?.map(|stored| stored.conversation),
        members: memberships.into_iter().map(|membership| membership.member).collect(),
        messages: vec![message],
    };
    let mut outcome = Outcome::done();
    outcome.changes.push(Change { conversation: id, rev: head.rev, rows });
    Ok(outcome)
}

/// Inserts a notice at the conversation's head.
pub(super) async fn insert(
    batch: &mut Batch,
    id: ConversationId,
    head: Head,
    by: UserId,
    notice: Notice,
) -> Result<Arc<Message>, StoreError> {
    let own_count = members::find(&mut batch.conn(), id, by).await?.map_or(0, |membership| membership.own_count);
    let message = Arc::new(Message {
        id: MessageId::new(batch.now, rand::random()),
        seq: head.seq,
        rev: head.rev,
        author: by,
        at: batch.now,
        content: Content::Notice { notice },
    });
    // Nobody sends it again, so its content is never compared.
    let stored = StoredMessage { conversation: id, message: Arc::clone(&message), hash: [0; 32] };
    let new = NewMessage { stored, message_count: head.message_count, own_count };
    messages::insert(&mut batch.conn(), &[new]).await?;
    Ok(message)
}
