//! The frames of the live socket, as `docs/protocol.md` fixes them.
//!
//! One JSON text message a frame, named by its `type`. Clients ignore fields they do not know; the server refuses
//! them, so that a client's mistake is noticed by its author.

pub mod close;
mod decode;

use crate::model::{
    ConversationId, ConversationSummary, Error, InitialState, MessageId, Person, Presence, Rev, Rows, Seq,
    ServerStatus, UserId, Window,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The protocol's version. It changes only when an older client could no longer be served.
pub const PROTOCOL: u32 = 1;
/// The most bytes of one frame from a client: room for the longest message in JSON's longest spelling.
pub const FRAME_MAX: usize = 128 * 1024;
/// The most characters of an echo.
pub const ECHO_MAX: usize = 1_000;
/// A client says something at least this often (milliseconds), if only `Ping`.
pub const HEARTBEAT: u64 = 30_000;
/// A server that has heard nothing for this long (milliseconds) closes: browsers slow the timers of hidden pages
/// down to one a minute, which must not cost them the connection.
pub const SILENCE_MAX: u64 = 150_000;

/// Who goes on typing says so this often (milliseconds).
pub const TYPING_EVERY: u64 = 3_000;
/// A sign of typing counts for this long (milliseconds).
pub const TYPING_FOR: u64 = 6_000;

/// Who goes on doing something says so this often (milliseconds).
pub const ACTIVE_EVERY: u64 = 60_000;
/// The most users whose presence one connection watches.
pub const WATCH_MAX: usize = 1_000;

/// Ties an answer to its question within one connection; the client counts it up.
pub type RequestId = u32;

/// From a client to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first frame; answered by `Welcome`.
    Hello {
        protocol: u32,
        /// Which client it is, for diagnostics.
        client: String,
    },
    /// Posts a message; answered by `Posted` or `Refused`. May be sent again with the same `id` at any time.
    Post { id: MessageId, conversation: ConversationId, body: String },
    /// Asks for everything that changed above `since`; answered by `Changes`, `Reset` or `Refused`.
    Changes { request: RequestId, conversation: ConversationId, since: Rev },
    /// Asks for a run of messages; answered by `Window` or `Refused`.
    History { request: RequestId, conversation: ConversationId, at: Anchor, limit: u32 },
    /// Asks for one's own list; answered by `InitialState` or `Refused`.
    InitialState { request: RequestId },
    /// Moves one's own read position, forwards or back; answered by `Done` or `Refused`. All of one's devices are told
    /// by `Mine`.
    Read { request: RequestId, conversation: ConversationId, seq: Seq },
    /// Somebody is typing. Sent at most every [`TYPING_EVERY`]; not answered.
    Typing { conversation: ConversationId },
    /// Asks for the presence of these users, at most [`WATCH_MAX`], and for each change of it from now on; answered by
    /// `Presence` or `Refused`. Takes the place of what was asked before.
    WatchPresence { request: RequestId, users: Vec<UserId> },
    /// A sign of a person: sent at most every [`ACTIVE_EVERY`] while they do something; not answered.
    Active {},
    /// Answered by `Pong`.
    Ping { request: RequestId },
    /// Answered by `Echoed` with the same text.
    Echo { request: RequestId, text: String },
    /// Answered by `Status`.
    Status { request: RequestId },
}

/// Which run of messages `History` means. Every run is without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The newest ones.
    Latest,
    /// The ones directly before this `seq`, which is not among them.
    Before(Seq),
    /// The ones directly after this `seq`, which is not among them.
    After(Seq),
    /// Those around this `seq`, about half on either side.
    Around(Seq),
}

/// From the server to a client. How one is read: `decode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `Hello`. The connection listened before this was read, so nothing falls between.
    Welcome {
        /// This connection's number, for diagnostics.
        connection: i64,
        /// The server's version; a page built by another one offers to reload.
        server: String,
        initial_state: InitialState,
    },
    /// One change, live: the rows as they stand at `rev`.
    Changed {
        conversation: ConversationId,
        rev: Rev,
        rows: Rows,
    },
    /// Everything with a `rev` above `since` up to and including `through`, read in one snapshot.
    Changes {
        request: RequestId,
        conversation: ConversationId,
        since: Rev,
        through: Rev,
        head: Seq,
        rows: Rows,
    },
    /// Too much has changed: ask for a window instead.
    Reset {
        request: RequestId,
        conversation: ConversationId,
    },
    /// The run that `History` asked for.
    Window {
        request: RequestId,
        window: Window,
    },
    /// The message with this identifier stands: committed to disk, in its place. The rows are the message, as it
    /// now is, and its author.
    Posted {
        id: MessageId,
        conversation: ConversationId,
        rows: Rows,
    },
    /// One line of one's own list as it now stands, told to all of one's devices; none when it is there no longer.
    SummaryChanged {
        user_rev: Rev,
        conversation: ConversationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<ConversationSummary>,
    },
    /// One's own list has come this far, by a change that this server was not told of: ask for it.
    UserHead {
        user_rev: Rev,
    },
    /// One's own list, whole.
    InitialState {
        request: RequestId,
        initial_state: InitialState,
    },
    /// The room has been deleted.
    ConversationDeleted {
        conversation: ConversationId,
    },
    /// Somebody is typing there; it counts for [`TYPING_FOR`].
    Typing {
        conversation: ConversationId,
        person: Person,
    },
    /// Who is there: the answer to `Watch`, or, without `request`, those of whom it has changed.
    Presence {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        people: Vec<Presence>,
    },
    /// It was done.
    Done {
        request: RequestId,
    },
    /// A request failed. `request` or `id` tells which; neither stands for a frame that could not be read.
    Refused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<MessageId>,
        error: Error,
    },
    /// The conversation has come this far, without the change itself: it was made where this server could not see it
    /// (the operator's commands, another node whose frame was lost).
    Head {
        conversation: ConversationId,
        rev: Rev,
    },
    Pong {
        request: RequestId,
    },
    Echoed {
        request: RequestId,
        text: String,
    },
    Status {
        request: RequestId,
        status: ServerStatus,
    },
}

fn unreadable(why: impl std::fmt::Display) -> Error {
    Error::invalid(format!("The frame could not be read: {why}."))
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    /// `Invalid`, with a sentence for the client's author.
    pub fn decode(text: &str) -> Result<Self, Error> {
        read(text).map_err(unreadable)
    }

    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl ServerFrame {
    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Writes JSON.
///
/// # Errors
/// `Unavailable` for what JSON has no words for: nothing that travels here.
pub fn write<T: Serialize>(data: &T) -> Result<String, Error> {
    serde_json::to_string(data).map_err(|_| Error::unavailable())
}

/// Reads JSON. The one function that does, in the browser: for each way of reading, the code that reads every type is
/// compiled (and downloaded) once more.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_slice(text.as_bytes())
}
