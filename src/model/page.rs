//! Pages of long lists: people and public rooms.

use super::{Conversation, Person};
use serde::{Deserialize, Serialize};

/// How many rows a page of people, members or rooms holds.
pub const PAGE: usize = 100;

/// A public room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub conversation: Conversation,
    /// Whether the user is a member.
    pub joined: bool,
}

/// A page of a longer list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// The parameter that requests the next page, if there is one.
    pub next: Option<String>,
}

/// People in the order of their names.
pub type PersonPage = Page<Person>;
/// Public rooms, in the order of their names.
pub type RoomPage = Page<Room>;
