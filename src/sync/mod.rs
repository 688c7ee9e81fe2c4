//! The engine of every client: the part that keeps its copy of the world right.
//!
//! A state machine without I/O, clock or framework. Its body (the browser's `client/`, later the terminal, and the
//! simulator of the tests) hands it events together with the time, and carries out the effects that it returns.
//! The same seed and the same events give the same effects.

mod accessors;
mod backoff;
mod connection;
mod conversation;
mod conversation_list;
mod effects;
mod engine;
mod frames;
mod heartbeat;
mod initial_state;
mod operation;
mod outbox;
mod overlay;
mod presence;
mod random;
mod read_position;
mod replica;
mod requests;
mod typing;

pub use connection::ConnectionState;
pub use engine::Engine;
pub use operation::{Operation, OperationKind, OperationState, TabId};
pub use overlay::{Placeholder, Row, RowKey};
pub use replica::{FetchState, Replica};

use crate::model::{ConversationId, Error, MessageId, Millis, OpenedConversation, Seq, ServerStatus, UserId};
use crate::wire::{ClientFrame, ServerFrame};
use std::collections::BTreeSet;

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
    Loaded(Box<OpenedConversation>),
    /// The outbox as the storage kept it, at start or as another tab has changed it.
    OutboxLoaded(Vec<Operation>),
    /// Another tab has completed or discarded an operation: its storage entry is gone.
    OutboxRemoved(MessageId),
    /// Another tab is gone: this one sends what it has left in the outbox.
    TabClosed(TabId),

    /// The socket is open.
    SocketOpened,
    Frame(Box<ServerFrame>),
    /// A frame came that this client cannot read although it knows its type: the server speaks another protocol.
    UnreadableFrame,
    /// The socket closed or could not be opened. `opened`: whether it had been open; `code`: the close code, if any.
    SocketClosed {
        opened: bool,
        code: Option<u16>,
    },
    /// The moment asked for by `Wake` has come (coming early or twice does no harm).
    Tick,
    /// The network is back, the page became visible or was focused: a good moment to try at once.
    RetryNow,
    /// The network is gone, as far as the device can tell.
    Offline,
    /// The answer to `CheckSession`.
    Who(SessionCheck),
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
    LoadOlder(ConversationId),
    /// The reader came near the newest held message while newer ones are not held.
    LoadNewer(ConversationId),
    /// The reader wants to be at the newest message.
    LoadLatest(ConversationId),
    /// The newest message of this conversation is on the screen of a focused window; none is.
    Viewing(Option<ConversationId>),
    /// A person marks a conversation as read, or everything from a message on as unread.
    MarkRead(ConversationId),
    MarkUnread(ConversationId, Seq),
    /// The page shows these people beside the list: their presence is wanted.
    WatchPresence(BTreeSet<UserId>),
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
pub enum SessionCheck {
    SignedIn(UserId),
    /// The session has ended.
    SignedOut,
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
    Store(Operation),
    /// Drop this entry from storage.
    Remove(MessageId),
    /// Give a `Tick` when the monotonic clock reaches this; a later `Wake` replaces an earlier one.
    Wake(u64),
    /// What is shown of this is to be read again.
    Changed(StatePart),
    /// FetchState the server who one is; answer with `Who`.
    CheckSession,
    /// Lead to the sign-in page; the outbox stays in storage.
    SignIn,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatePart {
    /// `Engine::link`.
    Connection,
    /// `Engine::home`.
    InitialState,
    /// `Engine::replica` of this conversation.
    Conversation(ConversationId),
    /// `Engine::pending` of this conversation.
    Outbox(ConversationId),
    /// `Engine::typing` in this conversation.
    Typing(ConversationId),
    /// `Engine::presence`.
    Presence,
    /// `Engine::diagnostics`.
    Diagnostics,
}

/// What the diagnostics page shows of the connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics {
    /// Milliseconds from the last `Ping` to its `Pong`.
    pub round_trip: Option<u64>,
    /// The last echo: the text that came back, and the milliseconds it took.
    pub echo: Option<(String, u64)>,
    pub status: Option<ServerStatus>,
    /// Why the last diagnostics was refused.
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
