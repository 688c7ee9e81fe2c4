//! Typing indicators: the user's own, which are sent, and those of others, which expire.

use crate::model::{ConversationId, Person, SortedMap, UserId};
use crate::wire::{TYPING_EVERY, TYPING_FOR};

/// At most this many typing users are kept per conversation; a view shows more than a few as "several people".
const PEOPLE_MAX: usize = 10;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Typing {
    /// When the user's own indicator may be sent again.
    next_sent_at: SortedMap<ConversationId, u64>,
    /// Other users, and when their indicators expire.
    others: SortedMap<ConversationId, SortedMap<UserId, (Person, u64)>>,
}

impl Typing {
    /// The user is typing: returns whether to send that now.
    pub(super) fn should_send(&mut self, now: u64, id: ConversationId) -> bool {
        if self.next_sent_at.get(&id).is_some_and(|next_sent_at| *next_sent_at > now) {
            return false;
        }
        self.next_sent_at.retain(|_, next_sent_at| *next_sent_at > now);
        self.next_sent_at.insert(id, now.saturating_add(TYPING_EVERY));
        true
    }

    /// The user has posted: the next keystroke is sent at once.
    pub(super) fn sent(&mut self, id: ConversationId) {
        self.next_sent_at.remove(&id);
    }

    /// Somebody else is typing. Returns whether that changes what is shown.
    pub(super) fn started(&mut self, now: u64, id: ConversationId, person: Person) -> bool {
        let people = self.others.get_or_default(id);
        if people.len() >= PEOPLE_MAX && !people.contains_key(&person.id) {
            return false;
        }
        people.insert(person.id, (person, now.saturating_add(TYPING_FOR))).is_none()
    }

    /// Somebody's message has arrived: they have stopped typing. Returns whether that changes what is shown.
    pub(super) fn stopped(&mut self, id: ConversationId, user: UserId) -> bool {
        let Some(people) = self.others.get_mut(&id) else { return false };
        let was = people.remove(&user).is_some();
        if people.is_empty() {
            self.others.remove(&id);
        }
        was
    }

    /// Removes expired indicators; returns the conversations in which some were removed.
    pub(super) fn expire(&mut self, now: u64) -> Vec<ConversationId> {
        let mut changed = Vec::new();
        self.others.retain(|id, people| {
            let before = people.len();
            people.retain(|_, (_, until)| *until > now);
            if people.len() != before {
                changed.push(*id);
            }
            !people.is_empty()
        });
        changed
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.others.values().flat_map(|people| people.values()).map(|(_, until)| *until).min()
    }

    pub(super) fn people(&self, id: ConversationId) -> impl Iterator<Item = &Person> {
        self.others.get(&id).into_iter().flat_map(|people| people.values()).map(|(person, _)| person)
    }

    pub(super) fn forget(&mut self, id: ConversationId) {
        self.others.remove(&id);
        self.next_sent_at.remove(&id);
    }
}
