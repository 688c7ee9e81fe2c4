//! Live connections: who listens to what, and delivery to them.
//!
//! A frame is encoded once; every connection that listens gets the same bytes in its own bounded queue.

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
/// Signs of typing that come faster are not passed on: a little less than clients keep (`wire::TYPING_EVERY`).
const SIGN_APART: Duration = Duration::from_millis(crate::wire::TYPING_EVERY - 500);

#[derive(Debug)]
pub struct Hub {
    inner: Mutex<Inner>,
    clock: Clock,
    started: Instant,
    /// Something about presence is to be settled.
    moved: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    next: i64,
    connections: HashMap<i64, Connection>,
    users: HashMap<UserId, HashSet<i64>>,
    /// How fast each user's requests are taken. Kept when the last connection ends, or reconnecting would be a way
    /// around it; small, and no more of them than accounts.
    paces: HashMap<UserId, RateLimiter>,
    /// How fast each session ends others: not by its user's pace, which whoever has stolen another of their sessions
    /// uses up. Small, and no more of them than sessions that have asked since the start.
    ending: HashMap<SessionKey, RateLimiter>,
    listeners: HashMap<ConversationId, HashMap<i64, Arc<Queue>>>,
    /// How far each conversation's changes have been told of.
    told: HashMap<ConversationId, Rev>,
    presences: Presences,
}

#[derive(Debug)]
struct Connection {
    user: UserId,
    session: SessionKey,
    queue: Arc<Queue>,
    listens: HashSet<ConversationId>,
    /// When its person was last shown as typing, and where. No more entries than it listens to.
    typed: HashMap<ConversationId, Instant>,
    /// Up to where every change of its user's list has been seen to in what it listens to; none until it is greeted.
    list: Option<Rev>,
    /// The newest change of that list that this server has told it of: those between may have been made elsewhere.
    told: Rev,
}

/// A connection's place in the hub; it ends when this is dropped.
#[derive(Debug)]
pub struct Registration {
    hub: Arc<Hub>,
    pub number: i64,
    pub user: UserId,
    pub queue: Arc<Queue>,
}

