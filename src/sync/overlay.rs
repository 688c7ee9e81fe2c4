//! What a person sees of a conversation: the replica's messages with the outbox's operations laid over them, as if the
//! server had accepted them already. A refusal ends the overlay; the operation then shows why and what can be done.

use super::engine::Engine;
use super::operation::{Operation, OperationKind};
use crate::model::{Content, ConversationId, Message, MessageId, Millis, Notice, Seq, UserId};
use std::sync::Arc;

/// What makes a row the same row: an identifier is unique among its author's.
pub type RowKey = (UserId, MessageId);

/// One row of a timeline. A post that waits and the message that it becomes are one row, with one key.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Posted(Arc<Message>),
    /// A post that is not acknowledged yet.
    Pending(Operation),
}

impl Row {
    pub fn key(&self) -> RowKey {
        match self {
            Row::Posted(message) => (message.author, message.id),
            Row::Pending(operation) => (operation.author, operation.id),
        }
    }

    pub fn body(&self) -> &str {
        match self {
            Row::Posted(message) => message.body(),
            Row::Pending(operation) => operation.body(),
        }
    }

    /// Everyone whom it names.
    pub fn people(&self) -> Vec<UserId> {
        match self {
            Row::Posted(message) => message.people().collect(),
            Row::Pending(operation) => vec![operation.author],
        }
    }

    /// What happened, if nobody wrote it.
    pub fn notice(&self) -> Option<Notice> {
        match self {
            Row::Posted(message) => message.notice().cloned(),
            Row::Pending(_) => None,
        }
    }

    /// What stands in place of a text, where the message has none to show.
    pub fn placeholder(&self) -> Option<Placeholder> {
        match self {
            Row::Posted(message) => match message.content {
                Content::Deleted => Some(Placeholder::Deleted),
                Content::Unknown => Some(Placeholder::Unknown),
                Content::Text { .. } | Content::Notice { .. } => None,
            },
            Row::Pending(_) => None,
        }
    }

    /// Its place in the conversation, once it has one.
    pub fn seq(&self) -> Option<Seq> {
        match self {
            Row::Posted(message) => Some(message.seq),
            Row::Pending(_) => None,
        }
    }

    pub fn at(&self) -> Millis {
        match self {
            Row::Posted(message) => message.at,
            Row::Pending(operation) => operation.at,
        }
    }
}

/// Why a message shows no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    Deleted,
    /// A kind that this client is too old to know.
    Unknown,
}

impl Engine {
    /// A conversation's rows, oldest first; none while nothing of it is held.
    ///
    /// Posts stand at the end. They are left out while an older part of the history is shown, where the end is not.
    pub fn rows(&self, id: ConversationId) -> Vec<Row> {
        let Some(replica) = self.replica(id) else { return Vec::new() };
        let posted = replica.messages().map(|message| Row::Posted(Arc::clone(message)));
        let pending = self.operations(id).filter(|_| replica.at_latest()).map(|operation| match operation.kind {
            OperationKind::Post { .. } => Row::Pending(operation.clone()),
        });
        posted.chain(pending).collect()
    }
}
