//! Rooms and direct conversations: making them, browsing them, and who is in them.

use super::name_filter::{self, NameFilter};
use super::people;
use crate::model::page::PAGE;
use crate::model::room::{RoomDetails, RoomForm};
use crate::model::{ConversationId, Error, Room, RoomPage, UserId, key};
use crate::server::store::{Snapshot, conversations};
use crate::server::writer::{NewRoom, RoomCommand};
use crate::server::{Core, access, error};

/// Makes a room, with the user as its owner and only member.
///
/// # Errors
/// `Invalid` with the form's problems, also when the name of a public room is taken; `Forbidden` for one room too many.
pub async fn create(core: &Core, user: UserId, form: &RoomForm, private: bool) -> Result<ConversationId, Error> {
    let text = form.check()?;
    let name_key = key::lookalike_key(&text.name);
    core.writer.create_room(NewRoom { owner: user, text, name_key, private }).await
}

/// Changes a room's name and topic.
///
/// # Errors
/// As [`create`], and what [`access`] refuses.
pub async fn change(core: &Core, user: UserId, id: ConversationId, form: &RoomForm) -> Result<(), Error> {
    let text = form.check()?;
    let name_key = key::lookalike_key(&text.name);
    core.writer.change_room(user, id, RoomCommand::Change(text, name_key)).await
}

/// Joins a public room.
pub async fn join(core: &Core, user: UserId, id: ConversationId) -> Result<(), Error> {
    core.writer.change_room(user, id, RoomCommand::Join).await
}

/// Leaves a room. If its owner leaves, another member becomes the owner; an empty private room is deleted.
pub async fn leave(core: &Core, user: UserId, id: ConversationId) -> Result<(), Error> {
    core.writer.change_room(user, id, RoomCommand::Leave).await
}

/// Deletes a room for everyone.
pub async fn delete(core: &Core, user: UserId, id: ConversationId) -> Result<(), Error> {
    core.writer.change_room(user, id, RoomCommand::Delete).await
}

/// Adds somebody to a room.
pub async fn add_member(core: &Core, user: UserId, id: ConversationId, member: UserId) -> Result<(), Error> {
    core.writer.change_room(user, id, RoomCommand::Add(member)).await
}

/// Removes somebody from a room.
pub async fn remove_member(core: &Core, user: UserId, id: ConversationId, member: UserId) -> Result<(), Error> {
    core.writer.change_room(user, id, RoomCommand::Remove(member)).await
}

/// Makes another member the owner of a room.
pub async fn transfer_ownership(core: &Core, user: UserId, id: ConversationId, member: UserId) -> Result<(), Error> {
    core.writer.change_room(user, id, RoomCommand::TransferOwnership(member)).await
}

/// Finds the direct conversation with somebody, or makes it.
pub async fn open_direct(core: &Core, user: UserId, other: UserId) -> Result<ConversationId, Error> {
    core.writer.open_direct(user, other).await
}

/// A page of the public rooms whose name or topic contains `query`, after the cursor of the page before.
///
/// # Errors
/// `Invalid` for a cursor that no page ended with.
pub async fn browse(core: &Core, user: UserId, query: &str, after: Option<&str>) -> Result<RoomPage, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    matching(&mut snapshot, user, &NameFilter::new(query), after, PAGE).await
}

/// Up to `limit` public rooms that match, after a cursor: the name of the last room of the page before.
pub(super) async fn matching(
    snapshot: &mut Snapshot,
    user: UserId,
    filter: &NameFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<RoomPage, Error> {
    // It comes from the page's address, which anybody may write; a database may refuse control characters.
    if after.is_some_and(|after| after.chars().any(char::is_control)) {
        return Err(name_filter::invalid_cursor());
    }
    let (after, patterns) = (after.map(key::lookalike_key), filter.containing());
    let conn = &mut snapshot.conn();
    let rooms = conversations::public_rooms(conn, user, &patterns, after.as_deref(), limit + 1).await;
    let rooms = rooms.map_err(error::reading)?.into_iter();
    let rooms = rooms.map(|(conversation, joined)| Room { conversation, joined }).collect();
    Ok(name_filter::page(rooms, limit, |last: &Room| last.conversation.name.clone()))
}

/// How many people to add are offered; a search finds the others.
const CANDIDATES: usize = 8;

/// The page of a room: its members after the cursor of the page before, and people to add whose names contain `query`.
///
/// # Errors
/// `NotFound` for those who do not see the room.
pub async fn details(
    core: &Core,
    user: UserId,
    id: ConversationId,
    query: &str,
    after: Option<&str>,
) -> Result<RoomDetails, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let access = access::room(&mut snapshot.conn(), user, id).await.map_err(error::reading)?;
    let access = access.ok_or_else(Error::not_found)?;
    let room = access.may_see_room()?.clone();
    let may_manage_members = access.may_manage_members().is_ok();
    let members = match access.is_member() {
        true => Some(people::members_page(&mut snapshot, id, &NameFilter::new(""), after).await?),
        false => None,
    };
    let candidates = match may_manage_members {
        true => people::non_members(&mut snapshot, id, &NameFilter::new(query), CANDIDATES).await?,
        false => Vec::new(),
    };
    Ok(RoomDetails {
        room,
        me: user,
        joined: access.is_member(),
        may_change: access.may_change().is_ok(),
        may_manage_members,
        may_leave: access.may_leave().is_ok(),
        may_delete: access.may_delete().is_ok(),
        members,
        candidates,
    })
}
