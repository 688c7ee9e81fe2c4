//! People: everyone on the server, and the members of a conversation.

use super::name_filter::{self, NameFilter};
use crate::model::page::PAGE;
use crate::model::{ConversationId, Error, Page, Person, PersonPage, UserId};
use crate::server::store::users::{NamePatterns, PersonPlace};
use crate::server::store::{Snapshot, members, users};
use crate::server::{Core, access, error};

/// A page of the active accounts whose names contain each word of `query`, those first in which each begins a name, after
/// the cursor of the page before. Every user sees all of them.
///
/// # Errors
/// `Invalid` for a cursor that no page ended with.
pub async fn page(core: &Core, _user: UserId, query: &str, after: Option<&str>) -> Result<PersonPage, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    matching(&mut snapshot, &NameFilter::new(query), after, PAGE).await
}

/// Up to `limit` active accounts that match, after a cursor.
pub(super) async fn matching(
    snapshot: &mut Snapshot,
    filter: &NameFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<PersonPage, Error> {
    let after = after.map(parse_cursor).transpose()?;
    let (containing, beginning) = (filter.containing(), filter.beginning());
    let patterns = NamePatterns { containing: &containing, beginning: &beginning };
    let found = users::people(&mut snapshot.conn(), patterns, after, limit + 1).await.map_err(error::reading)?;
    let Page { rows, next } = name_filter::page(found, limit, |(rank, person)| cursor(*rank, person));
    Ok(Page { rows: rows.into_iter().map(|(_, person)| person).collect(), next })
}

/// Up to `limit` active accounts that match and are not members of a conversation.
pub(super) async fn non_members(
    snapshot: &mut Snapshot,
    id: ConversationId,
    filter: &NameFilter,
    limit: usize,
) -> Result<Vec<Person>, Error> {
    let (containing, beginning) = (filter.containing(), filter.beginning());
    let patterns = NamePatterns { containing: &containing, beginning: &beginning };
    users::non_members(&mut snapshot.conn(), id, patterns, limit).await.map_err(error::reading)
}

pub(super) fn matches(filter: &NameFilter, person: &Person) -> bool {
    filter.matches(&[&person.username, &person.full_name()])
}

/// A page of the members of a conversation whose names contain `query`, after the cursor of the page before.
///
/// # Errors
/// `NotFound` for those who are not in it.
pub async fn members(
    core: &Core,
    user: UserId,
    conversation: ConversationId,
    query: &str,
    after: Option<&str>,
) -> Result<PersonPage, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::conversation(&mut snapshot, user, conversation).await?;
    members_page(&mut snapshot, conversation, &NameFilter::new(query), after).await
}

pub(super) async fn members_page(
    snapshot: &mut Snapshot,
    conversation: ConversationId,
    filter: &NameFilter,
    after: Option<&str>,
) -> Result<PersonPage, Error> {
    let after = after.map(parse_cursor).transpose()?;
    let after = after.map(|(_, first, last, id)| (first, last, id));
    let found = members::page(&mut snapshot.conn(), conversation, &filter.containing(), after, PAGE + 1).await;
    let people = found.map_err(error::reading)?.into_iter().map(|member| member.person).collect();
    Ok(name_filter::page(people, PAGE, |person| cursor(0, person)))
}

/// The cursor after a person.
fn cursor(rank: i64, person: &Person) -> String {
    format!("{rank}\n{}\n{}\n{}", person.first_name, person.last_name, person.id)
}

fn parse_cursor(cursor: &str) -> Result<PersonPlace<'_>, Error> {
    // It comes from the page's address, which anybody may write; a database may refuse control characters.
    if cursor.chars().any(|c| c.is_control() && c != '\n') {
        return Err(name_filter::invalid_cursor());
    }
    let mut parts = cursor.split('\n');
    let rank = parts.next().and_then(|rank| rank.parse().ok());
    match (rank, parts.next(), parts.next(), parts.next().and_then(|id| id.parse().ok()), parts.next()) {
        (Some(rank), Some(first), Some(last), Some(id), None) => Ok((rank, first, last, id)),
        _ => Err(name_filter::invalid_cursor()),
    }
}
