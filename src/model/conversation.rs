//! Conversations, who is in them, and the parts of them that travel.

use super::{ConversationId, Message, Person, Rev, Seq};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many messages a window holds unless asked otherwise.
pub const WINDOW: usize = 50;
/// The most messages that one window holds.
pub const WINDOW_MAX: usize = 100;
/// The most bytes of messages' bodies in one answer, so that a client that does not read costs little. One message
/// always fits.
pub const BYTES_MAX: usize = 256 * 1024;
/// More changed rows than this, and catching up is a fresh window instead.
pub const CHANGES_MAX: usize = 200;

/// A conversation's own row. (Direct conversations and private rooms are further kinds, to come.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    /// When this row last changed.
    pub rev: Rev,
    pub name: String,
    pub topic: String,
    /// How many users are in it now.
    pub member_count: i64,
}

/// Whether a member is in the conversation. Who left stays as a tombstone, so that their leaving can be told and
/// their messages keep a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    Joined,
    Left,
}

/// A user in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub person: Person,
    pub state: MemberState,
    /// When this row last changed: joined, left, or was given another name.
    pub rev: Rev,
}

/// Rows of one conversation, each as it now stands. Receiving a row twice, or only its latest state, changes
/// nothing: a held row is replaced only by one with a higher `rev`.
///
/// Every message's author is among the members, so that no name is ever missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Conversation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Arc<Message>>,
}

/// A run of a conversation's messages without gaps, read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub conversation: Conversation,
    /// The conversation's `rev` at which it was read.
    pub through: Rev,
    /// The newest message's `seq` at that time (0: none yet).
    pub head: Seq,
    /// Oldest first.
    pub messages: Vec<Arc<Message>>,
    /// The messages' authors.
    pub members: Vec<Member>,
}

/// A conversation in a user's own list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub conversation: Conversation,
    /// The conversation's head: the number that its last change took.
    pub rev: Rev,
    /// The newest message's `seq` (0: none yet).
    pub head: Seq,
}
