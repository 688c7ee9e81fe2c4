//! The hub: live connections, what they are subscribed to, and delivery to their queues.
//!
//! A frame is encoded once; every subscribed connection gets the same bytes in its own bounded queue.

mod presence;
mod queue;
mod rate_limit;

pub use queue::{Queue, Source, Taken};
pub use rate_limit::Verdict;

use super::clock::Clock;
use super::store::sessions::SessionKey;
use crate::model::{ConversationId, Error, Millis, Presence, Rev, UserId};
use crate::wire::{ServerFrame, close};
use axum::extract::ws::Utf8Bytes;
use presence::Presences;
use rate_limit::RateLimiter;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// The most live connections of one user: enough for every device and tab of a person.
pub const CONNECTIONS_PER_USER: usize = 64;
/// Typing frames that come faster are dropped: a little less than clients wait (`wire::TYPING_EVERY`).
const TYPING_APART: Duration = Duration::from_millis(crate::wire::TYPING_EVERY - 500);

#[derive(Debug)]
pub struct Hub {
    inner: Mutex<Inner>,
    clock: Clock,
    started: Instant,
    /// Presence may have changed and is to be settled.
    presence_changed: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    next: i64,
    connections: HashMap<i64, LiveConnection>,
    users: HashMap<UserId, HashSet<i64>>,
    /// The rate limit of each user's requests. Kept when the last connection ends, or reconnecting would be a way around
    /// it. Small, and no more of them than accounts.
    limits: HashMap<UserId, RateLimiter>,
    /// The rate limit of each session for ending sessions: not the user's, which somebody with a stolen session can use
    /// up. Small, and no more of them than sessions that have asked since the start.
    ending_limits: HashMap<SessionKey, RateLimiter>,
    subscribers: HashMap<ConversationId, HashMap<i64, Arc<Queue>>>,
    /// The newest `rev` of each conversation that was delivered.
    delivered: HashMap<ConversationId, Rev>,
    presences: Presences,
}

#[derive(Debug)]
struct LiveConnection {
    user: UserId,
    session: SessionKey,
    queue: Arc<Queue>,
    subscriptions: HashSet<ConversationId>,
    /// When its typing frame was last passed on, and where. No more entries than subscriptions.
    typing: HashMap<ConversationId, Instant>,
    /// Up to which `user_rev` its subscriptions follow its user's memberships without a gap; `None` until it is welcomed.
    settled_rev: Option<Rev>,
    /// The newest `user_rev` that this server has delivered to it: those in between may be of another server.
    delivered_rev: Rev,
}

/// What one command has changed, with the frames that announce it.
#[derive(Debug, Default)]
pub struct Publication {
    /// Changes of conversations, for those who are subscribed to them.
    pub changes: Vec<(ConversationId, Rev, Utf8Bytes)>,
    /// The conversation that was deleted.
    pub deleted: Option<(ConversationId, Utf8Bytes)>,
    /// Changes of users' own state, for all of their connections.
    pub user_changes: Vec<UserChange>,
    /// What concerns every connection.
    pub to_everybody: Option<Utf8Bytes>,
}

/// A change of a user's own state: of one of their conversation summaries.
#[derive(Debug)]
pub struct UserChange {
    pub user: UserId,
    pub user_rev: Rev,
    pub conversation: ConversationId,
    pub membership: MembershipChange,
    pub frame: Utf8Bytes,
}

/// What a command did to a user's membership in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipChange {
    Joined,
    Left,
    Unchanged,
}

/// A connection, as the hub knows it, until this is dropped.
#[derive(Debug)]
pub struct Subscriber {
    hub: Arc<Hub>,
    pub number: i64,
    pub user: UserId,
    pub queue: Arc<Queue>,
}

