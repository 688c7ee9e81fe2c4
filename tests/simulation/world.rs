//! Everything there is: servers over one database, the bus between them, browsers and their tabs, and the time.

use super::bus::Bulletin;
use super::client::{Browser, Client};
use super::ledger::Ledger;
use super::network::{Link, OtherEnd};
use super::node::{Carrier, Node};
use super::rng::Rng;
use super::rooms::Errand;
use super::witness::{History, Witness};
use hubbub::model::{ConversationId, Millis, UserId};
use hubbub::server::clock::Clock;
use hubbub::sync::Event;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The wall clock's beginning.
pub const BEGINNING: i64 = 1_800_000_000_000;
/// How often a server's janitor looks.
const JANITOR: u64 = 3_000;
/// How long a server may take (in real time) for what it always does. Only a fault makes it take so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server is left alone for this long; then the others work as well, since one may hold the database's lock.
const ALONE: Duration = Duration::from_millis(20);
const SLICE: Duration = Duration::from_millis(1);

pub type Trace = Arc<Mutex<Vec<String>>>;
/// How often something was met with: a simulation that never meets with a thing proves nothing about it.
pub type Met = BTreeMap<&'static str, usize>;

pub struct World {
    pub chance: Rng,
    pub trace: Trace,
    pub mono: u64,
    pub clock: Arc<AtomicI64>,
    url: String,
    pub nodes: [Option<Node>; 2],
    pub carrier: Option<Carrier>,
    pub bus: Vec<Bulletin>,
    pub bus_is_down: bool,
    pub browsers: Vec<Browser>,
    pub clients: Vec<Client>,
    /// Connections that their clients have left.
    pub left: Vec<OtherEnd>,
    pub ledger: Ledger,
    pub history: History,
    pub witness: Option<Witness>,
    pub users: Vec<UserId>,
    pub errands: Vec<Errand>,
    /// The direct conversation of each pair.
    pub directs: BTreeMap<(UserId, UserId), ConversationId>,
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
            chance: Rng::new(seed),
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
            history: History::default(),
            witness: None,
            users: Vec::new(),
            errands: Vec::new(),
            directs: BTreeMap::new(),
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
            node.join_bus(carrier);
            node.carries(&self.history.open());
        }
        self.witness.get_or_insert_with(|| Witness::begin(&self.url));
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
        self.errands.retain(|errand| errand.at != at);
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
        self.errands.iter().any(|errand| errand.at == at)
            || self
                .clients
                .iter()
                .filter_map(|client| client.link.as_ref())
                .any(|link| link.node == at && link.is_busy())
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

    // The time.

    pub fn wall(&self) -> Millis {
        Millis(BEGINNING + self.mono as i64)
    }

    /// Time passes; ticks come when they were asked for.
    pub fn pass(&mut self, millis: u64) {
        // What was committed until now was committed now, and not later.
        self.look();
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
}
