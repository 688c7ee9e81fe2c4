//! Rooms, direct conversations, and people.

use crate::model::room::RoomDetails;
use crate::model::{ConversationId, Error, PersonPage, RoomPage, UserId};
use leptos::prelude::*;

/// Makes a room with the caller as its owner, and leads there.
#[server(prefix = "/api", endpoint = "create-room")]
pub async fn create_room(
    name: String,
    #[server(default)] topic: String,
    #[server(default)] private: bool,
) -> Result<ConversationId, Error> {
    use crate::model::room::RoomForm;
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    let form = RoomForm { name, topic };
    let created = chat::rooms::create(&core, user, &form, private).await;
    let id = created.inspect_err(|_| server_functions::keep_room_form(&form))?;
    server_functions::redirect_to_conversation(id);
    Ok(id)
}

/// Changes a room's name and topic, and leads there.
#[server(prefix = "/api", endpoint = "change-room")]
pub async fn change_room(
    conversation: ConversationId,
    name: String,
    #[server(default)] topic: String,
) -> Result<(), Error> {
    use crate::model::room::RoomForm;
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    let form = RoomForm { name, topic };
    let changed = chat::rooms::change(&core, user, conversation, &form).await;
    changed.inspect_err(|_| server_functions::keep_room_form(&form))?;
    server_functions::redirect_to_conversation(conversation);
    Ok(())
}

/// Joins a public room, and leads there.
#[server(prefix = "/api", endpoint = "join-room")]
pub async fn join_room(conversation: ConversationId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::rooms::join(&core, user, conversation).await?;
    server_functions::redirect_to_conversation(conversation);
    Ok(())
}

/// Leaves a room, and leads to the list of conversations.
#[server(prefix = "/api", endpoint = "leave-room")]
pub async fn leave_room(conversation: ConversationId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::rooms::leave(&core, user, conversation).await?;
    server_functions::redirect_to_conversations();
    Ok(())
}

/// Deletes a room for everyone, and leads to the list of conversations.
#[server(prefix = "/api", endpoint = "delete-room")]
pub async fn delete_room(conversation: ConversationId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::rooms::delete(&core, user, conversation).await?;
    server_functions::redirect_to_conversations();
    Ok(())
}

/// Adds somebody to a room.
#[server(prefix = "/api", endpoint = "add-member")]
pub async fn add_member(conversation: ConversationId, user: UserId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::rooms::add_member(&core, caller, conversation, user).await
}

/// Removes somebody from a room.
#[server(prefix = "/api", endpoint = "remove-member")]
pub async fn remove_member(conversation: ConversationId, user: UserId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::rooms::remove_member(&core, caller, conversation, user).await
}

/// Makes another member the owner of a room.
#[server(prefix = "/api", endpoint = "transfer-room")]
pub async fn transfer_room(conversation: ConversationId, user: UserId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    chat::rooms::transfer_ownership(&core, caller, conversation, user).await
}

/// Finds the direct conversation with somebody, or makes it, and leads there.
#[server(prefix = "/api", endpoint = "open-direct")]
pub async fn open_direct(user: UserId) -> Result<ConversationId, Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    let id = chat::rooms::open_direct(&core, caller, user).await?;
    server_functions::redirect_to_conversation(id);
    Ok(id)
}

/// A page of the public rooms whose name or topic contains `search`, after the cursor of the page before.
#[server(prefix = "/api", endpoint = "browse-rooms")]
pub async fn browse_rooms(#[server(default)] search: String, after: Option<String>) -> Result<RoomPage, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::rooms::browse(&core, user, &search, after.as_deref()).await
}

/// A page of the active accounts whose name contains `search`, after the cursor of the page before.
#[server(prefix = "/api", endpoint = "list-people")]
pub async fn list_people(#[server(default)] search: String, after: Option<String>) -> Result<PersonPage, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::people::page(&core, user, &search, after.as_deref()).await
}

/// A page of a conversation's members whose names contain `search`, after the cursor of the page before.
#[server(prefix = "/api", endpoint = "list-members")]
pub async fn list_members(
    conversation: ConversationId,
    #[server(default)] search: String,
    after: Option<String>,
) -> Result<PersonPage, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::people::members(&core, user, conversation, &search, after.as_deref()).await
}

/// A room, what the caller may do with it, its first members, and people to add whose names contain `search`.
#[server(prefix = "/api", endpoint = "room-details")]
pub async fn get_room_details(
    conversation: ConversationId,
    #[server(default)] search: String,
) -> Result<RoomDetails, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::rooms::details(&core, user, conversation, &search, None).await
}
