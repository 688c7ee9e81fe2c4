//! The frames of the live socket, as specified in `docs/protocol.md`.
//!
//! Each frame is one JSON text message, named by its `type`. Both sides ignore unknown fields, and read an unknown
//! value of an enum as `Unknown`, so that either side may be one release ahead of the other.

mod client_frame;
pub mod close;
mod server_frame;

pub use client_frame::{Anchor, ClientFrame, UnreadableCommand};
pub use server_frame::{ServerFrame, UnreadableFrame};

/// The version of the protocol. It changes only when older clients can no longer be served.
pub const PROTOCOL: u32 = 1;
/// The most bytes of one frame from a client: enough for the longest message in JSON's longest escaping.
pub const FRAME_MAX: usize = 128 * 1024;
/// The most characters of an echo.
pub const ECHO_MAX: usize = 1_000;
/// A client sends something at least this often (milliseconds): a `Ping` if nothing else.
pub const HEARTBEAT: u64 = 30_000;
/// A server that has received nothing for this long (milliseconds) closes the connection. Browsers run the timers of
/// hidden pages once a minute, which must not cost them the connection.
pub const SILENCE_MAX: u64 = 150_000;

/// A client repeats `Typing` this often while its user goes on typing (milliseconds).
pub const TYPING_EVERY: u64 = 3_000;
/// A typing indicator expires after this time (milliseconds).
pub const TYPING_FOR: u64 = 6_000;

/// A client repeats `Active` this often while its user is active (milliseconds).
pub const ACTIVE_EVERY: u64 = 60_000;
/// The most users whose presence one connection watches.
pub const WATCH_MAX: usize = 1_000;

/// Matches an answer to its request within one connection; the client counts it up.
pub type RequestId = u32;
