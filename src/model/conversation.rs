//! Conversations, their members, and the parts of them that are sent to clients.

use super::{ConversationId, Message, Millis, Person, Rev, Seq, UserId, string_enum};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many messages a window holds by default.
pub const WINDOW: usize = 50;
/// The most messages that one window holds.
pub const WINDOW_MAX: usize = 100;
/// The most bytes of message bodies in one answer, so that a client that does not read costs little memory. One message
/// always fits.
pub const BYTES_MAX: usize = 256 * 1024;
/// The most conversations that one user is a member of, so that the list always fits into one frame.
pub const CONVERSATIONS_MAX: i64 = 1_000;
/// When more rows than this have changed, a client fetches a new window instead of the changes.
pub const CHANGES_MAX: usize = 200;

/// What kind of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationKind {
    /// The room that everyone is a member of.
    General,
    /// A room that anyone may join.
    Public,
    /// A room that its owner adds members to.
    Private,
    /// Between two users.
    Direct,
    /// A kind of a newer server.
    Unknown,
}

string_enum!(ConversationKind {
    General => "general",
    Public => "public",
    Private => "private",
    Direct => "direct",
} else Unknown);

/// A conversation's own row: its name and settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    /// The `rev` of this row's last change.
    pub rev: Rev,
    pub kind: ConversationKind,
    /// Empty for a direct conversation, which shows the other member's name.
    pub name: String,
    pub topic: String,
    /// The owner of a room. `None` for General, direct conversations, and a room where only disabled accounts stayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// How many members there are now.
    pub member_count: i64,
}

/// Whether a user is a member. The row of a former member stays, so that clients learn that they left and their
/// messages keep a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberState {
    Joined,
    Left,
    /// A state of a newer server.
    Unknown,
}

string_enum!(MemberState {
    Joined => "joined",
    Left => "left",
} else Unknown);

/// A user who is or was a member of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub person: Person,
    pub state: MemberState,
    /// The `rev` of this row's last change: joined, left or renamed.
    pub rev: Rev,
}

/// Rows of one conversation in their current state. Merging a row twice, or only its latest state, gives the same
/// result: a held row is replaced only by one with a higher `rev`.
///
/// Every user whom a message names ([`Message::people`]) is among the members, so that no name is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Conversation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Arc<Message>>,
}

/// A window: a run of a conversation's messages without gaps, read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub conversation: Conversation,
    /// The conversation's `rev` at which it was read.
    pub through: Rev,
    /// The newest message's `seq` at that time (0: no message).
    pub head: Seq,
    /// Oldest first.
    pub messages: Vec<Arc<Message>>,
    /// The users whom the messages name.
    pub members: Vec<Member>,
}

/// A member's read position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPosition {
    /// The newest message read (0: none).
    pub seq: Seq,
    /// How many messages of others there were up to it.
    pub others_message_count: i64,
}

/// A conversation in a user's conversation list.
///
/// It has two revisions. What belongs to the conversation is as of `rev`; the read position, and whether the summary
/// exists, are as of the `user_rev` that it came with. They are independent: either may be newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationSummary {
    pub conversation: Conversation,
    /// The other member of a direct conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Person>,
    /// The conversation's newest `rev`.
    pub rev: Rev,
    /// The newest message's `seq` (0: no message).
    pub head: Seq,
    /// When the newest message was posted, or the conversation was created.
    pub at: Millis,
    /// How many messages the others have written. Notices do not count.
    pub others_message_count: i64,
    pub read: ReadPosition,
}

/// An unread count is shown up to this number.
pub const UNREAD_SHOWN: i64 = 99;

impl ConversationSummary {
    /// How many messages of others are above the read position.
    pub fn unread(&self) -> i64 {
        (self.others_message_count - self.read.others_message_count).max(0)
    }

    /// The title in the list: the room's name, or the other member's full name.
    pub fn title(&self) -> String {
        self.with.as_ref().map_or_else(|| self.conversation.name.clone(), Person::full_name)
    }
}
