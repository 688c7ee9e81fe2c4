//! Who is there: whom this client watches, what it was told of them, and the signs of its own person.

use super::conversation::{RETRY_MOST, retry_after};
use crate::model::presence::AWAY_AFTER;
use crate::model::{Error, InitialState, Millis, Presence, UserId};
use crate::wire::{ACTIVE_EVERY, WATCH_MAX};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PresenceTracker {
    /// Whom the page shows beside the list.
    shown: BTreeSet<UserId>,
    /// Whom to watch: those, and the others of one's direct conversations.
    wanted: BTreeSet<UserId>,
    /// Whom the server was asked to watch over this connection.
    asked: Option<BTreeSet<UserId>>,
    /// After a refusal: not before this.
    not_before: u64,
    told: BTreeMap<UserId, Presence>,
    /// The last sign of one's own person (wall clock: the other one may stand still while a device sleeps).
    active: Option<Millis>,
    /// When the server was told of one, over this connection.
    said: Option<u64>,
}

impl PresenceTracker {
    pub(super) fn told(&self) -> &BTreeMap<UserId, Presence> {
        &self.told
    }

    /// The page shows these people beside the list.
    pub(super) fn show(&mut self, users: BTreeSet<UserId>) {
        self.shown = users;
    }

    /// Finds out whom to watch.
    pub(super) fn look(&mut self, initial_state: Option<&InitialState>) {
        let summaries = initial_state.into_iter().flat_map(|initial_state| initial_state.conversations.iter().rev());
        let others = summaries.filter_map(|summary| summary.with.as_ref().map(|person| person.id));
        self.wanted = self.shown.iter().copied().chain(others).take(WATCH_MAX).collect();
        self.told.retain(|user, _| self.wanted.contains(user));
    }

    /// Whom the server must be asked to watch now, while connected. It counts as asked.
    pub(super) fn need(&mut self, now: u64) -> Option<Vec<UserId>> {
        let asked = self.asked.as_ref();
        // Nobody is watched over a new connection.
        let same = asked.map_or(self.wanted.is_empty(), |asked| *asked == self.wanted);
        if same || now < self.not_before {
            return None;
        }
        self.asked = Some(self.wanted.clone());
        Some(self.wanted.iter().copied().collect())
    }

    /// When `need` will want to ask again.
    pub(super) fn deadline(&self) -> Option<u64> {
        Some(self.not_before).filter(|_| self.asked.is_none() && !self.wanted.is_empty())
    }

    pub(super) fn refused(&mut self, now: u64, error: &Error) {
        self.asked = None;
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// Everyone who is watched, as they are.
    pub(super) fn answered(&mut self, people: Vec<Presence>) {
        self.told.clear();
        self.changed(people);
    }

    /// Those of whom it has changed.
    pub(super) fn changed(&mut self, people: Vec<Presence>) {
        let wanted = people.into_iter().filter(|presence| self.wanted.contains(&presence.user));
        self.told.extend(wanted.map(|presence| (presence.user, presence)));
    }

    /// One's own person does something.
    pub(super) fn act(&mut self, wall: Millis) {
        self.active = Some(wall);
    }

    /// Whether the server is to be told of it now, while connected. It counts as told.
    pub(super) fn says(&mut self, now: u64, wall: Millis) -> bool {
        // A new connection is told of what still counts; later only what came since is news.
        let reach = if self.said.is_none() { AWAY_AFTER.unsigned_abs() } else { ACTIVE_EVERY };
        let fresh = self.active.is_some_and(|active| wall.0.abs_diff(active.0) < reach);
        let due = self.said.is_none_or(|said| now >= said.saturating_add(ACTIVE_EVERY));
        if fresh && due {
            self.said = Some(now);
        }
        fresh && due
    }

    /// The connection is gone. What was told of others stands until the next one tells better.
    pub(super) fn lost(&mut self) {
        (self.asked, self.said, self.not_before) = (None, None, 0);
    }
}
