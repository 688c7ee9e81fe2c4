//! Rooms: making them, looking around, coming and going.

use super::people;
use super::search::{self, Search};
use crate::model::page::PAGE;
use crate::model::room::RoomForm;
use crate::model::{Conversation, ConversationId, Error, Person, PersonPage, Room, RoomPage, UserId, key};
use crate::server::access::Standing;
use crate::server::store::{Snapshot, conversations};
use crate::server::writer::{NewRoom, RoomCommand};
use crate::server::{Core, access, auth, error};

/// Makes a room and leads there.
pub async fn create(form: RoomForm, private: bool) -> Result<ConversationId, Error> {
    let (core, user) = auth::caller().await?;
    let id = make(&core, user, &form, private).await.inspect_err(|_| keep(&form))?;
    leptos_axum::redirect(&format!("/c/{id}"));
    Ok(id)
}

/// Makes a room.
///
/// # Errors
/// `Invalid`, in the words of the form.
pub async fn make(core: &Core, owner: UserId, form: &RoomForm, private: bool) -> Result<ConversationId, Error> {
    let text = form.check()?;
    let name_key = key::lookalike_key(&text.name);
    core.writer.create_room(NewRoom { owner, text, name_key, private }).await
}

/// Changes what a room is called and about.
pub async fn change(conversation: ConversationId, form: RoomForm) -> Result<(), Error> {
    let changed = async {
        let text = form.check()?;
        let name_key = key::lookalike_key(&text.name);
        step(conversation, RoomCommand::Change(text, name_key)).await
    };
    changed.await.inspect_err(|_| keep(&form))?;
    leptos_axum::redirect(&format!("/c/{conversation}"));
    Ok(())
}

fn keep(form: &RoomForm) {
    auth::keep_typed(&[("name", &form.name), ("topic", &form.topic)]);
}

/// Joins a room and leads there.
pub async fn join(conversation: ConversationId) -> Result<(), Error> {
    step(conversation, RoomCommand::Join).await?;
    leptos_axum::redirect(&format!("/c/{conversation}"));
    Ok(())
}

/// Leaves a room.
pub async fn leave(conversation: ConversationId) -> Result<(), Error> {
    step(conversation, RoomCommand::Leave).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Deletes a room for everyone.
pub async fn delete(conversation: ConversationId) -> Result<(), Error> {
    step(conversation, RoomCommand::Delete).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Does a step in a conversation that leads nowhere else.
pub async fn step(conversation: ConversationId, step: RoomCommand) -> Result<(), Error> {
    let (core, user) = auth::caller().await?;
    core.writer.step(user, conversation, step).await
}

/// Finds the direct conversation with somebody, or makes it, and leads there.
pub async fn open_direct(other: UserId) -> Result<ConversationId, Error> {
    let (core, user) = auth::caller().await?;
    let id = core.writer.open_direct(user, other).await?;
    leptos_axum::redirect(&format!("/c/{id}"));
    Ok(id)
}

/// A page of the public rooms that `search` fits, from behind a mark.
pub async fn browse(search: &str, after: Option<String>) -> Result<RoomPage, Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    matching(&mut snapshot, user, &Search::new(search), after, PAGE).await
}

/// A page of the public rooms that the search fits.
pub(super) async fn matching(
    snapshot: &mut Snapshot,
    user: UserId,
    search: &Search,
    after: Option<String>,
    limit: usize,
) -> Result<RoomPage, Error> {
    let mut found = Vec::new();
    // Where a page ends stands in the address, which anybody writes.
    if after.as_ref().is_some_and(|after| after.chars().any(char::is_control)) {
        return Err(search::unreadable());
    }
    let mut from = after.map(|name| key::lookalike_key(&name));
    while found.len() <= limit {
        let rooms =
            conversations::public_rooms(&mut snapshot.conn(), user, from.as_deref(), search.at_once(limit)).await;
        let rooms = rooms.map_err(error::reading)?;
        let Some((last, _)) = rooms.last() else { break };
        from = Some(key::lookalike_key(&last.name));
        let rooms = rooms.into_iter().map(|(conversation, joined)| Room { conversation, joined });
        found.extend(rooms.filter(|room| search.fits([&*room.conversation.name, &room.conversation.topic])));
    }
    Ok(search::page(found, limit, |last| last.conversation.name.clone()))
}

/// What the page of a room shows.
#[derive(Clone, Debug)]
pub struct About {
    pub room: Conversation,
    pub me: UserId,
    /// Whether one is in it.
    pub joined: bool,
    /// Whether one may change its name and topic.
    pub may_change: bool,
    /// Whether one may bring people in, show them out, and hand it over.
    pub may_manage_members: bool,
    pub may_leave: bool,
    pub may_delete: bool,
    /// Its members, for those who are in it.
    pub members: Option<PersonPage>,
    /// Some of those who can be brought in, for who may.
    pub others: Vec<Person>,
}

/// How many of those who can be brought in are offered; a search finds the others.
const OFFERED: usize = 8;

/// The page of a room: its members from behind a mark, and those who can be brought in and whom `search` fits.
///
/// # Errors
/// `NotFound` for those who do not see it.
pub async fn about(id: ConversationId, search: &str, after: Option<&str>) -> Result<About, Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let standing = access::standing(&mut snapshot.conn(), user, id).await.map_err(error::reading)?;
    let standing = standing.ok_or_else(Error::not_found)?;
    let room = standing.room()?.conversation.clone();
    let may_manage_members = standing.may_manage_members().is_ok();
    let members = match standing.is_in() {
        true => Some(people::members_page(&mut snapshot, id, after).await?),
        false => None,
    };
    let others = if may_manage_members {
        people::outside(&mut snapshot, id, &Search::new(search), OFFERED).await?
    } else {
        Vec::new()
    };
    let Standing { user: me, .. } = standing;
    let (joined, may_change, may_leave) =
        (standing.is_in(), standing.may_change().is_ok(), standing.may_leave().is_ok());
    Ok(About {
        room,
        me,
        joined,
        may_change,
        may_manage_members,
        may_leave,
        may_delete: standing.may_delete().is_ok(),
        members,
        others,
    })
}
