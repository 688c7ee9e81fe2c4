//! Operations: changes that the user has made and the server has not acknowledged yet.

use crate::model::{ConversationId, Error, MessageId, Millis, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One tab of a browser, or one run of another client. Made at random when its engine starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TabId(pub u32);

impl fmt::Display for TabId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TabId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(TabId)
    }
}

/// A change that takes effect once, however often it is sent: its identifier makes it idempotent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The identifier of the message that it posts.
    pub id: MessageId,
    pub conversation: ConversationId,
    pub author: UserId,
    /// When it was made, by this device's clock; when the user confirmed it, if it had become stale.
    pub at: Millis,
    /// The tab that sends it.
    pub tab: TabId,
    pub kind: OperationKind,
    pub state: OperationState,
}

/// What kind of change it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OperationKind {
    /// Post a message: Markdown, normalised, as it is sent.
    Post { body: String },
}

/// The progress of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    /// Waits to be sent.
    Queued,
    /// Sent, not yet acknowledged. Stored as `Queued`: after a restart its outcome is unknown.
    #[serde(rename(serialize = "queued"), skip_deserializing)]
    Sent,
    /// It has waited for more than a day: the user decides whether to send it.
    Stale,
    /// Refused for good: the user decides what to do.
    Failed(Error),
}

impl Operation {
    /// The body of the message that it posts.
    pub fn body(&self) -> &str {
        let OperationKind::Post { body } = &self.kind;
        body
    }

    /// Whether it will be sent without a decision of the user.
    pub fn is_waiting(&self) -> bool {
        match self.state {
            OperationState::Queued | OperationState::Sent => true,
            OperationState::Stale | OperationState::Failed(_) => false,
        }
    }
}
