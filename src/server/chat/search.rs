//! Finding where to go: one's own conversations, rooms to join, people to write to.

use super::name_filter::NameFilter;
use super::{people, rooms};
use crate::model::{ConversationKind, ConversationSummary, Error, Person, Room, UserId};
use crate::server::store::conversations;
use crate::server::{Core, error};

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct SearchResults {
    /// The user's own conversations: those with something unread first, then the most recent.
    pub conversations: Vec<ConversationSummary>,
    /// Public rooms that the user has not joined.
    pub rooms: Vec<Room>,
    /// People with whom the user has no direct conversation yet.
    pub people: Vec<Person>,
}

/// The most results of each kind: typing on narrows the search.
const RESULTS_MAX: usize = 8;
/// Matching rooms and people to read before dropping those that the user knows already.
const CANDIDATES: usize = 24;

/// Finds conversations, rooms and people by a part of their names. An empty query finds the user's own conversations.
///
/// # Errors
/// `Unavailable` when the database cannot be read now.
pub async fn find(core: &Core, user: UserId, query: &str) -> Result<SearchResults, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let filter = NameFilter::new(query);
    let mut conversations = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    conversations.sort_by_key(|summary| (summary.unread() == 0, -summary.at.0));
    let partners: Vec<UserId> =
        conversations.iter().filter_map(|summary| summary.with.as_ref()).map(|with| with.id).collect();
    let matches = |summary: &ConversationSummary| match &summary.with {
        Some(person) => people::matches(&filter, person),
        None => filter.matches(&[&summary.conversation.name]),
    };
    // Without a query, direct conversations that nobody has written in yet would only be noise.
    let is_started =
        |summary: &ConversationSummary| summary.conversation.kind != ConversationKind::Direct || summary.head.0 > 0;
    conversations.retain(|summary| matches(summary) && (is_started(summary) || !filter.is_empty()));
    conversations.truncate(RESULTS_MAX);
    if filter.is_empty() {
        return Ok(SearchResults { conversations, ..SearchResults::default() });
    }
    let mut rooms = rooms::matching(&mut snapshot, user, &filter, None, CANDIDATES).await?.rows;
    rooms.retain(|room| !room.joined);
    rooms.truncate(RESULTS_MAX);
    let mut people = people::matching(&mut snapshot, &filter, None, CANDIDATES).await?.rows;
    people.retain(|person| person.id != user && !partners.contains(&person.id));
    people.truncate(RESULTS_MAX);
    Ok(SearchResults { conversations, rooms, people })
}
