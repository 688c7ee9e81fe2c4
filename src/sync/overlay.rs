//! What the user sees of a conversation: the replica's messages with the outbox's operations applied on top, as if the
//! server had accepted them already. A refused operation shows its error and what the user can do about it.

use super::Replica;
use super::engine::Engine;
use super::operation::{Operation, OperationKind};
use crate::model::{Content, ConversationId, Message, MessageId, Millis, Notice, Seq, UserId};
use std::sync::Arc;

/// The identity of a row: message identifiers are unique per author.
pub type RowKey = (UserId, MessageId);

/// One row of a timeline. A pending post and the message that it becomes are the same row, with the same key.
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

    /// Everyone it mentions by name: the author, and the user that a notice is about.
    pub fn people(&self) -> Vec<UserId> {
        match self {
            Row::Posted(message) => message.people().collect(),
            Row::Pending(operation) => vec![operation.author],
        }
    }

    /// The notice, if it is a system message.
    pub fn notice(&self) -> Option<Notice> {
        match self {
            Row::Posted(message) => message.notice().cloned(),
            Row::Pending(_) => None,
        }
    }

    /// What to show instead of a text, if the message has none.
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

    /// Its place in the conversation, once the server has assigned one.
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
    /// Its kind is newer than this client.
    Unknown,
}

impl Engine {
    /// A conversation's posts that are not acknowledged yet. They follow the newest message.
    ///
    /// They are left out while the reader is at older messages, whose window does not reach to the newest: not while the
    /// newest ones are merely on their way.
    pub fn pending(&self, id: ConversationId) -> impl Iterator<Item = Row> {
        let follows_latest = self.replica(id).is_some_and(Replica::follows_latest);
        self.operations(id).filter(move |_| follows_latest).map(|operation| match operation.kind {
            OperationKind::Post { .. } => Row::Pending(operation.clone()),
        })
    }
}
