//! The presence of users, and who watches it.
//!
//! A table without a clock or I/O. What may have changed is noted, and delivered when it is settled, so that many changes
//! of a moment become one.

use crate::model::presence::{AWAY_AFTER, GRACE};
use crate::model::{Millis, Presence, PresenceState, UserId};
use crate::server::store::sessions::SessionKey;
use std::collections::{BTreeSet, HashMap, HashSet};

#[derive(Debug, Default)]
pub(super) struct Presences {
    /// Users who are connected, or were a moment ago.
    present: HashMap<UserId, PresentUser>,
    /// Which connections watch a user.
    watchers: HashMap<UserId, HashSet<i64>>,
    /// Whom each connection watches.
    watched: HashMap<i64, HashSet<UserId>>,
    /// Users whose presence may have changed since it was settled.
    touched: HashSet<UserId>,
    /// When whose presence may change by itself: away, or offline. An entry that is outdated does no harm.
    timers: BTreeSet<(Millis, UserId)>,
}

#[derive(Debug, Default)]
struct PresentUser {
    connections: HashMap<i64, SessionKey>,
    /// Sessions whose connection broke, and until when each still counts.
    broken: Vec<(SessionKey, Millis)>,
    /// The last activity on any of the connections.
    active: Option<Millis>,
    /// When the last of the connections ended.
    ended: Option<Millis>,
    /// What was announced to everyone who watches; `None` if some were answered something else.
    announced: Option<Presence>,
}

impl PresentUser {
    fn presence(&self, user: UserId, now: Millis) -> Presence {
        let counts = !self.connections.is_empty() || self.broken.iter().any(|(_, until)| *until > now);
        let (state, since) = match self.active {
            _ if !counts => (PresenceState::Offline, self.ended),
            Some(active) if now.0 < active.0 + AWAY_AFTER => (PresenceState::Online, None),
            active => (PresenceState::Away, active),
        };
        Presence { user, state, since }
    }
}

/// What has changed since presence was last settled.
#[derive(Debug, Default, PartialEq)]
pub struct Settled {
    /// What is to be announced to each watching connection.
    pub announced: Vec<(i64, Vec<Presence>)>,
    /// Who went offline, and since when.
    pub gone: Vec<(UserId, Millis)>,
}

impl Presences {
    pub fn connected(&mut self, number: i64, user: UserId, session: SessionKey) {
        let present = self.present.entry(user).or_default();
        present.connections.insert(number, session);
        // They are back, so they are not expected any more.
        present.broken.retain(|(session, _)| *session != SessionKey::default());
        self.touched.insert(user);
    }

    /// A user was connected until the server stopped, and is likely to come back at once.
    pub fn expect_back(&mut self, user: UserId, seen: Millis, now: Millis) {
        let present = self.present.entry(user).or_default();
        let until = Millis(now.0 + GRACE);
        present.broken.push((SessionKey::default(), until));
        (present.active, present.ended) = (present.active.max(Some(seen)), present.ended.max(Some(seen)));
        self.timers.insert((until, user));
        self.touched.insert(user);
    }

    /// A user has done something.
    pub fn active(&mut self, user: UserId, now: Millis) {
        let Some(present) = self.present.get_mut(&user) else { return };
        present.active = present.active.max(Some(now));
        // One timer a user: when it is due, it is put off as far as there has been activity since.
        if present.announced.is_none_or(|announced| announced.state != PresenceState::Online) {
            self.timers.insert((Millis(now.0 + AWAY_AFTER), user));
            self.touched.insert(user);
        }
    }

    /// A connection broke; it may be back in a moment.
    pub fn disconnected(&mut self, number: i64, user: UserId, now: Millis) {
        self.unwatch(number);
        let Some(present) = self.present.get_mut(&user) else { return };
        let Some(session) = present.connections.remove(&number) else { return };
        let until = Millis(now.0 + GRACE);
        present.ended = Some(now);
        present.broken.retain(|(other, left)| *left > now && *other != session);
        present.broken.push((session, until));
        self.timers.insert((until, user));
        self.touched.insert(user);
    }

