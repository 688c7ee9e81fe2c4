//! People: everybody who can be written to, those in a room, and finding one or the other.

use super::search::{self, Search};
use crate::model::page::PAGE;
use crate::model::{ConversationId, ConversationKind, ConversationSummary, Error, Person, PersonPage, Room, UserId};
use crate::server::store::{Snapshot, conversations, members, users};
use crate::server::{Core, access, auth, error};

/// A page of everybody who can be written to and whom `search` fits.
pub async fn page(search: &str, after: Option<&str>) -> Result<PersonPage, Error> {
    let (core, _) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    matching(&mut snapshot, &Search::new(search), after, PAGE).await
}

/// Up to so many active accounts that the search fits, from behind a mark.
pub(super) async fn matching(
    snapshot: &mut Snapshot,
    search: &Search,
    after: Option<&str>,
    limit: usize,
) -> Result<PersonPage, Error> {
    let mut found: Vec<Person> = Vec::new();
    let mut from = after.map(str::to_owned);
    while found.len() <= limit {
        let mark = from.as_deref().map(mark).transpose()?;
        let people = users::people(&mut snapshot.conn(), mark, search.at_once(limit)).await.map_err(error::reading)?;
        let Some(last) = people.last() else { break };
        from = Some(cursor(last));
        found.extend(people.into_iter().filter(|person| fits(search, person)));
    }
    Ok(search::page(found, limit, cursor))
}

/// Up to so many people who are not in a conversation and whom the search fits.
pub(super) async fn outside(
    snapshot: &mut Snapshot,
    id: ConversationId,
    search: &Search,
    limit: usize,
) -> Result<Vec<Person>, Error> {
    let mut found: Vec<Person> = Vec::new();
    let mut from: Option<String> = None;
    while found.len() < limit {
        let mark = from.as_deref().map(mark).transpose()?;
        let read = users::outside(&mut snapshot.conn(), id, mark, search.at_once(limit)).await;
        let people = read.map_err(error::reading)?;
        let Some(last) = people.last() else { break };
        from = Some(cursor(last));
        found.extend(people.into_iter().filter(|person| fits(search, person)));
    }
    found.truncate(limit);
    Ok(found)
}

fn fits(search: &Search, person: &Person) -> bool {
    search.fits([&*person.username, &person.full_name()])
}

/// A page of a conversation's members.
pub async fn members(conversation: ConversationId, after: Option<String>) -> Result<PersonPage, Error> {
    let (core, user) = auth::caller().await?;
    members_of(&core, user, conversation, after.as_deref()).await
}

/// The same, for a user.
///
/// # Errors
/// `NotFound` for those who are not in it.
pub async fn members_of(
    core: &Core,
    user: UserId,
    conversation: ConversationId,
    after: Option<&str>,
) -> Result<PersonPage, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::conversation(&mut snapshot, user, conversation).await?;
    members_page(&mut snapshot, conversation, after).await
}

pub(super) async fn members_page(
    snapshot: &mut Snapshot,
    conversation: ConversationId,
    after: Option<&str>,
) -> Result<PersonPage, Error> {
    let after = after.map(mark).transpose()?;
    let found = members::page(&mut snapshot.conn(), conversation, after, PAGE + 1).await.map_err(error::reading)?;
    Ok(search::page(found.into_iter().map(|member| member.person).collect(), PAGE, cursor))
}

/// Where a page of people ends: their names and number, which nobody else has together.
fn cursor(person: &Person) -> String {
    format!("{}\n{}\n{}", person.first_name, person.last_name, person.id)
}

fn mark(cursor: &str) -> Result<(&str, &str, UserId), Error> {
    if cursor.chars().any(|c| c.is_control() && c != '\n') {
        return Err(search::unreadable());
    }
    let mut parts = cursor.split('\n');
    match (parts.next(), parts.next(), parts.next().and_then(|id| id.parse().ok()), parts.next()) {
        (Some(first), Some(last), Some(id), None) => Ok((first, last, id)),
        _ => Err(search::unreadable()),
    }
}

/// Where one can go: what `find` finds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// One's own conversations; those with something unread first, then the most recent.
    pub conversations: Vec<ConversationSummary>,
    /// Public rooms that one is not in.
    pub rooms: Vec<Room>,
    /// People with whom one has not talked yet.
    pub people: Vec<Person>,
}

/// The most rows of each kind that are found.
const FOUND_MAX: usize = 8;
/// How many that fit are looked at for them: what is looked for is narrowed down by typing on.
const LOOKED_AT: usize = 24;

/// Finds conversations, rooms and people by a part of their names; without one, one's own conversations.
pub async fn find(search: &str) -> Result<Found, Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let (nothing, search) = (search.trim().is_empty(), Search::new(search));
    let mut summaries = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    summaries.sort_by_key(|summary| (summary.unread() == 0, -summary.at.0));
    let partners: Vec<UserId> =
        summaries.iter().filter_map(|summary| summary.with.as_ref()).map(|with| with.id).collect();
    let fits_line = |summary: &ConversationSummary| match &summary.with {
        Some(person) => fits(&search, person),
        None => search.fits([&*summary.conversation.name]),
    };
    // A direct conversation begins with its first message; until then its person is found as one to write to.
    summaries.retain(|summary| {
        fits_line(summary) && (summary.conversation.kind != ConversationKind::Direct || summary.head.0 > 0 || !nothing)
    });
    summaries.truncate(FOUND_MAX);
    if nothing {
        return Ok(Found { conversations: summaries, ..Found::default() });
    }
    // Those that are known already are among them.
    let mut rooms = super::rooms::matching(&mut snapshot, user, &search, None, LOOKED_AT).await?.rows;
    rooms.retain(|room| !room.joined);
    rooms.truncate(FOUND_MAX);
    let mut people = matching(&mut snapshot, &search, None, LOOKED_AT).await?.rows;
    people.retain(|person| person.id != user && !partners.contains(&person.id));
    people.truncate(FOUND_MAX);
    Ok(Found { conversations: summaries, rooms, people })
}