impl Hub {
    pub fn new(clock: Clock) -> Self {
        Hub { inner: Mutex::default(), clock, started: Instant::now(), moved: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves the tables whole: every change to them is complete before anything can fail.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection in.
    ///
    /// # Errors
    /// `TooMany` when the user has [`CONNECTIONS_PER_USER`] already.
    pub fn register(self: &Arc<Self>, user: UserId, session: SessionKey) -> Result<Registration, Error> {
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
            Connection {
                user,
                session,
                queue: Arc::clone(&queue),
                listens: HashSet::new(),
                typed: HashMap::new(),
                list: None,
                told: Rev(0),
            },
        );
        Ok(Registration { hub: Arc::clone(self), number, user, queue })
    }

    /// Whether a user's next request may be taken now: frames of all their connections and server functions alike.
    pub fn pace(&self, user: UserId, bytes: usize) -> Verdict {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.inner().paces.entry(user).or_default().frame(now, bytes)
    }

    /// Whether a session may end others now.
    pub fn pace_ending(&self, session: SessionKey) -> Verdict {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.inner().ending.entry(session).or_default().frame(now, 0)
    }

    /// Hands the frame that tells of a change to everyone who listens to its conversation.
    pub fn deliver(&self, conversation: ConversationId, rev: Rev, frame: &Utf8Bytes) {
        let mut inner = self.inner();
        let told = inner.told.entry(conversation).or_default();
        *told = (*told).max(rev);
        if let Some(listeners) = inner.listeners.get(&conversation) {
            for queue in listeners.values() {
                queue.push_live(Source::Conversation(conversation), frame.clone());
            }
        }
    }

    /// The conversations that somebody listens to, and how far each has been told of.
    pub fn listened(&self) -> Vec<(ConversationId, Option<Rev>)> {
        let inner = self.inner();
        inner.listeners.keys().map(|id| (*id, inner.told.get(id).copied())).collect()
    }

    /// Makes every connection of a user listen to a conversation that they have joined.
    pub fn joined(&self, user: UserId, conversation: ConversationId) {
        let mut inner = self.inner();
        for number in inner.numbers(user) {
            inner.listen(number, conversation);
        }
    }

    /// Makes every connection of a user stop listening to a conversation. What was queued of it stays: it was theirs.
    pub fn left(&self, user: UserId, conversation: ConversationId) {
        let mut inner = self.inner();
        for number in inner.numbers(user) {
            inner.unlisten(number, conversation);
        }
    }

    /// Tells everyone who listens to a conversation that it has ended; nobody listens to it any more.
    pub fn gone(&self, conversation: ConversationId, frame: &Utf8Bytes) {
        let mut inner = self.inner();
        inner.told.remove(&conversation);
        for (number, queue) in inner.listeners.remove(&conversation).unwrap_or_default() {
            queue.push_live(Source::Conversation(conversation), frame.clone());
            if let Some(connection) = inner.connections.get_mut(&number) {
                connection.listens.remove(&conversation);
            }
        }
    }

    /// Tells every device of a user of a change in their own list.
    pub fn tell(&self, user: UserId, user_rev: Rev, frame: &Utf8Bytes) {
        let mut inner = self.inner();
        let inner = &mut *inner;
        inner.note_list(user, user_rev);
        let Some(numbers) = inner.users.get(&user) else { return };
        for connection in numbers.iter().filter_map(|number| inner.connections.get(number)) {
            connection.queue.push_live(Source::List, frame.clone());
        }
    }

    /// Sets what the connections of a user listen to that have not seen their list as of `user_rev`, when this was read,
    /// and tells them to look at it: another server has changed it. Tells whether it was read late enough: who has been
    /// told of a later change knows better.
    pub fn resettle(&self, user: UserId, user_rev: Rev, theirs: &HashSet<ConversationId>, frame: &Utf8Bytes) -> bool {
        let mut inner = self.inner();
        let mut late_enough = true;
        for number in inner.numbers(user) {
            let Some(connection) = inner.connections.get_mut(&number) else { continue };
            if connection.list.is_none_or(|seen| seen >= user_rev) {
                continue;
            }
            if connection.told > user_rev {
                late_enough = false;
                continue;
            }
            connection.list = Some(user_rev);
            connection.queue.push_live(Source::List, frame.clone());
            let gone: Vec<_> = connection.listens.difference(theirs).copied().collect();
            for conversation in gone {
                inner.unlisten(number, conversation);
            }
            for conversation in theirs {
                inner.listen(number, *conversation);
            }
        }
        late_enough
    }

    /// The users with greeted connections, and up to where the list of the least informed of each has been seen to.
    pub fn lists(&self) -> Vec<(UserId, Rev)> {
        let inner = self.inner();
        let least =
            |numbers: &HashSet<i64>| numbers.iter().filter_map(|number| inner.connections.get(number)?.list).min();
        inner.users.iter().filter_map(|(user, numbers)| Some((*user, least(numbers)?))).collect()
    }

    /// A user's list is about to be told to all of their connections as of `user_rev`.
    pub fn note_list(&self, user: UserId, user_rev: Rev) {
        self.inner().note_list(user, user_rev);
    }

    /// Shows the others in a conversation that somebody is typing there. Only who listens to it is heard, and not more
    /// often than a sign is worth.
    pub fn typing(&self, number: i64, conversation: ConversationId, frame: &Utf8Bytes) {
        let mut inner = self.inner();
        let Some(connection) = inner.connections.get_mut(&number) else { return };
        let now = Instant::now();
        let too_soon = |last: &Instant| now.duration_since(*last) < SIGN_APART;
        if !connection.listens.contains(&conversation) || connection.typed.get(&conversation).is_some_and(too_soon) {
            return;
        }
        connection.typed.insert(conversation, now);
        let inner = &*inner;
        let Some(connection) = inner.connections.get(&number) else { return };
        for (other, queue) in inner.listeners.get(&conversation).into_iter().flatten() {
            if inner.connections.get(other).is_some_and(|other| other.user != connection.user) {
                queue.push_live(Source::Conversation(conversation), frame.clone());
            }
        }
    }

    /// A connection's person has sent what they typed: the next word is a new sign.
    pub fn sent(&self, number: i64, conversation: ConversationId) {
        if let Some(connection) = self.inner().connections.get_mut(&number) {
            connection.typed.remove(&conversation);
        }
    }

    /// A connection's person has done something.
    pub fn active(&self, user: UserId) {
        self.inner().presences.active(user, self.clock.now());
        self.moved.notify_one();
    }

    /// Users who were connected when the server stopped a moment ago, and when they were last seen.
    pub fn expect(&self, seen: &[(UserId, Millis)]) {
        let now = self.clock.now();
        let mut inner = self.inner();
        seen.iter().for_each(|(user, at)| inner.presences.expect(*user, *at, now));
        drop(inner);
        self.moved.notify_one();
    }

    /// Tells a connection of the presence of these users from now on, and of no others.
    pub fn watch(&self, number: i64, users: HashSet<UserId>) {
        let mut inner = self.inner();
        // One that has ended would never be forgotten.
        if inner.connections.contains_key(&number) {
            inner.presences.watch(number, users);
        }
    }

    /// Whether these users are there; none for who has not been lately.
    pub fn presence(&self, users: &[UserId]) -> Vec<Option<Presence>> {
        let (inner, now) = (self.inner(), self.clock.now());
        users.iter().map(|user| inner.presences.of(*user, now)).collect()
    }

    /// Hands a connection what it asked of users' presence. `seen`: each of them as they are if they are not there.
    pub fn answer_presence(&self, number: i64, seen: Vec<Presence>, frame: impl FnOnce(Vec<Presence>) -> Utf8Bytes) {
        // Under one lock with the telling of changes, so that what comes later is newer.
        let (mut inner, now) = (self.inner(), self.clock.now());
        let people = seen.into_iter().map(|seen| inner.presences.answer(seen.user, now).unwrap_or(seen)).collect();
        if let Some(connection) = inner.connections.get(&number) {
            connection.queue.push_answer(frame(people));
        }
        drop(inner);
        self.moved.notify_one();
    }

    /// The users who are connected or were a moment ago, and when each was last seen.
    pub fn seen(&self) -> Vec<(UserId, Millis)> {
        self.inner().presences.seen(self.clock.now())
    }

    /// Returns when something about presence may be settled.
    pub async fn presence_moved(&self) {
        loop {
            let now = self.clock.now();
            let due = self.inner().presences.due(now);
            let wait = due.map(|due| Duration::from_millis(u64::try_from(due.0 - now.0).unwrap_or(0)));
            match wait {
                Some(Duration::ZERO) => return,
                Some(wait) => {
                    tokio::select! {
                        () = self.moved.notified() => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                }
                None => self.moved.notified().await,
            }
        }
    }

    /// Tells those who watch what has changed since the last time; returns who is gone, and since when.
    pub fn settle_presence(&self) -> Vec<(UserId, Millis)> {
        let mut inner = self.inner();
        let settled = inner.presences.settle(self.clock.now());
        for (number, people) in settled.told {
            if let Some(connection) = inner.connections.get(&number) {
                let frame = ServerFrame::Presence { request: None, people };
                connection.queue.push_live(Source::People, frame.encode().into());
            }
        }
        settled.gone
    }

    /// Closes the connections of a session; when this returns they are given nothing more.
    pub fn close_session(&self, session: &SessionKey, code: u16) {
        self.inner().ending.remove(session);
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
        // Whoever signs out is gone at once; whoever is told to come back is expected.
        if code == close::SESSION {
            inner.presences.ended(which, self.clock.now());
            self.moved.notify_one();
        }
    }

    /// The sessions that have live connections.
    pub fn sessions(&self) -> Vec<SessionKey> {
        let keys: HashSet<SessionKey> =
            self.inner().connections.values().map(|connection| connection.session).collect();
        keys.into_iter().collect()
    }

    /// Those of one user.
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

    fn note_list(&mut self, user: UserId, user_rev: Rev) {
        for number in self.numbers(user) {
            if let Some(connection) = self.connections.get_mut(&number) {
                connection.told = connection.told.max(user_rev);
                // Across a gap nothing is known of what another server did to the list.
                connection.list = connection.list.map(|seen| if seen.next() == user_rev { user_rev } else { seen });
            }
        }
    }

    fn listen(&mut self, number: i64, conversation: ConversationId) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.listens.insert(conversation);
            self.listeners.entry(conversation).or_default().insert(number, Arc::clone(&connection.queue));
        }
    }