impl Hub {
    pub fn new(clock: Clock) -> Self {
        Hub { inner: Mutex::default(), clock, started: Instant::now(), presence_changed: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves the tables whole: every change to them is complete before anything can fail.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a connection.
    ///
    /// # Errors
    /// `TooMany` when the user has [`CONNECTIONS_PER_USER`] already.
    pub fn register(self: &Arc<Self>, user: UserId, session: SessionKey) -> Result<Subscriber, Error> {
        let mut inner = self.inner();
        let inner = &mut *inner;
        let entry = inner.users.entry(user).or_default();
        if entry.len() >= CONNECTIONS_PER_USER {
            return Err(Error::too_many(10_000));
        }
        inner.next += 1;
        let number = inner.next;
        entry.insert(number);
        let queue = Arc::new(Queue::default());
        inner.connections.insert(
            number,
            LiveConnection {
                user,
                session,
                queue: Arc::clone(&queue),
                subscriptions: HashSet::new(),
                typing: HashMap::new(),
                settled_rev: None,
                delivered_rev: Rev(0),
            },
        );
        Ok(Subscriber { hub: Arc::clone(self), number, user, queue })
    }

    /// Whether a user's next request may be taken now. Frames of all their connections and server functions count alike.
    pub fn rate_limit(&self, user: UserId, bytes: usize) -> Verdict {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.inner().limits.entry(user).or_default().request(now, bytes)
    }

    /// Whether a session may end sessions now.
    pub fn rate_limit_ending(&self, session: SessionKey) -> Verdict {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.inner().ending_limits.entry(session).or_default().request(now, 0)
    }

    /// Delivers a change of a conversation, made by another server, to everyone who is subscribed to it.
    pub fn deliver(&self, conversation: ConversationId, rev: Rev, frame: &Utf8Bytes) {
        self.inner().deliver(conversation, rev, frame);
    }

    /// The conversations with subscriptions, and the newest `rev` of each that was delivered.
    pub fn subscribed(&self) -> Vec<(ConversationId, Option<Rev>)> {
        let inner = self.inner();
        inner.subscribers.keys().map(|id| (*id, inner.delivered.get(id).copied())).collect()
    }

    /// Publishes what a command has changed, whole: nothing else happens in between. Call it in the order of the commits.
    ///
    /// Who has joined a conversation is subscribed before its changes are delivered, and who has left it until after
    /// them: a removed member receives nothing above their removal, and what was queued before stays.
    pub fn publish(&self, publication: Publication) {
        let Publication { changes, deleted, user_changes, to_everybody } = publication;
        let mut inner = self.inner();
        let of_kind = |kind| user_changes.iter().filter(move |change| change.membership == kind);
        for change in of_kind(MembershipChange::Joined) {
            for number in inner.following(change.user, change.user_rev) {
                inner.subscribe(number, change.conversation);
            }
        }
        for (conversation, rev, frame) in changes {
            inner.deliver(conversation, rev, &frame);
        }
        if let Some((conversation, frame)) = deleted {
            inner.deleted(conversation, &frame);
        }
        for change in of_kind(MembershipChange::Left) {
            for number in inner.following(change.user, change.user_rev) {
                inner.unsubscribe(number, change.conversation);
            }
        }
        for change in &user_changes {
            inner.deliver_to_user(change.user, change.user_rev, &change.frame);
        }
        if let Some(frame) = to_everybody {
            for connection in inner.connections.values() {
                connection.queue.push_live(Source::Workspace, frame.clone());
            }
        }
    }

    /// Delivers the deletion of a conversation, by another server, and ends its subscriptions.
    pub fn deleted(&self, conversation: ConversationId, frame: &Utf8Bytes) {
        self.inner().deleted(conversation, frame);
    }

    /// Sets the subscriptions of those of a user's connections that have missed a change of another server: `memberships`
    /// as of `user_rev`. They get `frame`, which makes the client ask for what it missed. Returns false if a newer change
    /// was delivered meanwhile, so that the memberships must be read again.
    pub fn set_subscriptions(
        &self,
        user: UserId,
        user_rev: Rev,
        memberships: &HashSet<ConversationId>,
        frame: &Utf8Bytes,
    ) -> bool {
        let mut inner = self.inner();
        let mut is_current = true;
        for number in inner.numbers(user) {
            let Some(connection) = inner.connections.get_mut(&number) else { continue };
            if connection.settled_rev.is_none_or(|seen| seen >= user_rev) {
                continue;
            }
            if connection.delivered_rev > user_rev {
                is_current = false;
                continue;
            }
            connection.settled_rev = Some(user_rev);
            connection.queue.push_live(Source::UserState, frame.clone());
            let left: Vec<_> = connection.subscriptions.difference(memberships).copied().collect();
            for conversation in left {
                inner.unsubscribe(number, conversation);
            }
            for conversation in memberships {
                inner.subscribe(number, *conversation);
            }
        }
        is_current
    }

    /// The users with welcomed connections, and up to which `user_rev` the subscriptions of all of them are settled.
    pub fn settled_revs(&self) -> Vec<(UserId, Rev)> {
        let inner = self.inner();
        let least = |numbers: &HashSet<i64>| {
            numbers.iter().filter_map(|number| inner.connections.get(number)?.settled_rev).min()
        };
        inner.users.iter().filter_map(|(user, numbers)| Some((*user, least(numbers)?))).collect()
    }

    /// Delivers a typing indicator to the others in a conversation. It is dropped if its sender is not subscribed to the
    /// conversation, or has sent one a moment ago.
    pub fn typing(&self, number: i64, conversation: ConversationId, frame: &Utf8Bytes) {
        let mut inner = self.inner();
        let Some(connection) = inner.connections.get_mut(&number) else { return };
        let now = Instant::now();
        let too_soon = |last: &Instant| now.duration_since(*last) < TYPING_APART;
        if !connection.subscriptions.contains(&conversation)
            || connection.typing.get(&conversation).is_some_and(too_soon)
        {
            return;
        }
        connection.typing.insert(conversation, now);
        let inner = &*inner;
        let Some(connection) = inner.connections.get(&number) else { return };
        for (other, queue) in inner.subscribers.get(&conversation).into_iter().flatten() {
            if inner.connections.get(other).is_some_and(|other| other.user != connection.user) {
                queue.push_live(Source::Conversation(conversation), frame.clone());
            }
        }
    }

    /// A connection's user has posted what they typed: the next typing frame is passed on at once.
    pub fn stopped_typing(&self, number: i64, conversation: ConversationId) {
        if let Some(connection) = self.inner().connections.get_mut(&number) {
            connection.typing.remove(&conversation);
        }
    }

    /// A user has done something.
    pub fn active(&self, user: UserId) {
        self.inner().presences.active(user, self.clock.now());
        self.presence_changed.notify_one();
    }

    /// Expects users back who were connected when the server stopped, with when they were last seen.
    pub fn expect_back(&self, seen: &[(UserId, Millis)]) {
        let now = self.clock.now();
        let mut inner = self.inner();
        seen.iter().for_each(|(user, at)| inner.presences.expect_back(*user, *at, now));
        drop(inner);
        self.presence_changed.notify_one();
    }

    /// Delivers the presence of these users, and no others, to a connection from now on.
    pub fn watch(&self, number: i64, users: HashSet<UserId>) {
        let mut inner = self.inner();
        // An ended connection would watch for ever.
        if inner.connections.contains_key(&number) {
            inner.presences.watch(number, users);
        }
    }

    /// The presence of these users; `None` for those who are offline.
    pub fn presence(&self, users: &[UserId]) -> Vec<Option<Presence>> {
        let (inner, now) = (self.inner(), self.clock.now());
        users.iter().map(|user| inner.presences.of(*user, now)).collect()
    }

    /// Answers a connection's question about users' presence. `seen`: what to answer for those who are offline.
    pub fn answer_presence(&self, number: i64, seen: Vec<Presence>, frame: impl FnOnce(Vec<Presence>) -> Utf8Bytes) {
        // Under the lock that deliveries take, so that what comes later is newer.
        let (mut inner, now) = (self.inner(), self.clock.now());
        let people = seen.into_iter().map(|seen| inner.presences.answer(seen.user, now).unwrap_or(seen)).collect();
        if let Some(connection) = inner.connections.get(&number) {
            connection.queue.push_answer(frame(people));
        }
        drop(inner);
        self.presence_changed.notify_one();
    }

    /// The users who are connected or were a moment ago, and when each was last seen.
    pub fn last_seen(&self) -> Vec<(UserId, Millis)> {
        self.inner().presences.last_seen(self.clock.now())
    }

    /// Returns when there may be presence to settle.
    pub async fn presence_to_settle(&self) {
        loop {
            let now = self.clock.now();
            let due = self.inner().presences.due(now);
            let wait = due.map(|due| Duration::from_millis(u64::try_from(due.0 - now.0).unwrap_or(0)));
            match wait {
                Some(Duration::ZERO) => return,
                Some(wait) => {
                    tokio::select! {
                        () = self.presence_changed.notified() => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                }
                None => self.presence_changed.notified().await,
            }
        }
    }

    /// Delivers what has changed since the last time to those who watch; returns who went offline, and since when.
    pub fn settle_presence(&self) -> Vec<(UserId, Millis)> {
        let mut inner = self.inner();
        let settled = inner.presences.settle(self.clock.now());
        for (number, people) in settled.announced {
            if let Some(connection) = inner.connections.get(&number) {
                let frame = ServerFrame::Presence { request: None, people };
                connection.queue.push_live(Source::Presence, frame.encode().into());
            }
        }
        settled.gone
    }

    /// Closes the connections of a session; when this returns they are given nothing more.
    pub fn close_session(&self, session: &SessionKey, code: u16) {
        self.inner().ending_limits.remove(session);
        self.close_where(code, |_, other| other == session);
    }

    /// Closes the connections of a user, but those of the session that is kept; when this returns they are given
    /// nothing more.
    pub fn close_user(&self, user: UserId, kept: Option<&SessionKey>, code: u16) {
        self.close_where(code, |other, session| other == user && kept != Some(session));
    }

    /// Closes every connection.
    pub fn close_all(&self, code: u16) {
        self.close_where(code, |_, _| true);
    }

    fn close_where(&self, code: u16, which: impl Fn(UserId, &SessionKey) -> bool) {
        let mut inner = self.inner();
        for connection in inner.connections.values().filter(|connection| which(connection.user, &connection.session)) {
            connection.queue.close(code);
        }
        // Who signs out is offline at once; who is asked to come back is expected.
        if code == close::SESSION {
            inner.presences.ended(which, self.clock.now());
            self.presence_changed.notify_one();
        }
    }

    /// The sessions that have live connections.
    pub fn sessions(&self) -> Vec<SessionKey> {
        let keys: HashSet<SessionKey> =
            self.inner().connections.values().map(|connection| connection.session).collect();
        keys.into_iter().collect()
    }

    /// The sessions of a user that have live connections.
    pub fn sessions_of(&self, user: UserId) -> HashSet<SessionKey> {
        let inner = self.inner();
        let numbers = inner.users.get(&user).into_iter().flatten();
        numbers.filter_map(|number| Some(inner.connections.get(number)?.session)).collect()
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.inner().connections.len()
    }
}

impl Inner {
    fn numbers(&self, user: UserId) -> Vec<i64> {
        self.users.get(&user).map(|numbers| numbers.iter().copied().collect()).unwrap_or_default()
    }

    /// The connections of a user whose subscriptions follow from changes up to this one. Those that know of a later one
    /// are settled already: what an earlier one did to a membership may have been undone, by another server.
    fn following(&self, user: UserId, user_rev: Rev) -> Vec<i64> {
        let follows = |number: &i64| {
            let settled = self.connections.get(number).and_then(|connection| connection.settled_rev);
            settled.is_none_or(|settled| settled < user_rev)
        };
        self.numbers(user).into_iter().filter(follows).collect()
    }

    fn deliver(&mut self, conversation: ConversationId, rev: Rev, frame: &Utf8Bytes) {
        let delivered = self.delivered.entry(conversation).or_default();
        *delivered = (*delivered).max(rev);
        for queue in self.subscribers.get(&conversation).into_iter().flat_map(HashMap::values) {
            queue.push_live(Source::Conversation(conversation), frame.clone());
        }
    }

    fn deleted(&mut self, conversation: ConversationId, frame: &Utf8Bytes) {
        self.delivered.remove(&conversation);
        for (number, queue) in self.subscribers.remove(&conversation).unwrap_or_default() {
            queue.push_live(Source::Conversation(conversation), frame.clone());
            if let Some(connection) = self.connections.get_mut(&number) {
                connection.subscriptions.remove(&conversation);
                connection.typing.remove(&conversation);
            }
        }
    }

    /// Delivers a change of a user's own state to all of their connections.
    fn deliver_to_user(&mut self, user: UserId, user_rev: Rev, frame: &Utf8Bytes) {
        for number in self.numbers(user) {
            if let Some(connection) = self.connections.get_mut(&number) {
                connection.delivered_rev = connection.delivered_rev.max(user_rev);
                // After a gap, another server may have changed memberships.
                connection.settled_rev =
                    connection.settled_rev.map(|seen| if seen.next() == user_rev { user_rev } else { seen });
                connection.queue.push_live(Source::UserState, frame.clone());
            }
        }
    }

    fn subscribe(&mut self, number: i64, conversation: ConversationId) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.subscriptions.insert(conversation);
            self.subscribers.entry(conversation).or_default().insert(number, Arc::clone(&connection.queue));
        }
    }

    fn unsubscribe(&mut self, number: i64, conversation: ConversationId) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.subscriptions.remove(&conversation);
            connection.typing.remove(&conversation);
        }
        if let Some(subscribers) = self.subscribers.get_mut(&conversation) {
            subscribers.remove(&number);
            if subscribers.is_empty() {
                self.subscribers.remove(&conversation);
            }
        }
    }
}

