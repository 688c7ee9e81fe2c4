//! The schedule: what happens next, chosen at random.

use super::client::{Browser, Client};
use super::node::BusUser;
use super::rooms::{self, RoomAction};
use super::world::World;
use super::{GENERAL, pages, people};
use hubbub::model::{ConversationId, UserId};
use hubbub::server::writer::RoomCommand;
use hubbub::sync::{Event, SessionCheck};
use std::time::Duration;

/// One kind of step.
type Action = fn(&mut World);

/// The kinds of steps with their relative frequencies.
const ACTIONS: &[(usize, Action)] = &[
    (200, send),
    (200, receive),
    (120, serve),
    (60, serve_briefly),
    (90, wait),
    (60, connect),
    (80, bus),
    (110, people::post),
    (6, people::post_many),
    (40, people::scroll),
    (45, people::read),
    (12, people::discard),
    (30, cut),
    (6, blackhole),
    (15, toggle_offline),
    (30, check_session),
    (18, pages::reload),
    (10, pages::late_page),
    (35, pages::open),
    (6, rooms::create),
    (8, rooms::open_direct),
    (45, rooms::change),
    (8, rooms::change_concurrently),
    (14, rooms::remove_active_member),
    (30, rooms::change_list_while_connecting),
    (15, pages::page_arrives),
    (60, storage_events),
    (8, people::resend),
    (3, people::register),
    (5, people::sign_out),
    (10, people::sign_in),
    (4, toggle_bus),
    (1, people::post_past_reset_limit),
    (7, crash),
    (7, crash_on_answering),
    (3, stop),
    (25, start),
];

impl World {
    /// Starts the servers, users, and a history of messages.
    pub fn begin(&mut self) {
        self.start(0);
        let operator = self.register(0, "operator-0");
        let session = self.sign_in(0, operator);
        let names = ["ana", "tom", "kim", "zoe", "max"];
        let many = self.rng.between(3, names.len());
        let users: Vec<UserId> = names[..many].iter().map(|name| self.register(0, name)).collect();

        self.bus_user = Some(BusUser { user: operator, session });
        self.users = users.clone();
        self.nodes[0] = None;
        self.start(0);
        self.start(1);

        // A room that not everyone is a member of.
        self.run_task(0, users[0], RoomAction::Create { name: "Harbour", private: true });
        let harbour = *self.history.all().last().expect("it was created");
        self.run_task(0, users[0], RoomAction::Change(harbour, RoomCommand::Add(users[1])));
        let history = self.rng.below(130);
        self.post_directly(0, operator, GENERAL, history);
        for user in users {
            for _ in 0..1 + usize::from(self.rng.one_in(3)) {
                self.open_browser(user);
            }
        }
    }

    pub fn step(&mut self) {
        let all = ACTIONS.iter().map(|(weight, _)| weight).sum();
        let mut place = self.rng.below(all);
        for (weight, action) in ACTIONS {
            if place < *weight {
                return action(self);
            }
            place -= weight;
        }
    }

    /// A client that is signed in.
    pub fn some_client(&mut self) -> Option<usize> {
        self.some_client_that(|client| !client.signed_out)
    }

    pub fn some_client_that(&mut self, fits: impl Fn(&Client) -> bool) -> Option<usize> {
        let found: Vec<usize> = (0..self.clients.len()).filter(|i| fits(&self.clients[*i])).collect();
        self.rng.pick(&found)
    }

    pub fn some_node(&mut self) -> Option<usize> {
        let up = self.up();
        self.rng.pick(&up)
    }

    /// A conversation that a client holds.
    pub fn some_conversation(&mut self, i: usize) -> ConversationId {
        let held = self.history.all().into_iter().filter(|id| self.clients[i].engine.replica(*id).is_some());
        let held: Vec<_> = held.collect();
        self.rng.pick(&held).unwrap_or(GENERAL)
    }
}

// The network.

fn send(world: &mut World) {
    if let Some(i) =
        world.some_client_that(|client| client.connection.as_ref().is_some_and(|connection| !connection.up.is_empty()))
    {
        let many = world.rng.between(1, 4);
        world.log(format_args!("{i} sends {many}"));
        world.send_frames(i, many);
    }
}

fn receive(world: &mut World) {
    if let Some(i) = world
        .some_client_that(|client| client.connection.as_ref().is_some_and(|connection| !connection.down.is_empty()))
    {
        let many = world.rng.between(1, 6);
        world.log(format_args!("{i} receives {many}"));
        world.receive_frames(i, many);
    }
}

