//! What the switcher finds, and in which order.

use crate::client::search::{Folded, Match, Query, Rank};
use crate::model::conversation::UNREAD_SHOWN;
use crate::model::{ConversationId, ConversationKind, ConversationSummary, Person, Room, UserId, sorted};
use std::cmp::Reverse;
use std::ops::Range;

/// The most conversations that are shown: more are found by typing on.
pub const CONVERSATIONS_SHOWN: usize = 30;
/// The most rooms to join, and the most people, that are shown.
pub const OTHERS_SHOWN: usize = 8;

/// Where a result leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Conversation(ConversationId),
    /// A room that one is not in.
    Room(ConversationId),
    /// Somebody with whom there is no conversation yet.
    Person(UserId),
}

impl Target {
    /// The `id` of its element.
    pub fn element_id(self) -> String {
        match self {
            Target::Conversation(id) => format!("switch-to-conversation-{id}"),
            Target::Room(id) => format!("switch-to-room-{id}"),
            Target::Person(id) => format!("switch-to-person-{id}"),
        }
    }
}

/// A result, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub target: Target,
    pub kind: ConversationKind,
    /// The other one of a direct conversation.
    pub person: Option<Person>,
    pub name: String,
    /// Which bytes of the name match.
    pub marks: Vec<Range<usize>>,
    /// What stands at the end of the row.
    pub note: String,
}

/// A conversation that the client holds, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    summary: ConversationSummary,
    name: String,
    folded: Folded,
    username: Option<Folded>,
}

impl Candidate {
    pub fn new(summary: ConversationSummary) -> Self {
        let name = summary.title();
        let username = summary.with.as_ref().map(|person| Folded::new(&person.username));
        Candidate { folded: Folded::new(&name), username, name, summary }
    }
}

/// Results, and how many there would be if all were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub total: usize,
}

/// The conversations that match: the better match first, then those with unread messages, then the most recent. An
/// empty query finds all of them but the direct conversations that have no message yet.
pub fn conversations(candidates: &[Candidate], query: &Query) -> Found {
    let begun = |candidate: &&Candidate| {
        candidate.summary.head.0 > 0 || candidate.summary.conversation.kind != ConversationKind::Direct
    };
    let found: Vec<(Match, &Candidate)> = candidates
        .iter()
        .filter(|candidate| begun(candidate) || !query.is_empty())
        .filter_map(|candidate| Some((best(query, &candidate.folded, candidate.username.as_ref())?, candidate)))
        .collect();
    let mut found = sorted(found, |(a, one), (b, other)| {
        let key = |found: &Match, candidate: &Candidate| {
            (found.rank, candidate.summary.unread() == 0, Reverse(candidate.summary.at))
        };
        key(a, one).cmp(&key(b, other)).then_with(|| one.folded.cmp_letters(&other.folded))
    });
    let total = found.len();
    found.truncate(CONVERSATIONS_SHOWN);
    let hit = |(found, candidate): (Match, &Candidate)| {
        let summary = &candidate.summary;
        Hit {
            target: Target::Conversation(summary.conversation.id),
            kind: summary.conversation.kind,
            person: summary.with.clone(),
            name: candidate.name.clone(),
            marks: found.marks,
            note: match (summary.unread(), &summary.with) {
                (0, Some(person)) => format!("@{}", person.username),
                (0, None) => members_text(summary.conversation.member_count),
                (n, _) if n > UNREAD_SHOWN => format!("{UNREAD_SHOWN}+ unread"),
                (n, _) => format!("{n} unread"),
            },
        }
    };
    Found { hits: found.into_iter().map(hit).collect(), total }
}

/// Of the public rooms that the server has found, those that one is not in and whose name or topic matches.
pub fn rooms(rooms: &[Room], query: &Query) -> Found {
    let mut found: Vec<(Rank, Hit)> = Vec::new();
    for Room { conversation, .. } in rooms.iter().filter(|room| !room.joined) {
        let by_name = query.matches(&Folded::new(&conversation.name));
        let by_topic = || query.matches(&Folded::new(&conversation.topic)).map(|_| hidden());
        let Some(matched) = by_name.or_else(by_topic) else { continue };
        let hit = Hit {
            target: Target::Room(conversation.id),
            kind: conversation.kind,
            person: None,
            name: conversation.name.clone(),
            marks: matched.marks,
            note: members_text(conversation.member_count),
        };
        found.push((matched.rank, hit));
    }
    best_first(found)
}

/// Of the people whom the server has found, those who match and are not among `known`: oneself, and those with whom
/// there is a conversation.
pub fn people(people: &[Person], known: &[UserId], query: &Query) -> Found {
    let mut found: Vec<(Rank, Hit)> = Vec::new();
    for person in people.iter().filter(|person| !known.contains(&person.id)) {
        let name = person.full_name();
        let username = Folded::new(&person.username);
        let Some(matched) = best(query, &Folded::new(&name), Some(&username)) else { continue };
        let hit = Hit {
            target: Target::Person(person.id),
            kind: ConversationKind::Direct,
            person: Some(person.clone()),
            name,
            marks: matched.marks,
            note: format!("@{}", person.username),
        };
        found.push((matched.rank, hit));
    }
    best_first(found)
}