impl Subscriber {
    /// Welcomes the connection with its user's state as of `user_rev`: it is subscribed to `memberships` and to nothing
    /// else, and what was queued of other conversations is dropped (it subscribes before memberships are read, and must
    /// receive nothing of a conversation that its user is not in). Its user is present from now on.
    ///
    /// Returns false, having done nothing, if a newer state was published meanwhile: it must be read again.
    #[must_use]
    pub fn welcomed(&self, user_rev: Rev, memberships: &HashSet<ConversationId>) -> bool {
        let mut inner = self.hub.inner();
        let inner = &mut *inner;
        let Some(connection) = inner.connections.get_mut(&self.number) else { return true };
        if connection.delivered_rev > user_rev {
            return false;
        }
        connection.settled_rev = Some(user_rev);
        let foreign: Vec<_> = connection.subscriptions.difference(memberships).copied().collect();
        // Unless its session has ended in this moment.
        if !connection.queue.is_closed() {
            inner.presences.connected(self.number, self.user, connection.session);
        }
        for conversation in foreign {
            inner.unsubscribe(self.number, conversation);
            self.queue.drop_conversation(conversation);
        }
        // What an earlier change ended, which was published while this state was read, is a subscription of it all the same.
        for conversation in memberships {
            inner.subscribe(self.number, *conversation);
        }
        self.hub.presence_changed.notify_one();
        true
    }

    /// Subscribes to these conversations.
    pub fn subscribe(&self, conversations: impl IntoIterator<Item = ConversationId>) {
        let mut inner = self.hub.inner();
        for conversation in conversations {
            inner.subscribe(self.number, conversation);
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut inner = self.hub.inner();
        let Some(connection) = inner.connections.remove(&self.number) else {
            return;
        };
        inner.presences.disconnected(self.number, connection.user, self.hub.clock.now());
        self.hub.presence_changed.notify_one();
        for conversation in connection.subscriptions {
            inner.unsubscribe(self.number, conversation);
        }
        if let Some(entry) = inner.users.get_mut(&connection.user) {
            entry.remove(&self.number);
            if entry.is_empty() {
                inner.users.remove(&connection.user);
            }
        }
    }
}

#[cfg(test)]
mod tests;