    fn unlisten(&mut self, number: i64, conversation: ConversationId) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.listens.remove(&conversation);
            connection.typed.remove(&conversation);
        }
        if let Some(listeners) = self.listeners.get_mut(&conversation) {
            listeners.remove(&number);
            if listeners.is_empty() {
                self.listeners.remove(&conversation);
            }
        }
    }
}

impl Registration {
    /// The connection is greeted with its user's list as of `user_rev`; its user is there.
    pub fn greeted(&self, user_rev: Rev) {
        let mut inner = self.hub.inner();
        let inner = &mut *inner;
        if let Some(connection) = inner.connections.get_mut(&self.number) {
            connection.list = Some(user_rev);
            // Not one whose session has ended in this moment.
            if !connection.queue.is_closed() {
                inner.presences.connected(self.number, self.user, connection.session);
            }
        }
        self.hub.moved.notify_one();
    }

    /// Begins to listen to these conversations.
    pub fn listen(&self, conversations: impl IntoIterator<Item = ConversationId>) {
        let mut inner = self.hub.inner();
        for conversation in conversations {
            inner.listen(self.number, conversation);
        }
    }

    /// Listens no longer to these conversations, and forgets what was queued of them: what was listened to before the
    /// memberships were read must not tell of a conversation that is no longer theirs.
    pub fn forget(&self, conversations: impl IntoIterator<Item = ConversationId>) {
        let mut inner = self.hub.inner();
        for conversation in conversations {
            inner.unlisten(self.number, conversation);
            self.queue.forget(conversation);
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut inner = self.hub.inner();
        let Some(connection) = inner.connections.remove(&self.number) else {
            return;
        };
        inner.presences.broke(self.number, connection.user, self.hub.clock.now());
        self.hub.moved.notify_one();
        for conversation in connection.listens {
            inner.unlisten(self.number, conversation);
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
