//! The server's status.

use super::Millis;
use serde::{Deserialize, Serialize};

/// The server's status, for the diagnostics page and the `Status` frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStatus {
    pub version: String,
    /// Milliseconds since it started.
    pub uptime: i64,
    /// Live connections after `Hello`.
    pub connections: i64,
    /// The server's clock.
    pub now: Millis,
}
