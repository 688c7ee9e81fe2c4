//! Who may do what: the one place that decides, for every path.
//!
//! | file | decides |
//! | --- | --- |
//! | `conversations.rs` | who reads a conversation, who posts in it |
//! | `rooms.rs` | making, joining, leaving, changing and deleting rooms, their members and their owner; direct conversations |
//! | `accounts.rs` | whose commands are carried out, what the owner of the installation may do with accounts |
//! | `invitations.rs` | who invites, how much, and whose invitations they manage |
//!
//! Reading is decided in the snapshot that is read, writing by the writer in the transaction that writes. A decision
//! gives the thing that was asked for and never just a yes, so that what was not decided cannot be used. "Missing" and
//! "forbidden" get the same answer where a user must not learn what exists.

mod accounts;
mod conversations;
mod invitations;
mod rooms;

pub use accounts::{Owner, may_act, owner};
pub use conversations::{Access, conversation, conversation_page, may_post, may_read};
pub use invitations::{Inviter, inviter, may_invite, me};
pub use rooms::{RoomAuthorization, may_be_in_one_more, may_create_room, may_open_direct, room};
