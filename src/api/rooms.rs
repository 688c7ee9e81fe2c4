//! RoomPage and direct conversations.

use crate::model::{ConversationId, Error, PersonPage, RoomPage, UserId};
use leptos::prelude::*;

/// Makes a room with oneself in it, and leads there.
#[server(prefix = "/api", endpoint = "create-room")]
pub async fn create_room(
    name: String,
    #[server(default)] topic: String,
    #[server(default)] private: bool,
) -> Result<ConversationId, Error> {
    use crate::model::room::RoomForm;
    use crate::server::chat;
    chat::rooms::create(RoomForm { name, topic }, private).await
}

/// Changes a room's name and topic.
#[server(prefix = "/api", endpoint = "change-room")]
pub async fn change_room(
    conversation: ConversationId,
    name: String,
    #[server(default)] topic: String,
) -> Result<(), Error> {
    use crate::model::room::RoomForm;
    use crate::server::chat;
    chat::rooms::change(conversation, RoomForm { name, topic }).await
}

#[server(prefix = "/api", endpoint = "join-room")]
pub async fn join_room(conversation: ConversationId) -> Result<(), Error> {
    use crate::server::chat;
    chat::rooms::join(conversation).await
}

#[server(prefix = "/api", endpoint = "leave-room")]
pub async fn leave_room(conversation: ConversationId) -> Result<(), Error> {
    use crate::server::chat;
    chat::rooms::leave(conversation).await
}

#[server(prefix = "/api", endpoint = "delete-room")]
pub async fn delete_room(conversation: ConversationId) -> Result<(), Error> {
    use crate::server::chat;
    chat::rooms::delete(conversation).await
}

/// Brings somebody into a room.
#[server(prefix = "/api", endpoint = "add-member")]
pub async fn add_member(conversation: ConversationId, user: UserId) -> Result<(), Error> {
    use crate::server::chat;
    use crate::server::writer::RoomCommand;
    chat::rooms::step(conversation, RoomCommand::Add(user)).await
}

/// Shows somebody out of a room.
#[server(prefix = "/api", endpoint = "remove-member")]
pub async fn remove_member(conversation: ConversationId, user: UserId) -> Result<(), Error> {
    use crate::server::chat;
    use crate::server::writer::RoomCommand;
    chat::rooms::step(conversation, RoomCommand::Remove(user)).await
}

/// Hands a room over to one of its members.
#[server(prefix = "/api", endpoint = "transfer-room")]
pub async fn transfer_room(conversation: ConversationId, user: UserId) -> Result<(), Error> {
    use crate::server::chat;
    use crate::server::writer::RoomCommand;
    chat::rooms::step(conversation, RoomCommand::TransferOwnership(user)).await
}

/// Finds the direct conversation with somebody, or makes it, and leads there.
#[server(prefix = "/api", endpoint = "open-direct")]
pub async fn open_direct(user: UserId) -> Result<ConversationId, Error> {
    use crate::server::chat;
    chat::rooms::open_direct(user).await
}

/// A page of the public rooms whose name or topic contains `search`, from behind where the last page ended.
#[server(prefix = "/api", endpoint = "browse-rooms")]
pub async fn browse_rooms(#[server(default)] search: String, after: Option<String>) -> Result<RoomPage, Error> {
    use crate::server::chat;
    chat::rooms::browse(&search, after).await
}

/// A page of everybody who can be written to and whose name contains `search`.
#[server(prefix = "/api", endpoint = "list-people")]
pub async fn list_people(#[server(default)] search: String, after: Option<String>) -> Result<PersonPage, Error> {
    use crate::server::chat;
    chat::people::page(&search, after.as_deref()).await
}

/// A page of a conversation's members.
#[server(prefix = "/api", endpoint = "list-members")]
pub async fn list_members(conversation: ConversationId, after: Option<String>) -> Result<PersonPage, Error> {
    use crate::server::chat;
    chat::people::members(conversation, after).await
}
