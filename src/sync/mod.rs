//! The sync engine of every client: it keeps the client's replica of the conversations equal to the server's state.
//!
//! A state machine without I/O, clock or framework. Its driver (the browser's `client/`, later the terminal, and the
//! tests' simulator) passes in events together with the time, and carries out the effects that it returns.
//! The same seed and the same events give the same effects.

mod accessors;
mod backoff;
mod connection;
mod conversation;
mod conversation_list;
mod diagnostics;
mod effects;
mod engine;
mod frames;
mod heartbeat;
mod history;
mod initial_state;
mod memory;
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
pub use diagnostics::Diagnostics;
pub use engine::Engine;
pub use operation::{Operation, OperationKind, OperationState, TabId};
pub use overlay::{Placeholder, Row, RowKey};
pub use replica::{FetchState, Replica};

use crate::model::{ConversationId, MessageId, Millis, OpenedConversation, Seq, SortedSet, UserId};
use crate::wire::{ClientFrame, ServerFrame};

/// The time, by the driver's clocks.
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
    /// Outbox operations read from storage: all of them at start, or those that another tab has just stored.
    OutboxLoaded(Vec<Operation>),
    /// Another tab has completed or discarded an operation: its storage entry is gone.
    OutboxRemoved(MessageId),
    /// Another tab has closed: this one adopts its operations in the outbox.
    TabClosed(TabId),

    /// The socket is open.
    SocketOpened,
    Frame(Box<ServerFrame>),
    /// A frame of a known type could not be decoded: the server speaks another protocol.
    UnreadableFrame,
    /// The socket closed or could not be opened. `opened`: whether it had been open; `code`: the close code, if any.
    SocketClosed {
        opened: bool,
        code: Option<u16>,
    },
    /// The moment requested by `Wake` has come. Early or repeated ticks are harmless.
    Tick,
    /// The network is back, or the page became visible or focused: a good moment to reconnect or to test the
    /// connection.
    RetryNow,
    /// The device reports that there is no network.
    Offline,
    /// The answer to `CheckSession`.
    SessionChecked(SessionCheck),
    /// The driver shuts down (the page goes away): close the connection.
    Stopped,
    /// The page is shown again after it had gone away: open the connection again.
    Resumed,

    /// The user sends a message.
    Post {
        conversation: ConversationId,
        body: String,
    },
    /// The user wants a failed message sent again.
    Retry(MessageId),
    /// The user discards a failed or queued message.
    Discard(MessageId),
    /// The reader scrolled near the oldest held message.
    LoadOlder(ConversationId),
    /// The reader scrolled near the newest held message while newer ones exist on the server.
    LoadNewer(ConversationId),
    /// The reader wants to jump to the newest message.
    LoadLatest(ConversationId),
    /// The reader wants to see a message that is not held: what is held is replaced by the messages around it.
    LoadAround(ConversationId, Seq),
    /// The conversation on the screen, and the uppermost message of it that the reader sees; `None` if they follow the
    /// newest one. What they see is held longest.
    Reading(ConversationId, Option<Seq>),
    /// The conversation whose newest message is on the screen of a focused window, if any.
    Viewing(Option<ConversationId>),
    /// The user marks a conversation as read.
    MarkRead(ConversationId),
    /// The user marks this message and everything after it as unread.
    MarkUnread(ConversationId, Seq),
    /// The users that the page shows beside the conversation list: watch their presence.
    WatchPresence(SortedSet<UserId>),
    /// The user did something on this page.
    Active,
    /// The user is typing in a conversation.
    Typing(ConversationId),
    /// The diagnostics page requests an echo of this text.
    Echo(String),
    /// The diagnostics page requests a round-trip time.
    Ping,
    /// The diagnostics page requests the server's status.
    Status,
}

/// Whose session this is, according to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionCheck {
    SignedIn(UserId),
    /// The session has ended.
    SignedOut,
    /// The server could not be reached.
    Unknown,
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the socket; report `SocketOpened` or `SocketClosed`.
    Connect,
    /// Close the socket, if any; no `SocketClosed` is expected.
    Disconnect,
    Send(ClientFrame),
    /// Write this operation to storage, replacing the entry with the same identifier.
    Store(Operation),
    /// Remove this operation from storage.
    Remove(MessageId),
    /// Send a `Tick` when the monotonic clock reaches this; a later `Wake` replaces an earlier one.
    Wake(u64),
    /// This part of the state has changed: read it again and update the view.
    Changed(StatePart),
    /// Ask the server whose session this is; report `SessionChecked`.
    CheckSession,
    /// Go to the sign-in page; the outbox stays in storage.
    SignIn,
}

/// A part of the engine's state that a view can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatePart {
    /// [`Engine::connection_state`].
    Connection,
    /// [`Engine::initial_state`]: who is on the list, and all summaries.
    InitialState,
    /// [`Engine::summary`] of this conversation.
    Summary(ConversationId),
    /// [`Engine::replica`] of this conversation.
    Conversation(ConversationId),
    /// [`Engine::operations`] of this conversation.
    Outbox(ConversationId),
    /// [`Engine::typing`] in this conversation.
    Typing(ConversationId),
    /// [`Engine::presences`].
    Presence,
    /// [`Engine::diagnostics`].
    Diagnostics,
}

/// The range of a conversation's messages that is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The lowest `seq` that is held. 0 if no message is held.
    pub low: Seq,
    /// The highest `seq` that is held.
    pub high: Seq,
    /// The highest `seq` known to exist.
    pub head: Seq,
}

#[cfg(test)]
mod tests;
