//! The simulated world: servers over one database, the bus between them, browsers and their tabs, and the time.

use super::bus::BusMessage;
use super::client::{Browser, Client};
use super::commit_log::{CommitLog, History};
use super::ledger::Ledger;
use super::network::{Connection, ServerEnd};
use super::node::{BusUser, Node};
use super::rng::Rng;
use super::rooms::RoomTask;
use hubbub::model::{ConversationId, Millis, UserId};
use hubbub::server::clock::Clock;
use hubbub::sync::Event;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The start of the wall clock.
pub const BEGINNING: i64 = 1_800_000_000_000;
/// How often a server's janitor runs.
const JANITOR: u64 = 3_000;
/// The longest time (in real time) that a server may take for a regular operation. Only a fault makes it take so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server runs alone for this long; then the others run too, since one may hold the database's lock.
const ALONE: Duration = Duration::from_millis(20);
const SLICE: Duration = Duration::from_millis(1);

pub type Trace = Arc<Mutex<Vec<String>>>;
/// How often each kind of event happened: a simulation in which something never happens proves nothing about it.
pub type Coverage = BTreeMap<&'static str, usize>;

pub struct World {
    pub rng: Rng,
    pub trace: Trace,
    pub mono: u64,
    pub clock: Arc<AtomicI64>,
    url: String,
    pub nodes: [Option<Node>; 2],
    pub bus_user: Option<BusUser>,
    pub bus: Vec<BusMessage>,
    pub bus_is_down: bool,
    pub browsers: Vec<Browser>,
    pub clients: Vec<Client>,
    /// Connections that their clients have left.
    pub abandoned: Vec<ServerEnd>,
    pub ledger: Ledger,
    pub history: History,
    pub commit_log: Option<CommitLog>,
    pub users: Vec<UserId>,
    pub tasks: Vec<RoomTask>,
    /// The direct conversation of each pair.
    pub directs: BTreeMap<(UserId, UserId), ConversationId>,
    pub coverage: Coverage,
    janitor_at: u64,
    /// Whether the network and the bus have faults.
    pub has_faults: bool,
    _folder: TempDir,
}

