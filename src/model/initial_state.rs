//! The state that a client starts with.

use super::{ConversationSummary, Epoch, InviteLink, Me, Rev, Window};
use serde::{Deserialize, Serialize};

/// A user and their conversation list, read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialState {
    pub epoch: Epoch,
    /// The user's revision when this was read.
    pub user_rev: Rev,
    pub me: Me,
    /// The workspace's name. Missing from an older server.
    #[serde(default)]
    pub workspace: String,
    pub conversations: Vec<ConversationSummary>,
}

/// A conversation's page: what the server renders, and what the engine in the browser is seeded with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedConversation {
    pub initial_state: InitialState,
    pub window: Window,
    /// The link to send to the first people, while the owner is alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_link: Option<InviteLink>,
}
