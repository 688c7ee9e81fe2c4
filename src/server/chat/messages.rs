//! Posting messages.

use crate::model::{Body, ConversationId, Error, MessageId, UserId};
use crate::server::hub::Queue;
use crate::server::writer::{Post, ReplyTo};
use crate::server::{Core, auth};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Posts from a live connection. The answer comes into its queue; until then the next frame may be read.
///
/// `after`: the author's message that must stand there first. Access is decided by the writer, in the transaction that would write the message.
///
/// # Errors
/// `Invalid` when the body breaks its rules.
pub async fn post(
    core: &Core,
    author: UserId,
    id: MessageId,
    conversation: ConversationId,
    body: &str,
    after: Option<MessageId>,
    queue: &Arc<Queue>,
) -> Result<(), Error> {
    let post = Post::new(author, id, conversation, Body::parse(body)?).after(after);
    core.writer.post(post, ReplyTo::Connection(Arc::clone(queue), id)).await;
    Ok(())
}

/// Posts from a plain form, and leads back to the conversation.
pub async fn post_form(conversation: ConversationId, id: MessageId, body: &str) -> Result<(), Error> {
    let (core, author) = auth::caller().await?;
    let post = Post::new(author, id, conversation, Body::parse(body)?);
    let (answer, answered) = oneshot::channel();
    core.writer.post(post, ReplyTo::Channel(answer)).await;
    answered.await.unwrap_or_else(|_| Err(Error::unavailable()))?;
    leptos_axum::redirect(&format!("/c/{conversation}"));
    Ok(())
}
