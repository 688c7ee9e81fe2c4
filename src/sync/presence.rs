//! Presence: which users this client watches, what is known of them, and the activity of its own user.

use super::conversation::{RETRY_MOST, retry_after};
use crate::model::presence::AWAY_AFTER;
use crate::model::{Error, InitialState, Millis, Presence, SortedMap, SortedSet, UserId};
use crate::wire::{ACTIVE_EVERY, WATCH_MAX};

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PresenceTracker {
    /// The users that the page shows beside the conversation list.
    shown: SortedSet<UserId>,
    /// The users to watch: those shown, and the other members of the user's direct conversations.
    wanted: SortedSet<UserId>,
    /// The subscription that was sent over this connection.
    requested: Option<SortedSet<UserId>>,
    /// After a refusal: the earliest time to send it again.
    not_before: u64,
    known: SortedMap<UserId, Presence>,
    /// When the user was last active (wall clock: the monotonic one may stop while a device sleeps).
    last_active: Option<Millis>,
    /// When `Active` was last sent over this connection.
    active_sent_at: Option<u64>,
}

impl PresenceTracker {
    pub(super) fn known(&self) -> &SortedMap<UserId, Presence> {
        &self.known
    }

    /// Sets the users that the page shows beside the conversation list.
    pub(super) fn set_shown(&mut self, users: SortedSet<UserId>) {
        self.shown = users;
    }

    /// Recomputes which users to watch, at most [`WATCH_MAX`].
    pub(super) fn update_wanted(&mut self, initial_state: Option<&InitialState>) {
        let summaries = initial_state.into_iter().flat_map(|initial_state| initial_state.conversations.iter().rev());
        let others = summaries.filter_map(|summary| summary.with.as_ref().map(|person| person.id));
        self.wanted = self.shown.iter().copied().chain(others).take(WATCH_MAX).collect();
        self.known.retain(|user, _| self.wanted.contains(user));
    }

    /// The subscription to send now, while connected, if it has changed. It counts as sent.
    pub(super) fn next_watch(&mut self, now: u64) -> Option<Vec<UserId>> {
        let requested = self.requested.as_ref();
        // A new connection has no subscription.
        let same = requested.map_or(self.wanted.is_empty(), |requested| *requested == self.wanted);
        if same || now < self.not_before {
            return None;
        }
        self.requested = Some(self.wanted.clone());
        Some(self.wanted.iter().copied().collect())
    }

    /// When `next_watch` may send again.
    pub(super) fn deadline(&self) -> Option<u64> {
        Some(self.not_before).filter(|_| self.requested.is_none() && !self.wanted.is_empty())
    }

    pub(super) fn refused(&mut self, now: u64, error: &Error) {
        self.requested = None;
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// The answer: the presence of every watched user.
    pub(super) fn answered(&mut self, people: Vec<Presence>) {
        self.known.clear();
        self.changed(people);
    }

    /// The presence of users for whom it has changed.
    pub(super) fn changed(&mut self, people: Vec<Presence>) {
        let wanted = people.into_iter().filter(|presence| self.wanted.contains(&presence.user));
        self.known.extend(wanted.map(|presence| (presence.user, presence)));
    }

    /// The user did something.
    pub(super) fn user_active(&mut self, wall: Millis) {
        self.last_active = Some(wall);
    }

    /// Whether to send `Active` now, while connected. It counts as sent.
    pub(super) fn should_send_active(&mut self, now: u64, wall: Millis) -> bool {
        // Over a new connection the last activity is reported while it still makes the user online; later only new activity.
        let reach = if self.active_sent_at.is_none() { AWAY_AFTER.unsigned_abs() } else { ACTIVE_EVERY };
        let fresh = self.last_active.is_some_and(|active| wall.0.abs_diff(active.0) < reach);
        let due = self.active_sent_at.is_none_or(|active_sent_at| now >= active_sent_at.saturating_add(ACTIVE_EVERY));
        if fresh && due {
            self.active_sent_at = Some(now);
        }
        fresh && due
    }

    /// The connection is lost. What is known of others stays until the next connection updates it.
    pub(super) fn connection_lost(&mut self) {
        (self.requested, self.active_sent_at, self.not_before) = (None, None, 0);
    }
}
