//! Conversations.

use crate::model::{ConversationId, Error, OpenedConversation};
use leptos::prelude::*;

/// A conversation's page: the caller's conversation summaries and the window of messages where they begin to read, or the
/// one before the message whose `seq` is `before` (how pages without JavaScript page back). Without `conversation`, it
/// is the first of the summaries.
#[server(prefix = "/api", endpoint = "open-conversation")]
pub async fn open_conversation(
    conversation: Option<ConversationId>,
    before: Option<i64>,
) -> Result<OpenedConversation, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::conversations::page(&core, user, conversation, before).await
}
