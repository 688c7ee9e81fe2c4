//! Everything there is: servers over one database, the bus between them, browsers and their tabs, and the time.

use super::chance::Chance;
use super::client::{Browser, Client};
use super::ledger::Ledger;
use super::network::{Down, Link, OtherEnd};
use super::node::{Carrier, Node};
use hubbub::model::{ConversationId, Error, Millis, Opened, Rev, UserId, key};
use hubbub::server::chat::conversations;
use hubbub::server::clock::Clock;
use hubbub::server::store::sessions::{SessionKey, SessionRow};
use hubbub::server::store::users::NewUser;
use hubbub::sync::{Effect, Engine, Event, Now};
use hubbub::wire::{ClientFrame, ServerFrame, close};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The wall clock's beginning.
const BEGINNING: i64 = 1_800_000_000_000;
/// How often a server's janitor looks.
const JANITOR: u64 = 3_000;
/// How long a server may take (in real time) for what it always does. Only a fault makes it take so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server is left alone for this long; then the others work as well, since one may hold the database's lock.
const ALONE: Duration = Duration::from_millis(20);
const SLICE: Duration = Duration::from_millis(1);

/// A change on its way from one server to another.
pub struct Bulletin {
    to: usize,
    conversation: ConversationId,
    rev: Rev,
    text: String,
}

pub type Trace = Arc<Mutex<Vec<String>>>;
/// How often something was met with: a simulation that never meets with a thing proves nothing about it.
pub type Met = BTreeMap<&'static str, usize>;

pub struct World {
    pub chance: Chance,
    pub trace: Trace,
    pub mono: u64,
    clock: Arc<AtomicI64>,
    url: String,
    pub nodes: [Option<Node>; 2],
    pub carrier: Option<Carrier>,
    pub bus: Vec<Bulletin>,
    pub bus_is_down: bool,
    pub browsers: Vec<Browser>,
    pub clients: Vec<Client>,
    /// Connections that their clients have left.
    left: Vec<OtherEnd>,
    pub ledger: Ledger,
    pub met: Met,
    janitor_at: u64,
    /// Whether the network misbehaves.
    pub stormy: bool,
    _folder: TempDir,
}

