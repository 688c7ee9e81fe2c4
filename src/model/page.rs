//! PersonPage and rooms, as those who look around see them.

use super::{Conversation, Person};
use serde::{Deserialize, Serialize};

/// How many rows a page of people, members or rooms holds.
pub const PAGE: usize = 100;

/// A public room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub conversation: Conversation,
    /// Whether one is in it.
    pub joined: bool,
}

/// A page of a longer list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// What to ask with for the next page, if there is one.
    pub next: Option<String>,
}

/// PersonPage, in the order of their names.
pub type PersonPage = Page<Person>;
/// Public rooms, in the order of their names.
pub type RoomPage = Page<Room>;
