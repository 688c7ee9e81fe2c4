//! The engine of every client: the part that keeps its copy of the world right.
//!
//! A state machine without I/O, clock or framework. Its body (the browser's `client/`, later the terminal, and the
//! simulator of the tests) hands it events together with the time, and carries out the effects that it returns.
//! The same seed and the same events give the same effects.

mod backoff;
mod connection;
mod effects;
mod engine;
mod frames;
mod held;
mod home;
mod list;
mod outbox;
mod presence;
mod pulse;
mod random;
mod reading;
mod replica;
mod requests;
mod track;
mod typing;

pub use connection::Link;
pub use engine::Engine;
pub use outbox::{Pending, PendingState};
pub use replica::{Ask, Replica};

use crate::model::sorted::SortedSet;
use crate::model::{ConversationId, Error, MessageId, Millis, Opened, Seq, ServerStatus, UserId};
use crate::wire::{ClientFrame, ServerFrame};

/// The time, as the body's clocks tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds of a clock that never goes back.
    pub mono: u64,
    /// Wall-clock time, for identifiers and for what is shown.
    pub wall: Millis,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A page was rendered by the server or fetched: it seeds or refreshes the replica.
    Seeded(Box<Opened>),
    /// The outbox as the body's storage kept it, at start: in the order of their making.
    Restored(Vec<Pending>),
    /// Another page of this user has retired or discarded a queued message (its storage entry is gone).
    Forgotten(MessageId),

    /// The socket is open.
    Opened,
    Frame(Box<ServerFrame>),
    /// The socket closed or could not be opened. `opened`: whether it had been open; `code`: the close code, if any.
    Closed {
        opened: bool,
        code: Option<u16>,
    },
    /// The moment asked for by `Wake` has come (coming early or twice does no harm).
    Tick,
    /// The network is back, the page became visible or was focused: a good moment to try at once.
    Nudged,
    /// The network is gone, as far as the device can tell.
    Offline,
    /// The answer to `AskWho`.
    Who(Who),
    /// The body tears everything down (the page goes away).
    Stopped,

    /// A person sends a message.
    Post {
        conversation: ConversationId,
        body: String,
    },
    /// A person wants a failed message tried again.
    Retry(MessageId),
    /// A person gives a failed or queued message up.
    Discard(MessageId),
    /// The reader came near the oldest held message.
    WantOlder(ConversationId),
    /// The reader came near the newest held message while newer ones are not held.
    WantNewer(ConversationId),
    /// The reader wants to be at the newest message.
    WantLatest(ConversationId),
    /// The newest message of this conversation is on the screen of a focused window; none is.
    Looking(Option<ConversationId>),
    /// A person marks a conversation as read, or everything from a message on as unread.
    MarkRead(ConversationId),
    MarkUnread(ConversationId, Seq),
    /// The page shows these people beside the list: their presence is wanted.
    Showing(SortedSet<UserId>),
    /// A sign of a person: they do something on this page.
    Active,
    /// A person types in a conversation.
    Typing(ConversationId),
    /// A person asks for an echo, a fresh round-trip time, or the server's status.
    Echo(String),
    Ping,
    Status,
}

/// Who the server says one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    User(UserId),
    /// The session has ended.
    Nobody,
    /// The server could not be asked.
    Unknown,
}

/// What the body is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the socket; answer with `Opened` or `Closed`.
    Connect,
    /// Close the socket, if any; no `Closed` is expected.
    Disconnect,
    Send(ClientFrame),
    /// Keep this entry of the outbox in storage, replacing an older one with its identifier.
    Store(Pending),
    /// Drop this entry from storage.
    Remove(MessageId),
    /// Give a `Tick` when the monotonic clock reaches this; a later `Wake` replaces an earlier one.
    Wake(u64),
    /// What is shown of this is to be read again.
    Changed(What),
    /// Ask the server who one is; answer with `Who`.
    AskWho,
    /// Lead to the sign-in page; the outbox stays in storage.
    SignIn,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// `Engine::link`.
    Link,
    /// `Engine::home`.
    Home,
    /// `Engine::replica` of this conversation.
    Conversation(ConversationId),
    /// `Engine::pending` of this conversation.
    Outbox(ConversationId),
    /// `Engine::typing` in this conversation.
    Typing(ConversationId),
    /// `Engine::presence`.
    Presence,
    /// `Engine::probe`.
    Probe,
}

/// What the diagnostics page shows of the connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probe {
    /// Milliseconds from the last `Ping` to its `Pong`.
    pub round_trip: Option<u64>,
    /// The last echo: the text that came back, and the milliseconds it took.
    pub echo: Option<(String, u64)>,
    pub status: Option<ServerStatus>,
    /// Why the last probe was refused.
    pub error: Option<Error>,
}

/// Where in a conversation its held messages begin and end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The lowest `seq` that is held; 1 when the beginning is. 0 when there are no messages at all.
    pub low: Seq,
    /// The highest that is held.
    pub high: Seq,
    /// The newest that exists, as far as is known.
    pub head: Seq,
}

#[cfg(test)]
mod tests;