/// How a name matches; if it does not, whether something else does by which it is known.
fn best(query: &Query, name: &Folded, alias: Option<&Folded>) -> Option<Match> {
    query.matches(name).or_else(|| query.matches(alias?).map(|_| hidden()))
}

/// A match by something that is not what is shown.
fn hidden() -> Match {
    Match { rank: Rank::Within, marks: Vec::new() }
}

fn best_first(found: Vec<(Rank, Hit)>) -> Found {
    let total = found.len();
    // The server's order, by names, decides among equals.
    let found = sorted(found, |one, other| one.0.cmp(&other.0));
    Found { hits: found.into_iter().map(|(_, hit)| hit).take(OTHERS_SHOWN).collect(), total }
}

/// How many members, in words.
fn members_text(count: i64) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Conversation, Millis, ReadPosition, Rev, Seq};

    fn person(id: i64, name: &str, username: &str) -> Person {
        let (first, last) = name.split_once(' ').unwrap();
        Person { id: UserId(id), username: username.into(), first_name: first.into(), last_name: last.into() }
    }

    fn room(id: i64, name: &str, topic: &str) -> Conversation {
        Conversation {
            id: ConversationId(id),
            rev: Rev(1),
            kind: ConversationKind::Public,
            name: name.into(),
            topic: topic.into(),
            owner: None,
            member_count: 2,
        }
    }

    fn summary(id: i64, name: &str, at: i64, unread: i64) -> ConversationSummary {
        ConversationSummary {
            conversation: room(id, name, ""),
            with: None,
            rev: Rev(1),
            head: Seq(9),
            at: Millis(at),
            others_message_count: 5 + unread,
            read: ReadPosition { seq: Seq(5), others_message_count: 5 },
        }
    }

    fn direct(id: i64, with: Person, at: i64, head: i64) -> ConversationSummary {
        let mut summary = summary(id, "", at, 0);
        summary.conversation.kind = ConversationKind::Direct;
        summary.with = Some(with);
        summary.head = Seq(head);
        summary
    }

    fn names(held: &[ConversationSummary], query: &str) -> Vec<String> {
        let held: Vec<Candidate> = held.iter().cloned().map(Candidate::new).collect();
        conversations(&held, &Query::new(query)).hits.into_iter().map(|hit| hit.name).collect()
    }

    #[test]
    fn without_a_query_unread_conversations_come_first_and_then_the_most_recent() {
        let held = [
            summary(1, "old", 10, 0),
            summary(2, "new", 30, 0),
            summary(3, "old unread", 5, 2),
            summary(4, "new unread", 20, 1),
            direct(5, person(7, "Tom Okafor", "tom"), 40, 3),
            direct(6, person(8, "Not Begun", "nobody"), 50, 0),
        ];
        assert_eq!(names(&held, ""), ["new unread", "old unread", "Tom Okafor", "new", "old"]);
        // It is found by its name all the same.
        assert_eq!(names(&held, "begun"), ["Not Begun"]);
    }

    #[test]
    fn the_better_match_comes_before_the_more_recent_conversation() {
        let held = [summary(1, "training", 90, 3), summary(2, "in", 10, 0), summary(3, "Inventory", 20, 0)];
        assert_eq!(names(&held, "in"), ["in", "Inventory", "training"]);
        assert_eq!(names(&held, "nothing"), [""; 0]);
    }

    #[test]
    fn people_are_found_by_their_names_in_any_order_and_by_their_usernames() {
        let held = [direct(1, person(7, "Tom Okafor", "captain"), 1, 1)];
        for query in ["okafor tom", "TOM", "@captain", "capt"] {
            assert_eq!(names(&held, query), ["Tom Okafor"], "{query}");
        }
    }

    #[test]
    fn what_is_known_already_is_not_found_again_among_rooms_and_people() {
        let (known, fresh) = (person(1, "Ana Ruiz", "ana"), person(2, "Anton Berg", "anton"));
        let found = people(&[known, fresh], &[UserId(1)], &Query::new("an"));
        assert_eq!(found.hits.iter().map(|hit| hit.target).collect::<Vec<_>>(), [Target::Person(UserId(2))]);
        let joined = Room { conversation: room(3, "boats", ""), joined: true };
        let open = Room { conversation: room(4, "anchors", "boats at rest"), joined: false };
        let found = rooms(&[joined, open], &Query::new("boats"));
        // Found by its topic: nothing of its name is marked.
        assert_eq!(
            found.hits.iter().map(|hit| (hit.target, hit.marks.len())).collect::<Vec<_>>(),
            [(Target::Room(ConversationId(4)), 0)]
        );
    }

    #[test]
    fn a_long_list_is_cut_and_says_how_long_it_was() {
        let held: Vec<Candidate> = (0..100).map(|id| Candidate::new(summary(id, "room", id, 0))).collect();
        let found = conversations(&held, &Query::new("room"));
        assert_eq!((found.hits.len(), found.total), (CONVERSATIONS_SHOWN, 100));
        assert_eq!(found.hits[0].target, Target::Conversation(ConversationId(99)));
    }
}
