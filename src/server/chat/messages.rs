//! Posting messages.

use crate::model::{Body, ConversationId, Error, MessageId, UserId};
use crate::server::Core;
use crate::server::hub::Queue;
use crate::server::writer::{Post, Posted, ReplyTo};
use std::sync::Arc;

/// Posts a message and waits until it is committed.
///
/// # Errors
/// `Invalid` when the body breaks its rules, `NotFound` for those who are not in the conversation, `Conflict` when the
/// author has used the identifier for another message.
pub async fn post(
    core: &Core,
    author: UserId,
    id: MessageId,
    conversation: ConversationId,
    body: &str,
) -> Result<Posted, Error> {
    let post = Post::new(author, id, conversation, Body::parse(body)?);
    core.writer.post_and_wait(post).await
}

/// Posts a message of a live connection. The answer goes into its queue once the message is committed; meanwhile the
/// connection's next frame can be read.
///
/// `after`: the message of the author that must stand in the conversation first. Access is decided by the writer, in the
/// transaction that writes the message.
///
/// # Errors
/// `Invalid` when the body breaks its rules; every other refusal goes into the queue.
pub async fn post_and_answer_later(
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
