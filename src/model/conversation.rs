//! Conversations, who is in them, and the parts of them that travel.

use super::{ConversationId, Message, Millis, Person, Rev, Seq, UserId, string_enum};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many messages a window holds unless asked otherwise.
pub const WINDOW: usize = 50;
/// The most messages that one window holds.
pub const WINDOW_MAX: usize = 100;
/// The most bytes of messages' bodies in one answer, so that a client that does not read costs little. One message
/// always fits.
pub const BYTES_MAX: usize = 256 * 1024;
/// The most conversations that one user is in: a list always fits into one frame.
pub const CONVERSATIONS_MAX: i64 = 1_000;
/// More changed rows than this, and catching up is a fresh window instead.
pub const CHANGES_MAX: usize = 200;

/// What kind of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationKind {
    /// The room that everyone is in.
    General,
    /// A room that anyone may join.
    Public,
    /// A room that one is brought into.
    Private,
    /// Between two users.
    Direct,
    /// A word of a newer server.
    Unknown,
}

string_enum!(ConversationKind {
    General => "general",
    Public => "public",
    Private => "private",
    Direct => "direct",
} else Unknown);

/// A conversation's own row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    /// When this row last changed.
    pub rev: Rev,
    pub kind: ConversationKind,
    /// Empty for a direct conversation, which each of the two calls by the other's name.
    pub name: String,
    pub topic: String,
    /// Who looks after a room: made it, or was handed it. Nobody for General and direct conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// How many users are in it now.
    pub member_count: i64,
}

/// Whether a member is in the conversation. Who left stays as a tombstone, so that their leaving can be told and
/// their messages keep a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberState {
    Joined,
    Left,
    /// A word of a newer server.
    Unknown,
}

string_enum!(MemberState {
    Joined => "joined",
    Left => "left",
} else Unknown);

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
/// Everyone whom a message names ([`Message::people`]) is among the members, so that no name is ever missing.
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
    /// Those whom the messages name.
    pub members: Vec<Member>,
}

/// Up to where a member has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPosition {
    /// The newest message read (0: none).
    pub seq: Seq,
    /// How many texts of others there were up to it.
    pub others_count: i64,
}

/// A conversation in a user's own list.
///
/// It has two clocks. What moves with the conversation is as of `rev`; the read position, and whether the line is there
/// at all, as of the `user_rev` that it came with. Neither depends on the other, so each may be newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationSummary {
    pub conversation: Conversation,
    /// The other one of a direct conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Person>,
    /// The conversation's head: the number that its last change took.
    pub rev: Rev,
    /// The newest message's `seq` (0: none yet).
    pub head: Seq,
    /// When the newest message came, or the conversation was made.
    pub at: Millis,
    /// How many texts the others have written.
    pub others_count: i64,
    pub read: ReadPosition,
}

/// Counts of unread messages are shown up to this.
pub const UNREAD_SHOWN: i64 = 99;

impl ConversationSummary {
    /// How many texts of others stand above the read position.
    pub fn unread(&self) -> i64 {
        (self.others_count - self.read.others_count).max(0)
    }

    /// What it is called in the list.
    pub fn title(&self) -> String {
        self.with.as_ref().map_or_else(|| self.conversation.name.clone(), Person::full_name)
    }
}
