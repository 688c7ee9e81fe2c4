//! Conversations.

use crate::model::{ConversationId, Error, OpenedConversation};
use leptos::prelude::*;

/// A conversation's page: the caller's conversation summaries and the window of messages where they begin to read, or the
/// one before the message whose `seq` is `before` (how pages without JavaScript page back). Without `conversation`, it
/// is the first of the summaries. `not_member` for a public room that the caller is not in.
#[server(prefix = "/api", endpoint = "open-conversation")]
pub async fn open_conversation(
    conversation: Option<ConversationId>,
    before: Option<i64>,
) -> Result<OpenedConversation, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    let mut opened = chat::conversations::page(&core, user, conversation, before).await?;
    opened.invite_link = chat::invitations::invite_link(&core, &opened, &server_functions::register_page()?).await?;
    Ok(opened)
}
