//! What the server says of itself.

use super::Millis;
use serde::{Deserialize, Serialize};

/// How the server is, for the diagnostics page and the `Status` frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStatus {
    pub version: String,
    /// Milliseconds since it started.
    pub uptime: i64,
    /// Live connections that have said hello.
    pub connections: i64,
    /// The server's clock.
    pub now: Millis,
}
