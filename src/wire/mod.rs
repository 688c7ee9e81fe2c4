//! The frames of the live socket, as `docs/protocol.md` fixes them.
//!
//! One JSON text message a frame, named by its `type`. Both sides ignore fields that they do not know, and read an
//! unknown word of an enum as `Unknown`, so that either side may be one release ahead of the other.

mod client_frame;
pub mod close;
mod server_frame;

pub use client_frame::{Anchor, ClientFrame, UnreadableCommand};
pub use server_frame::{ServerFrame, UnreadableFrame};

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

/// Ties an answer to its request within one connection; the client counts it up.
pub type RequestId = u32;
