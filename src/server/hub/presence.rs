//! Who is there: presence of users, and who wants to know of it.
//!
//! A table without clock or I/O of its own. What changes is noted, and told when it is settled: many changes of a moment
//! become one.

use crate::model::presence::{AWAY_AFTER, GRACE};
use crate::model::{Millis, Presence, PresenceState, UserId};
use crate::server::store::sessions::SessionKey;
use std::collections::{BTreeSet, HashMap, HashSet};

#[derive(Debug, Default)]
pub(super) struct Presences {
    /// Users who are connected, or were a moment ago.
    here: HashMap<UserId, Here>,
    /// Which connections watch a user.
    watchers: HashMap<UserId, HashSet<i64>>,
    /// Whom each connection watches.
    watched: HashMap<i64, HashSet<UserId>>,
    /// Users of whom something may have changed since it was settled.
    touched: HashSet<UserId>,
    /// When whose presence changes by itself. A moment that has become meaningless does no harm.
    moments: BTreeSet<(Millis, UserId)>,
}

#[derive(Debug, Default)]
struct Here {
    connections: HashMap<i64, SessionKey>,
    /// Sessions whose connection broke, and until when each still counts.
    broken: Vec<(SessionKey, Millis)>,
    /// The last sign of a person over any of the connections.
    active: Option<Millis>,
    /// When the last of the connections ended.
    ended: Option<Millis>,
    /// What all who watch know; none if some were told something else.
    told: Option<Presence>,
}

impl Here {
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

/// What has changed since it was last settled.
#[derive(Debug, Default, PartialEq)]
pub struct Settled {
    /// Whom each watching connection is told of.
    pub told: Vec<(i64, Vec<Presence>)>,
    /// Who is there no longer, and since when.
    pub gone: Vec<(UserId, Millis)>,
}

impl Presences {
    pub fn connected(&mut self, number: i64, user: UserId, session: SessionKey) {
        let here = self.here.entry(user).or_default();
        here.connections.insert(number, session);
        // Nobody is expected any more who is back.
        here.broken.retain(|(session, _)| *session != SessionKey::default());
        self.touched.insert(user);
    }

    /// Somebody was connected until the server stopped, and is likely to come back at once.
    pub fn expect(&mut self, user: UserId, seen: Millis, now: Millis) {
        let here = self.here.entry(user).or_default();
        let until = Millis(now.0 + GRACE);
        here.broken.push((SessionKey::default(), until));
        (here.active, here.ended) = (here.active.max(Some(seen)), here.ended.max(Some(seen)));
        self.moments.insert((until, user));
        self.touched.insert(user);
    }

    /// A sign of a person.
    pub fn active(&mut self, user: UserId, now: Millis) {
        let Some(here) = self.here.get_mut(&user) else { return };
        here.active = here.active.max(Some(now));
        // One moment a user: when it comes, it is put off as far as there have been signs since.
        if here.told.is_none_or(|told| told.state != PresenceState::Online) {
            self.moments.insert((Millis(now.0 + AWAY_AFTER), user));
            self.touched.insert(user);
        }
    }

    /// A connection broke; it may be back in a moment.
    pub fn broke(&mut self, number: i64, user: UserId, now: Millis) {
        self.forget(number);
        let Some(here) = self.here.get_mut(&user) else { return };
        let Some(session) = here.connections.remove(&number) else { return };
        let until = Millis(now.0 + GRACE);
        here.ended = Some(now);
        here.broken.retain(|(other, left)| *left > now && *other != session);
        here.broken.push((session, until));
        self.moments.insert((until, user));
        self.touched.insert(user);
    }

    /// Sessions have ended: their connections count no longer, nor do those that broke a moment ago.
    pub fn ended(&mut self, ended: impl Fn(UserId, &SessionKey) -> bool, now: Millis) {
        for (user, here) in &mut self.here {
            let before = here.connections.len() + here.broken.len();
            here.connections.retain(|_, session| !ended(*user, session));
            here.broken.retain(|(session, _)| !ended(*user, session));
            if here.connections.len() + here.broken.len() != before {
                here.ended = Some(now);
                self.touched.insert(*user);
            }
        }
    }

    /// A connection wants to know of these users, and no longer of others.
    pub fn watch(&mut self, number: i64, users: HashSet<UserId>) {
        self.forget(number);
        for user in &users {
            self.watchers.entry(*user).or_default().insert(number);
        }
        if !users.is_empty() {
            self.watched.insert(number, users);
        }
    }

    fn forget(&mut self, number: i64) {
        for user in self.watched.remove(&number).unwrap_or_default() {
            if let Some(watchers) = self.watchers.get_mut(&user) {
                watchers.remove(&number);
                if watchers.is_empty() {
                    self.watchers.remove(&user);
                }
            }
        }
    }

    /// Whether somebody is there; none for who has not been lately.
    pub fn of(&self, user: UserId, now: Millis) -> Option<Presence> {
        Some(self.here.get(&user)?.presence(user, now)).filter(|presence| presence.state != PresenceState::Offline)
    }

    /// The same for one who watches and asks. If that is not what the others were told, all are told when it is settled.
    pub fn answer(&mut self, user: UserId, now: Millis) -> Option<Presence> {
        let here = self.here.get_mut(&user)?;
        let presence = here.presence(user, now);
        if here.told != Some(presence) {
            here.told = None;
            self.touched.insert(user);
        }
        Some(presence).filter(|presence| presence.state != PresenceState::Offline)
    }

    /// The users who are there or were a moment ago, and when each was last connected.
    pub fn seen(&self, now: Millis) -> Vec<(UserId, Millis)> {
        let last = |here: &Here| if here.connections.is_empty() { here.ended } else { Some(now) };
        self.here.iter().filter_map(|(user, here)| Some((*user, last(here)?))).collect()
    }

