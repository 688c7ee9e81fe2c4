//! Who is typing where: one's own signs, and those of others for as long as they count.

use crate::model::{ConversationId, Person, UserId};
use crate::wire::{TYPING_EVERY, TYPING_FOR};
use std::collections::BTreeMap;

/// More people typing in one conversation are "several" to everyone.
const PEOPLE_MAX: usize = 10;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Typing {
    /// When one's own sign may be sent again.
    next: BTreeMap<ConversationId, u64>,
    /// Others, and until when their sign counts.
    others: BTreeMap<ConversationId, BTreeMap<UserId, (Person, u64)>>,
}

impl Typing {
    /// One types: whether to say so now.
    pub(super) fn says(&mut self, now: u64, id: ConversationId) -> bool {
        if self.next.get(&id).is_some_and(|next| *next > now) {
            return false;
        }
        self.next.retain(|_, next| *next > now);
        self.next.insert(id, now.saturating_add(TYPING_EVERY));
        true
    }

    /// One has sent what one typed: the next word is a new sign.
    pub(super) fn sent(&mut self, id: ConversationId) {
        self.next.remove(&id);
    }

    /// Somebody else types. Tells whether that is news.
    pub(super) fn heard(&mut self, now: u64, id: ConversationId, person: Person) -> bool {
        let people = self.others.entry(id).or_default();
        if people.len() >= PEOPLE_MAX && !people.contains_key(&person.id) {
            return false;
        }
        people.insert(person.id, (person, now.saturating_add(TYPING_FOR))).is_none()
    }

    /// Somebody's message is there: they have stopped. Tells whether that is news.
    pub(super) fn stopped(&mut self, id: ConversationId, user: UserId) -> bool {
        let Some(people) = self.others.get_mut(&id) else { return false };
        let was = people.remove(&user).is_some();
        if people.is_empty() {
            self.others.remove(&id);
        }
        was
    }

    /// Forgets signs that count no longer; returns where that changes something.
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
        self.next.remove(&id);
    }
}
