//! Conversations.

use crate::model::{ConversationId, Error, OpenedConversation};
use leptos::prelude::*;

/// A conversation's page: one's own list and the newest window, or the one before the message `before` (its `seq`; how
/// pages without JavaScript leaf back).
/// `None` opens the first of the list.
#[server(prefix = "/api", endpoint = "open-conversation")]
pub async fn open_conversation(
    conversation: Option<ConversationId>,
    before: Option<i64>,
) -> Result<OpenedConversation, Error> {
    use crate::server::chat;
    chat::conversations::open(conversation, before).await
}