    /// Sessions have ended: their connections count no longer, nor do those that broke a moment ago.
    pub fn ended(&mut self, ended: impl Fn(UserId, &SessionKey) -> bool, now: Millis) {
        for (user, present) in &mut self.present {
            let before = present.connections.len() + present.broken.len();
            present.connections.retain(|_, session| !ended(*user, session));
            present.broken.retain(|(session, _)| !ended(*user, session));
            if present.connections.len() + present.broken.len() != before {
                present.ended = Some(now);
                self.touched.insert(*user);
            }
        }
    }

    /// A connection watches these users, and no others any more.
    pub fn watch(&mut self, number: i64, users: HashSet<UserId>) {
        self.unwatch(number);
        for user in &users {
            self.watchers.entry(*user).or_default().insert(number);
        }
        if !users.is_empty() {
            self.watched.insert(number, users);
        }
    }

    fn unwatch(&mut self, number: i64) {
        for user in self.watched.remove(&number).unwrap_or_default() {
            if let Some(watchers) = self.watchers.get_mut(&user) {
                watchers.remove(&number);
                if watchers.is_empty() {
                    self.watchers.remove(&user);
                }
            }
        }
    }

    /// A user's presence; `None` if they are offline.
    pub fn of(&self, user: UserId, now: Millis) -> Option<Presence> {
        Some(self.present.get(&user)?.presence(user, now)).filter(|presence| presence.state != PresenceState::Offline)
    }

    /// The answer to a connection that watches and asks. If it differs from what was announced, it is announced to all when
    /// presence is settled.
    pub fn answer(&mut self, user: UserId, now: Millis) -> Option<Presence> {
        let present = self.present.get_mut(&user)?;
        let presence = present.presence(user, now);
        if present.announced != Some(presence) {
            present.announced = None;
            self.touched.insert(user);
        }
        Some(presence).filter(|presence| presence.state != PresenceState::Offline)
    }

    /// The users who are connected or were a moment ago, and when each was last connected.
    pub fn last_seen(&self, now: Millis) -> Vec<(UserId, Millis)> {
        let last = |user: &PresentUser| if user.connections.is_empty() { user.ended } else { Some(now) };
        self.present.iter().filter_map(|(user, present)| Some((*user, last(present)?))).collect()
    }

    /// When there may be something to settle: now if something was noted, else when the next timer is due.
    pub fn due(&self, now: Millis) -> Option<Millis> {
        if self.touched.is_empty() { self.timers.first().map(|(at, _)| *at) } else { Some(now) }
    }

