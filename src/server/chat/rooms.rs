//! Rooms: making them, looking around, coming and going.

use crate::model::people::PAGE;
use crate::model::room::RoomForm;
use crate::model::{ConversationId, Error, Page, People, Person, Room, Rooms, UserId, key};
use crate::server::store::{conversations, members, users};
use crate::server::writer::{NewRoom, Step};
use crate::server::{Core, access, auth, error};

/// Makes a room and leads there.
pub async fn create(form: RoomForm, private: bool) -> Result<ConversationId, Error> {
    let (core, user) = auth::caller().await?;
    let id = make(&core, user, &form, private).await?;
    leptos_axum::redirect(&format!("/c/{id}"));
    Ok(id)
}

/// Makes a room.
///
/// # Errors
/// `Invalid`, in the words of the form.
pub async fn make(core: &Core, creator: UserId, form: &RoomForm, private: bool) -> Result<ConversationId, Error> {
    let text = form.check()?;
    let name_key = key::look(&text.name);
    core.writer.create_room(NewRoom { creator, text, name_key, private }).await
}

/// Changes what a room is called and about.
pub async fn change(conversation: ConversationId, form: RoomForm) -> Result<(), Error> {
    let text = form.check()?;
    let name_key = key::look(&text.name);
    step(conversation, Step::Change(text, name_key)).await?;
    leptos_axum::redirect(&format!("/c/{conversation}"));
    Ok(())
}

/// Joins a room and leads there.
pub async fn join(conversation: ConversationId) -> Result<(), Error> {
    step(conversation, Step::Join).await?;
    leptos_axum::redirect(&format!("/c/{conversation}"));
    Ok(())
}

/// Leaves a room.
pub async fn leave(conversation: ConversationId) -> Result<(), Error> {
    step(conversation, Step::Leave).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Deletes a room for everyone.
pub async fn delete(conversation: ConversationId) -> Result<(), Error> {
    step(conversation, Step::Delete).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Does a step in a conversation that leads nowhere else.
pub async fn step(conversation: ConversationId, step: Step) -> Result<(), Error> {
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

/// A page of the public rooms.
pub async fn browse(after: Option<String>) -> Result<Rooms, Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let after = after.map(|name| key::look(&name));
    let rooms = conversations::public_rooms(&mut snapshot.conn(), user, after.as_deref(), PAGE + 1)
        .await
        .map_err(error::reading)?;
    let rows = rooms.into_iter().map(|(conversation, joined)| Room { conversation, joined }).collect();
    Ok(page(rows, |last: &Room| last.conversation.name.clone()))
}

/// A page of everybody who can be written to.
pub async fn people(after: Option<String>) -> Result<People, Error> {
    let (core, _) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let after = after.as_deref().map(mark).transpose()?;
    let people = users::people(&mut snapshot.conn(), after, PAGE + 1).await.map_err(error::reading)?;
    Ok(page(people, cursor))
}

/// A page of a conversation's members.
pub async fn members(conversation: ConversationId, after: Option<String>) -> Result<People, Error> {
    let (core, user) = auth::caller().await?;
    members_page(&core, user, conversation, after.as_deref()).await
}

/// The same, for a user.
///
/// # Errors
/// `NotFound` for those who are not in it.
pub async fn members_page(
    core: &Core,
    user: UserId,
    conversation: ConversationId,
    after: Option<&str>,
) -> Result<People, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::conversation(&mut snapshot, user, conversation).await?;
    let after = after.map(mark).transpose()?;
    let found = members::page(&mut snapshot.conn(), conversation, after, PAGE + 1).await.map_err(error::reading)?;
    Ok(page(found.into_iter().map(|member| member.person).collect(), cursor))
}

/// Cuts one row more than a page holds down to the page, and says how to go on.
fn page<T>(mut rows: Vec<T>, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, next }
}

/// Where a page of people ends: their names and number, which nobody else has together.
fn cursor(person: &Person) -> String {
    format!("{}\n{}\n{}", person.first_name, person.last_name, person.id)
}

fn mark(cursor: &str) -> Result<(&str, &str, UserId), Error> {
    let mut parts = cursor.split('\n');
    match (parts.next(), parts.next(), parts.next().and_then(|id| id.parse().ok()), parts.next()) {
        (Some(first), Some(last), Some(id), None) => Ok((first, last, id)),
        _ => Err(Error::invalid("This page's mark could not be read. Start from the first one.")),
    }
}