impl World {
    pub fn new(seed: u64, trace: Trace) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(BEGINNING));
        let url = format!("sqlite://{}/hubbub.db", folder.path().display());
        World {
            chance: Chance::new(seed),
            trace,
            mono: 0,
            clock,
            url,
            nodes: [None, None],
            carrier: None,
            bus: Vec::new(),
            bus_is_down: false,
            browsers: Vec::new(),
            clients: Vec::new(),
            left: Vec::new(),
            ledger: Ledger::default(),
            met: Met::new(),
            janitor_at: JANITOR,
            stormy: true,
            _folder: folder,
        }
    }

    pub fn note(&self, what: impl std::fmt::Display) {
        self.trace.lock().unwrap().push(format!("{:>7} {what}", self.mono));
    }

    pub fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }

    // The servers.

    pub fn up(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|at| self.nodes[*at].is_some()).collect()
    }

    pub fn node(&self, at: usize) -> &Node {
        self.nodes[at].as_ref().expect("the server is up")
    }

    pub fn start(&mut self, at: usize) {
        // The other may stand still with the database's lock.
        self.finish();
        let mut node = Node::start(&self.url, Clock::Manual(Arc::clone(&self.clock)));
        if let Some(carrier) = self.carrier {
            node.join_bus(carrier, &self.ledger.members.keys().copied().collect::<Vec<_>>());
        }
        self.nodes[at] = Some(node);
    }

    /// The server is gone from one moment to the next.
    pub fn crash(&mut self, at: usize) {
        self.collect();
        self.meet(if self.is_busy(at) { "a crash in the middle of something" } else { "a crash" });
        self.nodes[at] = None;
        self.server_is_gone(at);
    }

    /// The server is told to stop.
    pub fn stop(&mut self, at: usize) {
        let core = Arc::clone(&self.node(at).core);
        self.ask(at, async move { core.close().await });
        self.collect();
        self.nodes[at] = None;
        self.server_is_gone(at);
    }

    fn server_is_gone(&mut self, at: usize) {
        let links = self.clients.iter_mut().filter_map(|client| client.link.as_mut());
        links.filter(|link| link.node == at).for_each(Link::server_is_gone);
    }

    /// Lets a server work until it is so.
    pub fn work(&mut self, at: usize, mut until: impl FnMut(&mut World) -> bool) {
        let begun = Instant::now();
        loop {
            self.collect();
            if until(self) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "server {at} does not come to an end");
            self.node(at).work(SLICE);
            if begun.elapsed() > ALONE {
                self.up().into_iter().filter(|other| *other != at).for_each(|other| self.node(other).work(SLICE));
            }
        }
    }

    /// Has a server do something, to the end.
    pub fn ask<T: Send + 'static>(&mut self, at: usize, task: impl Future<Output = T> + Send + 'static) -> T {
        let task = self.node(at).begin(task);
        self.work(at, |_| task.is_finished());
        self.node(at).result(task)
    }

    /// Whether a server owes somebody an answer.
    pub fn is_busy(&self, at: usize) -> bool {
        self.clients.iter().filter_map(|client| client.link.as_ref()).any(|link| link.node == at && link.is_busy())
    }

    /// Lets the servers finish everything they were given, whether anybody still waits for it or not.
    pub fn finish(&mut self) {
        for at in self.up() {
            self.work(at, |world| {
                world.left.retain(OtherEnd::is_there);
                !world.is_busy(at) && world.left.iter().all(|end| end.node != at)
            });
            // The writer does one thing after the other, so whatever came before this is done and told.
            let core = Arc::clone(&self.node(at).core);
            self.ask(at, async move { core.writer.delete_expired_sessions().await }).unwrap();
            // And once more around, so that every connection has written what it was told.
            self.ask(at, async {});
            self.ask(at, async {});
        }
    }

    /// Takes what the servers have written: to clients, and onto the bus.
    pub fn collect(&mut self) {
        for client in &mut self.clients {
            let Some(link) = &mut client.link else { continue };
            for down in link.written() {
                assert!(!link.over, "the server went on after its end: {down:?}");
                match &down {
                    Down::Frame(text) => {
                        let frame = ServerFrame::decode(text).unwrap();
                        assert!(!link.revoked, "told after the session was revoked: {frame:?}");
                        self.ledger.may_see(link.user, &frame);
                        if !matches!(frame, ServerFrame::Changed { .. } | ServerFrame::Head { .. }) {
                            link.unanswered -= 1;
                        }
                    }
                    Down::Closed(_) | Down::Broken => (link.over, link.unanswered) = (true, 0),
                }
                if !link.dead {
                    link.down.push_back(down);
                }
            }
        }
        for from in self.up() {
            for (conversation, rev, text) in self.node(from).published() {
                self.publish(from, conversation, rev, text);
            }
        }
    }

    // The bus between the servers: it may lose, repeat and reorder.

    fn publish(&mut self, from: usize, conversation: ConversationId, rev: Rev, text: String) {
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            let copies = match self.chance.below(20) {
                0 | 1 if self.stormy => 0,
                2 if self.stormy => 2,
                _ if self.bus_is_down => 0,
                _ => 1,
            };
            if copies != 1 {
                self.meet(if copies == 0 { "a change that the bus lost" } else { "a change that the bus repeated" });
                self.note(format_args!("the bus carries {conversation}/{rev} to server {to} {copies} times"));
            }
            for _ in 0..copies {
                let place = if self.stormy && self.chance.one_in(4) {
                    self.chance.between(0, self.bus.len())
                } else {
                    self.bus.len()
                };
                self.bus.insert(place, Bulletin { to, conversation, rev, text: text.clone() });
            }
        }
    }

    /// The bus brings the next so many.
    pub fn carry(&mut self, many: usize) {
        for Bulletin { to, conversation, rev, text } in self.bus.drain(..many.min(self.bus.len())).collect::<Vec<_>>() {
            // What stands on a server's own bus is not its own to carry further.
            self.collect();
            if let Some(node) = &self.nodes[to] {
                node.bring(conversation, rev, &text);
            }
        }
    }

    // The time.

    pub fn wall(&self) -> Millis {
        Millis(BEGINNING + self.mono as i64)
    }

    /// Time passes; ticks come when they were asked for.
    pub fn pass(&mut self, millis: u64) {
        let end = self.mono + millis;
        loop {
            let wakes = self.clients.iter().filter_map(|client| client.wake);
            let next = wakes.chain([self.janitor_at, end]).min().unwrap_or(end);
            self.mono = self.mono.max(next);
            self.clock.store(self.wall().0, Ordering::Relaxed);
            if self.janitor_at <= self.mono {
                self.janitor_at = self.mono + JANITOR;
                self.up().into_iter().for_each(|at| self.clean(at));
            }
            for i in 0..self.clients.len() {
                if self.clients[i].wake.is_some_and(|wake| wake <= self.mono) {
                    self.clients[i].wake = None;
                    self.tell(i, Event::Tick);
                }
            }
            if next >= end {
                return;
            }
        }
    }

    /// What is next to happen by itself.
    pub fn next_moment(&self) -> u64 {
        self.clients.iter().filter_map(|client| client.wake).chain([self.janitor_at]).min().unwrap_or(self.mono)
    }

    fn clean(&mut self, at: usize) {
        let janitor = self.node(at).janitor();
        self.ask(at, janitor);
        self.collect();
        let links = self.clients.iter_mut().filter_map(|client| client.link.as_mut());
        for link in links.filter(|link| link.node == at) {
            link.revoked |= self.ledger.revoked.contains(&link.session);
        }
    }

    // The people.

    pub fn register(&mut self, at: usize, username: &str) -> UserId {
        let core = Arc::clone(&self.node(at).core);
        let account = NewUser {
            username: username.into(),
            username_key: key::look(username),
            first_name: username.to_uppercase(),
            last_name: "Simulated".into(),
            email: format!("{username}@harbour.example"),
            email_key: format!("{username}@harbour.example"),
            password_hash: String::new(),
        };
        let user = self.ask(at, async move { core.writer.register(account).await }).unwrap();
        self.ledger.members.entry(super::GENERAL).or_default().insert(user);
        user
    }

    pub fn sign_in(&mut self, at: usize, user: UserId) -> SessionKey {
        let core = Arc::clone(&self.node(at).core);
        let key = self.chance.bytes();
        let (used_at, expires_at) = (self.wall(), Millis(self.wall().0 + 30 * 24 * 60 * 60 * 1000));
        let row = SessionRow { key, user: Some(user), data: "{}".into(), used_at, expires_at };
        assert!(self.ask(at, async move { core.writer.insert_session(row).await }).unwrap());
        key
    }

    /// Ends a session, as signing out does.
    pub fn revoke(&mut self, at: usize, session: SessionKey) {
        let core = Arc::clone(&self.node(at).core);
        self.ask(at, async move { core.writer.delete_session(session).await }).unwrap();
        self.collect();
        self.node(at).core.hub.close_session(&session, close::SESSION);
        self.ledger.revoked.insert(session);
        let links = self.clients.iter_mut().filter_map(|client| client.link.as_mut());
        links.filter(|link| link.node == at && link.session == session).for_each(|link| link.revoked = true);
    }

    pub fn user(&self, i: usize) -> UserId {
        self.browsers[self.clients[i].browser].user
    }

    pub fn conversations(&self, user: UserId) -> Vec<ConversationId> {
        self.ledger.members.keys().copied().filter(|id| self.ledger.is_member(*id, user)).collect()
    }

    /// A page, as the server renders it.
    pub fn fetch(&mut self, at: usize, user: UserId, conversation: ConversationId) -> Result<Opened, Error> {
        let core = Arc::clone(&self.node(at).core);
        self.ask(at, async move { conversations::page(&core, user, Some(conversation), None).await })
    }

    /// A new tab with this page, and what the storage kept.
    pub fn open(&mut self, i: usize, page: Opened) {
        self.hang_up(i);
        let entropy = self.chance.bytes();
        let old = &self.clients[i];
        self.clients[i] = Client::new(old.browser, Engine::new(entropy), old.skew);
        self.tell(i, Event::Seeded(Box::new(page)));
        let kept = self.browsers[self.clients[i].browser].kept();
        self.tell(i, Event::Restored(kept));
    }

    /// Hands a client's engine an event and carries out what it wants.
    pub fn tell(&mut self, i: usize, event: Event) {
        let client = &mut self.clients[i];
        let now = Now { mono: self.mono, wall: Millis(BEGINNING + self.mono as i64 + client.skew) };
        let posts = matches!(event, Event::Post { .. });
        for effect in client.engine.handle(now, event) {
            self.carry_out(i, effect, posts);
        }
    }

    fn carry_out(&mut self, i: usize, effect: Effect, posts: bool) {
        let client = &mut self.clients[i];
        let browser = &mut self.browsers[client.browser];
        match effect {
            Effect::Connect => client.dialing = true,
            Effect::Disconnect => self.hang_up(i),
            Effect::Send(frame) => match &mut client.link {
                Some(link) => {
                    link.greeted = true;
                    link.up.push_back(frame);
                }
                None => panic!("sent without a connection: {frame:?}"),
            },
            Effect::Store(pending) => {
                browser.keep(&pending);
                if posts {
                    self.ledger.write(&pending);
                }
            }
            Effect::Remove(id) => {
                browser.forget(id);
                let tabs = (0..self.clients.len()).filter(|tab| *tab != i);
                let shared = tabs.filter(|tab| self.clients[*tab].browser == self.clients[i].browser);
                for tab in shared.collect::<Vec<_>>() {
                    self.tell(tab, Event::Forgotten(id));
                }
            }
            Effect::Wake(at) => client.wake = Some(at),
            Effect::Changed(_) => {}
            Effect::AskWho => client.asks_who = true,
            Effect::SignIn => {
                client.signed_out = true;
                self.hang_up(i);
            }
        }
    }

    /// The connection ends on the client's side, and whatever is on its way is lost.
    pub fn hang_up(&mut self, i: usize) {
        self.clients[i].dialing = false;
        let Some(link) = self.clients[i].link.take() else { return };
        self.left.push(link.other_end());
        if !link.refused {
            self.ledger.keep_order(link.order.clone());
        }
    }

    /// The connection that a client wants comes to be, or does not.
    pub fn answer_dial(&mut self, i: usize, to: Option<usize>) {
        let Browser { user, session, .. } = self.browsers[self.clients[i].browser];
        self.clients[i].dialing = false;
        match to.filter(|_| !self.ledger.revoked.contains(&session)) {
            Some(to) => {
                self.note(format_args!("{i} is connected to server {to}"));
                self.clients[i].link = Some(self.node(to).accept(to, user, session));
                self.tell(i, Event::Opened);
            }
            None => {
                self.note(format_args!("{i} is not connected"));
                self.tell(i, Event::Closed { opened: false, code: None });
            }
        }
    }

    /// Gives the server up to so many frames of a client.
    pub fn carry_up(&mut self, i: usize, many: usize) {
        for _ in 0..many {
            let Some(link) = &mut self.clients[i].link else { return };
            let Some(frame) = link.up.pop_front() else { return };
            if link.dead || link.over {
                continue;
            }
            link.hand_over(&frame);
            if let ClientFrame::Post { id, .. } = &frame {
                if self.ledger.hand_over((link.user, *id)) {
                    link.order.push((link.user, *id));
                } else {
                    self.meet("a post that was sent again");
                }
            }
        }
    }

    /// Brings up to so many frames down to a client.
    pub fn carry_down(&mut self, i: usize, many: usize) {
        for _ in 0..many {
            let Some(link) = &mut self.clients[i].link else { return };
            match link.down.pop_front() {
                None => return,
                Some(Down::Frame(text)) => {
                    let frame = ServerFrame::decode(&text).unwrap();
                    match &frame {
                        ServerFrame::Posted { rows, .. } => self.ledger.acknowledge(&rows.messages[0]),
                        ServerFrame::Refused { id: Some(_), .. } => link.refused = true,
                        _ => {}
                    }
                    match &frame {
                        ServerFrame::Changes { .. } => self.meet("catching up"),
                        ServerFrame::Reset { .. } => self.meet("a reset"),
                        ServerFrame::Window { .. } => self.meet("a window"),
                        ServerFrame::Head { .. } => self.meet("a head"),
                        ServerFrame::Refused { .. } => self.meet("a refusal"),
                        _ => {}
                    }
                    self.tell(i, Event::Frame(Box::new(frame)));
                }
                Some(Down::Closed(code)) => {
                    self.note(format_args!("{i} is closed with {code}"));
                    match code {
                        close::SESSION => self.meet("the end of a session"),
                        close::RESTART => self.meet("a restart"),
                        other => panic!("{i} is closed with {other}"),
                    }
                    self.cut(i, Some(code));
                }
                Some(Down::Broken) => self.cut(i, None),
            }
        }
    }

    /// The client learns that its connection is gone.
    pub fn cut(&mut self, i: usize, code: Option<u16>) {
        self.hang_up(i);
        self.tell(i, Event::Closed { opened: true, code });
    }
}