    /// Computes what has changed, and for whom.
    pub fn settle(&mut self, now: Millis) -> Settled {
        let mut users = std::mem::take(&mut self.touched);
        while let Some((at, user)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, user));
            users.insert(user);
        }
        let mut settled = Settled::default();
        let mut announced: HashMap<i64, Vec<Presence>> = HashMap::new();
        for user in users {
            let Some(present) = self.present.get_mut(&user) else { continue };
            present.broken.retain(|(_, until)| *until > now);
            let presence = present.presence(user, now);
            if presence.state == PresenceState::Online
                && let Some(active) = present.active
            {
                self.timers.insert((Millis(active.0 + AWAY_AFTER), user));
            }
            let news = present.announced != Some(presence);
            present.announced = Some(presence);
            if presence.state == PresenceState::Offline {
                self.present.remove(&user);
                settled.gone.extend(presence.since.map(|since| (user, since)));
            }
            for number in self.watchers.get(&user).into_iter().flatten().filter(|_| news) {
                announced.entry(*number).or_default().push(presence);
            }
        }
        settled.announced = announced.into_iter().collect();
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);
    const SESSION: SessionKey = [1; 32];

    /// A table where connection 9 watches Ana, and what is announced to 9.
    struct Table {
        presences: Presences,
        now: Millis,
    }

    impl Table {
        fn new() -> Self {
            let mut presences = Presences::default();
            presences.watch(9, HashSet::from([ANA]));
            Table { presences, now: Millis(1_000_000) }
        }

        fn announced(&mut self) -> Vec<(PresenceState, Option<i64>)> {
            let settled = self.presences.settle(self.now);
            let announced = settled
                .announced
                .into_iter()
                .inspect(|(number, _)| assert_eq!(*number, 9))
                .flat_map(|(_, announced)| announced);
            announced.map(|presence| (presence.state, presence.since.map(|since| since.0 - 1_000_000))).collect()
        }

        fn later(&mut self, milliseconds: i64) -> &mut Self {
            self.now.0 += milliseconds;
            self
        }

        fn connects(&mut self, number: i64) {
            self.presences.connected(number, ANA, SESSION);
            self.presences.active(ANA, self.now);
        }
    }

    #[test]
    fn one_is_online_with_a_sign_and_away_five_minutes_after_the_last_one() {
        let mut table = Table::new();
        table.connects(1);
        assert_eq!(table.announced(), [(PresenceState::Online, None)]);
        let now = table.later(60_000).now;
        table.presences.active(ANA, now);
        assert_eq!(table.announced(), []);
        assert_eq!(table.later(AWAY_AFTER - 1).announced(), []);
        assert_eq!(table.presences.due(table.now), Some(Millis(1_060_000 + AWAY_AFTER)));
        assert_eq!(table.later(1).announced(), [(PresenceState::Away, Some(60_000))]);
        let now = table.later(5).now;
        table.presences.active(ANA, now);
        assert_eq!(table.announced(), [(PresenceState::Online, None)]);
    }

    #[test]
    fn a_broken_connection_counts_for_the_grace_and_a_reload_does_not_flicker() {
        let mut table = Table::new();
        table.connects(1);
        table.announced();
        table.presences.disconnected(1, ANA, table.now);
        assert_eq!(table.announced(), []);
        table.later(2_000).connects(2);
        assert_eq!(table.announced(), []);
        assert_eq!(table.later(GRACE).announced(), []);
        let broke = table.now;
        table.presences.disconnected(2, ANA, broke);
        assert_eq!(table.later(GRACE - 1).announced(), []);
        assert_eq!(table.later(1).announced(), [(PresenceState::Offline, Some(broke.0 - 1_000_000))]);
        assert!(
            table.presences.present.is_empty() && table.presences.due(table.now).is_some_and(|due| due > table.now)
        );
    }

    #[test]
    fn who_signs_out_is_gone_at_once_even_if_the_connection_had_closed_before() {
        let mut table = Table::new();
        table.connects(1);
        table.announced();
        table.presences.ended(|_, session| *session == SESSION, table.now);
        assert_eq!(table.announced(), [(PresenceState::Offline, Some(0))]);
        table.connects(2);
        table.announced();
        table.presences.disconnected(2, ANA, table.now);
        table.presences.ended(|_, session| *session == SESSION, table.now);
        assert_eq!(table.announced(), [(PresenceState::Offline, Some(0))]);
    }

    #[test]
    fn one_of_several_devices_keeps_a_user_online() {
        let mut table = Table::new();
        table.connects(1);
        table.presences.connected(2, ANA, [2; 32]);
        table.announced();
        table.presences.ended(|_, session| *session == SESSION, table.now);
        assert_eq!(table.later(GRACE).announced(), []);
    }

    #[test]
    fn who_looks_away_is_told_no_more_and_leaves_nothing_behind() {
        let mut table = Table::new();
        table.presences.watch(9, HashSet::from([UserId(2)]));
        table.connects(1);
        assert_eq!(table.announced(), []);
        table.presences.watch(9, HashSet::new());
        assert!(table.presences.watchers.is_empty() && table.presences.watched.is_empty());
    }

    #[test]
    fn who_asks_between_two_tellings_is_told_again_when_it_is_settled() {
        let mut table = Table::new();
        table.connects(1);
        table.announced();
        table.presences.disconnected(1, ANA, table.now);
        let now = table.later(GRACE).now;
        assert_eq!(table.presences.answer(ANA, now), None);
        table.connects(2);
        assert_eq!(table.announced(), [(PresenceState::Online, None)]);
    }

    #[test]
    fn who_was_there_when_the_server_stopped_is_expected_back_for_the_grace() {
        let mut table = Table::new();
        table.presences.expect_back(ANA, Millis(999_000), table.now);
        assert_eq!(table.announced(), [(PresenceState::Online, None)]);
        table.later(2_000).presences.connected(1, ANA, SESSION);
        assert_eq!(table.later(GRACE).announced(), []);
    }
}