impl World {
    pub fn new(seed: u64, trace: Trace) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(BEGINNING));
        let url = format!("sqlite://{}/hubbub.db", folder.path().display());
        World {
            rng: Rng::new(seed),
            trace,
            mono: 0,
            clock,
            url,
            nodes: [None, None],
            bus_user: None,
            bus: Vec::new(),
            bus_is_down: false,
            browsers: Vec::new(),
            clients: Vec::new(),
            abandoned: Vec::new(),
            ledger: Ledger::default(),
            history: History::default(),
            commit_log: None,
            users: Vec::new(),
            tasks: Vec::new(),
            directs: BTreeMap::new(),
            coverage: Coverage::new(),
            janitor_at: JANITOR,
            has_faults: true,
            _folder: folder,
        }
    }

    pub fn log(&self, what: impl std::fmt::Display) {
        self.trace.lock().unwrap().push(format!("{:>7} {what}", self.mono));
    }

    pub fn cover(&mut self, what: &'static str) {
        *self.coverage.entry(what).or_default() += 1;
    }

    // The servers.

    pub fn up(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|at| self.nodes[*at].is_some()).collect()
    }

    pub fn node(&self, at: usize) -> &Node {
        self.nodes[at].as_ref().expect("the server is up")
    }

    pub fn start(&mut self, at: usize) {
        // The other may be paused while it holds the database's lock.
        self.finish();
        let mut node = Node::start(&self.url, Clock::Manual(Arc::clone(&self.clock)));
        if let Some(bus_user) = self.bus_user {
            node.join_bus(bus_user);
            node.subscribe_bus(&self.history.open());
        }
        self.commit_log.get_or_insert_with(|| CommitLog::begin(&self.url));
        self.nodes[at] = Some(node);
    }

    /// A server crashes.
    pub fn crash(&mut self, at: usize) {
        self.collect();
        self.cover(if self.is_busy(at) { "a crash during a request" } else { "a crash" });
        self.nodes[at] = None;
        self.server_is_gone(at);
    }

    /// A server is stopped in an orderly way.
    pub fn stop(&mut self, at: usize) {
        let core = Arc::clone(&self.node(at).core);
        self.ask(at, async move { core.close().await });
        self.collect();
        self.nodes[at] = None;
        self.server_is_gone(at);
    }

    fn server_is_gone(&mut self, at: usize) {
        self.tasks.retain(|task| task.at != at);
        let connections = self.clients.iter_mut().filter_map(|client| client.connection.as_mut());
        connections.filter(|connection| connection.node == at).for_each(Connection::server_is_gone);
    }

    /// Runs a server until a condition holds.
    pub fn run_until(&mut self, at: usize, mut until: impl FnMut(&mut World) -> bool) {
        let begun = Instant::now();
        loop {
            self.collect();
            if until(self) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "server {at} does not finish");
            self.node(at).run_until_output(SLICE);
            if begun.elapsed() > ALONE {
                self.up()
                    .into_iter()
                    .filter(|other| *other != at)
                    .for_each(|other| self.node(other).run_until_output(SLICE));
            }
        }
    }

    /// Runs a task on a server to its end.
    pub fn ask<T: Send + 'static>(&mut self, at: usize, task: impl Future<Output = T> + Send + 'static) -> T {
        let task = self.node(at).spawn(task);
        self.run_until(at, |_| task.is_finished());
        self.node(at).result(task)
    }

    /// Whether a server owes somebody an answer.
    pub fn is_busy(&self, at: usize) -> bool {
        self.tasks.iter().any(|task| task.at == at)
            || self
                .clients
                .iter()
                .filter_map(|client| client.connection.as_ref())
                .any(|connection| connection.node == at && connection.is_busy())
    }

    /// Lets the servers finish everything, whether anybody still waits for it or not.
    pub fn finish(&mut self) {
        for at in self.up() {
            self.run_until(at, |world| {
                world.abandoned.retain(ServerEnd::is_alive);
                !world.is_busy(at) && world.abandoned.iter().all(|end| end.node != at)
            });
            // The writer works in order, so everything before this is done and published.
            let core = Arc::clone(&self.node(at).core);
            self.ask(at, async move { core.writer.delete_expired_sessions().await }).unwrap();
            self.write_what_is_queued(at);
        }
    }

    /// Lets every connection of a server write what it has been given: tasks run in the order in which they are woken,
    /// so what is spawned now runs after them. Twice, because a request that is answered wakes the writing half.
    fn write_what_is_queued(&mut self, at: usize) {
        self.ask(at, async {});
        self.ask(at, async {});
    }

    // The time.

    pub fn wall(&self) -> Millis {
        Millis(BEGINNING + self.mono as i64)
    }

    /// Time passes; ticks are sent when they were requested.
    pub fn pass(&mut self, millis: u64) {
        // What was committed until now gets the current time.
        self.read_commit_log();
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
                    self.dispatch(i, Event::Tick);
                }
            }
            if next >= end {
                return;
            }
        }
    }

    /// When the next tick or janitor run is due.
    pub fn next_moment(&self) -> u64 {
        self.clients.iter().filter_map(|client| client.wake).chain([self.janitor_at]).min().unwrap_or(self.mono)
    }

    fn clean(&mut self, at: usize) {
        let janitor = self.node(at).janitor();
        self.ask(at, janitor);
        // It may end without having paused once. What it delivered would then be written when the server runs next, at
        // a later time.
        self.write_what_is_queued(at);
        self.collect();
        let connections = self.clients.iter_mut().filter_map(|client| client.connection.as_mut());
        for connection in connections.filter(|connection| connection.node == at) {
            connection.revoked |= self.ledger.revoked.contains(&connection.session);
        }
    }
}