    /// When there may be something to settle: now if something was noted, else when the next moment comes.
    pub fn due(&self, now: Millis) -> Option<Millis> {
        if self.touched.is_empty() { self.moments.first().map(|(at, _)| *at) } else { Some(now) }
    }

    /// Finds out what has changed, and for whom.
    pub fn settle(&mut self, now: Millis) -> Settled {
        let mut users = std::mem::take(&mut self.touched);
        while let Some((at, user)) = self.moments.first().copied().filter(|(at, _)| *at <= now) {
            self.moments.remove(&(at, user));
            users.insert(user);
        }
        let mut settled = Settled::default();
        let mut told: HashMap<i64, Vec<Presence>> = HashMap::new();
        for user in users {
            let Some(here) = self.here.get_mut(&user) else { continue };
            here.broken.retain(|(_, until)| *until > now);
            let presence = here.presence(user, now);
            if presence.state == PresenceState::Online
                && let Some(active) = here.active
            {
                self.moments.insert((Millis(active.0 + AWAY_AFTER), user));
            }
            let news = here.told != Some(presence);
            here.told = Some(presence);
            if presence.state == PresenceState::Offline {
                self.here.remove(&user);
                settled.gone.extend(presence.since.map(|since| (user, since)));
            }
            for number in self.watchers.get(&user).into_iter().flatten().filter(|_| news) {
                told.entry(*number).or_default().push(presence);
            }
        }
        settled.told = told.into_iter().collect();
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: UserId = UserId(1);
    const SESSION: SessionKey = [1; 32];

    /// A table where connection 9 watches Ana, and what 9 is told at each moment that matters.
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

        fn told(&mut self) -> Vec<(PresenceState, Option<i64>)> {
            let settled = self.presences.settle(self.now);
            let told =
                settled.told.into_iter().inspect(|(number, _)| assert_eq!(*number, 9)).flat_map(|(_, told)| told);
            told.map(|presence| (presence.state, presence.since.map(|since| since.0 - 1_000_000))).collect()
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
        assert_eq!(table.told(), [(PresenceState::Online, None)]);
        let now = table.later(60_000).now;
        table.presences.active(ANA, now);
        assert_eq!(table.told(), []);
        assert_eq!(table.later(AWAY_AFTER - 1).told(), []);
        assert_eq!(table.presences.due(table.now), Some(Millis(1_060_000 + AWAY_AFTER)));
        assert_eq!(table.later(1).told(), [(PresenceState::Away, Some(60_000))]);
        let now = table.later(5).now;
        table.presences.active(ANA, now);
        assert_eq!(table.told(), [(PresenceState::Online, None)]);
    }

    #[test]
    fn a_broken_connection_counts_for_the_grace_and_a_reload_does_not_flicker() {
        let mut table = Table::new();
        table.connects(1);
        table.told();
        table.presences.broke(1, ANA, table.now);
        assert_eq!(table.told(), []);
        table.later(2_000).connects(2);
        assert_eq!(table.told(), []);
        assert_eq!(table.later(GRACE).told(), []);
        let broke = table.now;
        table.presences.broke(2, ANA, broke);
        assert_eq!(table.later(GRACE - 1).told(), []);
        assert_eq!(table.later(1).told(), [(PresenceState::Offline, Some(broke.0 - 1_000_000))]);
        assert!(table.presences.here.is_empty() && table.presences.due(table.now).is_some_and(|due| due > table.now));
    }

    #[test]
    fn who_signs_out_is_gone_at_once_even_if_the_connection_had_closed_before() {
        let mut table = Table::new();
        table.connects(1);
        table.told();
        table.presences.ended(|_, session| *session == SESSION, table.now);
        assert_eq!(table.told(), [(PresenceState::Offline, Some(0))]);
        table.connects(2);
        table.told();
        table.presences.broke(2, ANA, table.now);
        table.presences.ended(|_, session| *session == SESSION, table.now);
        assert_eq!(table.told(), [(PresenceState::Offline, Some(0))]);
    }

    #[test]
    fn one_of_several_devices_keeps_a_user_online() {
        let mut table = Table::new();
        table.connects(1);
        table.presences.connected(2, ANA, [2; 32]);
        table.told();
        table.presences.ended(|_, session| *session == SESSION, table.now);
        assert_eq!(table.later(GRACE).told(), []);
    }

    #[test]
    fn who_looks_away_is_told_no_more_and_leaves_nothing_behind() {
        let mut table = Table::new();
        table.presences.watch(9, HashSet::from([UserId(2)]));
        table.connects(1);
        assert_eq!(table.told(), []);
        table.presences.watch(9, HashSet::new());
        assert!(table.presences.watchers.is_empty() && table.presences.watched.is_empty());
    }

    #[test]
    fn who_asks_between_two_tellings_is_told_again_when_it_is_settled() {
        let mut table = Table::new();
        table.connects(1);
        table.told();
        table.presences.broke(1, ANA, table.now);
        let now = table.later(GRACE).now;
        assert_eq!(table.presences.answer(ANA, now), None);
        table.connects(2);
        assert_eq!(table.told(), [(PresenceState::Online, None)]);
    }

    #[test]
    fn who_was_there_when_the_server_stopped_is_expected_back_for_the_grace() {
        let mut table = Table::new();
        table.presences.expect(ANA, Millis(999_000), table.now);
        assert_eq!(table.told(), [(PresenceState::Online, None)]);
        table.later(2_000).presences.connected(1, ANA, SESSION);
        assert_eq!(table.later(GRACE).told(), []);
    }
}