fn bus(world: &mut World) {
    let many = world.rng.between(1, 3);
    world.deliver_bus(many);
}

fn toggle_bus(world: &mut World) {
    world.bus_is_down = !world.bus_is_down;
    world.log(format_args!("the bus is {}", if world.bus_is_down { "down" } else { "up" }));
}

fn connect(world: &mut World) {
    let Some(i) = world.some_client_that(|client| client.is_connecting) else { return };
    let refused = world.clients[i].offline || world.rng.one_in(6);
    let to = world.some_node().filter(|_| !refused);
    world.answer_connect(i, to);
}

fn cut(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| client.connection.is_some()) {
        world.log(format_args!("{i} is disconnected"));
        world.cut(i, None);
    }
}

/// The network drops everything silently.
fn blackhole(world: &mut World) {
    let Some(i) = world.some_client_that(|client| client.connection.is_some()) else { return };
    world.log(format_args!("{i} is cut off silently"));
    if let Some(connection) = &mut world.clients[i].connection {
        connection.is_blackholed = true;
        connection.up.clear();
        connection.down.clear();
    }
}

fn toggle_offline(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let offline = !world.clients[i].offline && world.rng.one_in(2);
    world.log(format_args!("{i} is {}", if offline { "offline" } else { "online" }));
    world.clients[i].offline = offline;
    world.dispatch(i, if offline { Event::Offline } else { Event::RetryNow });
}

fn check_session(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| client.is_checking_session) {
        world.answer_session_check(i);
    }
}

impl World {
    pub fn answer_session_check(&mut self, i: usize) {
        self.clients[i].is_checking_session = false;
        let Browser { user, session, .. } = self.browsers[self.clients[i].browser];
        let check = match () {
            () if self.up().is_empty() || self.clients[i].offline => SessionCheck::Unknown,
            () if self.ledger.revoked.contains(&session) => SessionCheck::SignedOut,
            () => SessionCheck::SignedIn(user),
        };
        self.log(format_args!("{i} learns {check:?}"));
        self.dispatch(i, Event::SessionChecked(check));
    }
}

fn storage_events(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| !client.storage_events.is_empty()) {
        world.log(format_args!("{i} learns what other tabs have done"));
        world.deliver_storage_events(i);
    }
}

// The servers.

/// A server runs until it has answered everything, or pauses after some frames.
fn serve(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    if world.rng.one_in(2) {
        world.log(format_args!("server {at} answers"));
        world.run_until(at, |world| !world.is_busy(at));
    } else {
        let mut left = world.rng.between(1, 4);
        world.log(format_args!("server {at} answers a little"));
        world.run_until(at, |world| {
            left -= 1;
            left == 0 || !world.is_busy(at)
        });
    }
}

/// A server pauses in the middle of whatever it does.
fn serve_briefly(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    let micros = world.rng.below(600) as u64;
    world.log(format_args!("server {at} works for {micros} µs"));
    world.node(at).run_for(Duration::from_micros(micros));
    world.collect();
}

fn wait(world: &mut World) {
    let millis = if world.rng.one_in(15) { 12_000 } else { world.rng.below(700) as u64 };
    world.pass(millis);
}

fn crash(world: &mut World) {
    if let Some(at) = world.some_node() {
        world.log(format_args!("server {at} crashes"));
        world.crash(at);
    }
}

/// A server crashes right after it has sent an answer, which still arrives.
fn crash_on_answering(world: &mut World) {
    let Some(i) =
        world.some_client_that(|client| client.connection.as_ref().is_some_and(|connection| !connection.up.is_empty()))
    else {
        return;
    };
    let Some(at) = world.clients[i].connection.as_ref().map(|connection| connection.node) else { return };
    world.log(format_args!("server {at} crashes on answering {i}"));
    world.send_frames(i, 10);
    let waits = |world: &World| world.clients[i].connection.as_ref().map_or(0, |connection| connection.down.len());
    let before = waits(world);
    world.run_until(at, |world| waits(world) > before || !world.is_busy(at));
    world.receive_frames(i, usize::MAX);
    world.crash(at);
}

fn stop(world: &mut World) {
    if let Some(at) = world.some_node() {
        world.log(format_args!("server {at} stops"));
        world.stop(at);
    }
}

fn start(world: &mut World) {
    let down: Vec<usize> = (0..world.nodes.len()).filter(|at| world.nodes[*at].is_none()).collect();
    if let Some(at) = world.rng.pick(&down) {
        world.log(format_args!("server {at} starts"));
        world.start(at);
    }
}
