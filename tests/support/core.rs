//! A server without HTTP, and what people do in it.

use super::body;
use hubbub::model::{ConversationId, Error, MessageId, UserId, key};
use hubbub::server::Core;
use hubbub::server::clock::Clock;
use hubbub::server::store::users::NewUser;
use hubbub::server::writer::{Post, Reply, ReplyTo};
use std::sync::Arc;
use tokio::sync::oneshot;

/// General in every new database.
pub const GENERAL: ConversationId = ConversationId(1);

/// A core over this database, by the system's clock.
pub async fn open(url: &str) -> Arc<Core> {
    Core::open(url, Clock::System).await.unwrap()
}

/// An account to be made; nobody can sign in to it.
pub fn account(username: &str) -> NewUser {
    NewUser {
        username: username.into(),
        username_key: key::lookalike_key(username),
        first_name: "First".into(),
        last_name: "Last".into(),
        email: format!("{username}@harbour.example"),
        email_key: format!("{username}@harbour.example"),
        password_hash: "x".into(),
    }
}

/// Posts a message and waits for the writer's reply.
pub async fn post(
    core: &Core,
    author: UserId,
    id: MessageId,
    conversation: ConversationId,
    text: &str,
) -> Result<Reply, Error> {
    let (reply, replied) = oneshot::channel();
    core.writer.post(Post::new(author, id, conversation, body(text)), ReplyTo::Channel(reply)).await;
    replied.await.unwrap()
}
