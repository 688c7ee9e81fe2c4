//! What a person has sent and the server has not yet acknowledged.

use crate::model::{ConversationId, Error, MessageId, Millis, UserId};
use serde::{Deserialize, Serialize};

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub author: UserId,
    /// Normalised, as it is sent.
    pub body: String,
    /// When it was written, by this device's clock.
    pub at: Millis,
    pub state: PendingState,
}

/// How far a message on its way has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingState {
    /// Waits to be sent.
    Queued,
    /// On the wire, not yet acknowledged. Stored as `Queued`: after a restart nobody knows what became of it.
    #[serde(rename(serialize = "queued"), skip_deserializing)]
    Sent,
    /// Refused for good; a person decides.
    Failed(Error),
}
