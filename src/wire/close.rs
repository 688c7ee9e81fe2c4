//! The codes with which the server closes a connection.

/// The server stops or restarts: reconnect after a moment (RFC 6455, section 7.4.1 and its registry).
pub const RESTART: u16 = 1012;
/// A binary frame: this protocol uses text frames.
pub const BINARY: u16 = 1003;
/// A text frame that is not UTF-8.
pub const NOT_UTF8: u16 = 1007;
/// A frame larger than [`super::FRAME_MAX`].
pub const TOO_BIG: u16 = 1009;
/// `Hello` was not the first frame, came twice, or too many frames could not be read.
pub const PROTOCOL: u16 = 4400;
/// The session has ended: check the session, then sign in.
pub const SESSION: u16 = 4401;
/// Nothing was received for too long.
pub const SILENT: u16 = 4408;
/// This user has too many connections; new ones are refused, not the existing ones closed.
pub const CROWDED: u16 = 4409;
/// The client's protocol is no longer served: reload.
pub const OUTDATED: u16 = 4426;
/// Too many frames for too long.
pub const FLOOD: u16 = 4429;
/// The connection could not take its frames fast enough. Reconnect: catching up loses nothing.
pub const LAGGED: u16 = 4503;
