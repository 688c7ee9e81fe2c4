//! Messages, for pages without a live connection.

use crate::model::{ConversationId, Error, MessageId};
use leptos::prelude::*;

/// Posts a message from a plain form, and leads back to the conversation. `id` was made with the form, so that sending
/// it again posts nothing twice.
#[server(prefix = "/api", endpoint = "post-message")]
pub async fn post_message(conversation: ConversationId, id: MessageId, body: String) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::messages::post(&core, user, id, conversation, &body).await?;
    server_functions::redirect_to_conversation(conversation);
    Ok(())
}
