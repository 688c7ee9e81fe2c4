//! What happens, and when: one decision after the other, by chance.

use super::client::{Browser, Client};
use super::node::Carrier;
use super::rooms::{self, Wish};
use super::world::World;
use super::{GENERAL, pages, people};
use hubbub::model::{ConversationId, UserId};
use hubbub::server::writer::RoomCommand;
use hubbub::sync::{Event, SessionCheck};
use std::time::Duration;

/// What may happen in a step.
type Thing = fn(&mut World);

/// How often each thing happens, in relation to the others.
const THINGS: &[(usize, Thing)] = &[
    (200, up),
    (200, down),
    (120, serve),
    (60, serve_briefly),
    (90, wait),
    (60, dial),
    (80, bus),
    (110, people::post),
    (6, people::chatter),
    (40, people::scroll),
    (45, people::read),
    (12, people::discard),
    (30, cut),
    (6, die),
    (15, device),
    (30, who),
    (18, pages::reload),
    (10, pages::late_page),
    (35, pages::open),
    (6, rooms::make),
    (8, rooms::direct),
    (45, rooms::step),
    (8, rooms::crowd),
    (14, rooms::show_out),
    (15, pages::page_arrives),
    (8, people::repeat),
    (3, people::newcomer),
    (5, people::sign_out),
    (10, people::sign_in),
    (4, bus_breaks),
    (1, people::elsewhere),
    (7, crash),
    (7, crash_on_answering),
    (3, stop),
    (25, start),
];

impl World {
    /// Servers, people, and what they have said so far.
    pub fn begin(&mut self) {
        self.start(0);
        let operator = self.register(0, "operator-0");
        let session = self.sign_in(0, operator);
        let names = ["ana", "tom", "kim", "zoe", "max"];
        let many = self.chance.between(3, names.len());
        let users: Vec<UserId> = names[..many].iter().map(|name| self.register(0, name)).collect();

        self.carrier = Some(Carrier { user: operator, session });
        self.users = users.clone();
        self.nodes[0] = None;
        self.start(0);
        self.start(1);

        // Where not everyone is.
        self.do_at_once(0, users[0], Wish::Make { name: "Harbour", private: true });
        let harbour = *self.history.all().last().expect("it was made");
        self.do_at_once(0, users[0], Wish::RoomCommand(harbour, RoomCommand::Add(users[1])));
        let history = self.chance.below(130);
        self.says(0, operator, GENERAL, history);
        for user in users {
            for _ in 0..1 + usize::from(self.chance.one_in(3)) {
                self.arrive(user);
            }
        }
    }

    pub fn step(&mut self) {
        let all = THINGS.iter().map(|(weight, _)| weight).sum();
        let mut place = self.chance.below(all);
        for (weight, thing) in THINGS {
            if place < *weight {
                return thing(self);
            }
            place -= weight;
        }
    }

    /// One in which a person can do something.
    pub fn some_client(&mut self) -> Option<usize> {
        self.some_client_that(|client| !client.signed_out)
    }

    pub fn some_client_that(&mut self, fits: impl Fn(&Client) -> bool) -> Option<usize> {
        let found: Vec<usize> = (0..self.clients.len()).filter(|i| fits(&self.clients[*i])).collect();
        self.chance.pick(&found)
    }

    pub fn some_node(&mut self) -> Option<usize> {
        let up = self.up();
        self.chance.pick(&up)
    }

    /// A conversation that a client holds.
    pub fn some_conversation(&mut self, i: usize) -> ConversationId {
        let held = self.history.all().into_iter().filter(|id| self.clients[i].engine.replica(*id).is_some());
        let held: Vec<_> = held.collect();
        self.chance.pick(&held).unwrap_or(GENERAL)
    }
}

// The network.

fn up(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| client.link.as_ref().is_some_and(|link| !link.up.is_empty())) {
        let many = world.chance.between(1, 4);
        world.note(format_args!("{i} up {many}"));
        world.carry_up(i, many);
    }
}

fn down(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| client.link.as_ref().is_some_and(|link| !link.down.is_empty())) {
        let many = world.chance.between(1, 6);
        world.note(format_args!("{i} down {many}"));
        world.carry_down(i, many);
    }
}

fn bus(world: &mut World) {
    let many = world.chance.between(1, 3);
    world.carry(many);
}

fn bus_breaks(world: &mut World) {
    world.bus_is_down = !world.bus_is_down;
    world.note(format_args!("the bus is {}", if world.bus_is_down { "down" } else { "up" }));
}

fn dial(world: &mut World) {
    let Some(i) = world.some_client_that(|client| client.dialing) else { return };
    let refused = world.clients[i].offline || world.chance.one_in(6);
    let to = world.some_node().filter(|_| !refused);
    world.answer_dial(i, to);
}

fn cut(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| client.link.is_some()) {
        world.note(format_args!("{i} is cut"));
        world.cut(i, None);
    }
}

/// The network swallows everything and says nothing.
fn die(world: &mut World) {
    let Some(i) = world.some_client_that(|client| client.link.is_some()) else { return };
    world.note(format_args!("{i} is cut and not told"));
    if let Some(link) = &mut world.clients[i].link {
        link.dead = true;
        link.up.clear();
        link.down.clear();
    }
}

fn device(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let offline = !world.clients[i].offline && world.chance.one_in(2);
    world.note(format_args!("{i} is {}", if offline { "offline" } else { "nudged" }));
    world.clients[i].offline = offline;
    world.tell(i, if offline { Event::Offline } else { Event::RetryNow });
}

fn who(world: &mut World) {
    if let Some(i) = world.some_client_that(|client| client.asks_who) {
        world.answer_who(i);
    }
}

impl World {
    pub fn answer_who(&mut self, i: usize) {
        self.clients[i].asks_who = false;
        let Browser { user, session, .. } = self.browsers[self.clients[i].browser];
        let who = match () {
            () if self.up().is_empty() || self.clients[i].offline => SessionCheck::Unknown,
            () if self.ledger.revoked.contains(&session) => SessionCheck::SignedOut,
            () => SessionCheck::SignedIn(user),
        };
        self.note(format_args!("{i} is told {who:?}"));
        self.tell(i, Event::SessionChecked(who));
    }
}

// The servers.

/// A server works until it has answered everything, or stands still after so many frames.
fn serve(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    if world.chance.one_in(2) {
        world.note(format_args!("server {at} answers"));
        world.work(at, |world| !world.is_busy(at));
    } else {
        let mut left = world.chance.between(1, 4);
        world.note(format_args!("server {at} answers a little"));
        world.work(at, |world| {
            left -= 1;
            left == 0 || !world.is_busy(at)
        });
    }
}

/// A server stands still in the middle of whatever it does.
fn serve_briefly(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    let micros = world.chance.below(600) as u64;
    world.note(format_args!("server {at} works for {micros} µs"));
    world.node(at).work_for(Duration::from_micros(micros));
    world.collect();
}

fn wait(world: &mut World) {
    let millis = if world.chance.one_in(15) { 12_000 } else { world.chance.below(700) as u64 };
    world.pass(millis);
}

fn crash(world: &mut World) {
    if let Some(at) = world.some_node() {
        world.note(format_args!("server {at} crashes"));
        world.crash(at);
    }
}

/// A server is gone right after it has said something, and what it said arrives.
fn crash_on_answering(world: &mut World) {
    let Some(i) = world.some_client_that(|client| client.link.as_ref().is_some_and(|link| !link.up.is_empty())) else {
        return;
    };
    let Some(at) = world.clients[i].link.as_ref().map(|link| link.node) else { return };
    world.note(format_args!("server {at} crashes on answering {i}"));
    world.carry_up(i, 10);
    let waits = |world: &World| world.clients[i].link.as_ref().map_or(0, |link| link.down.len());
    let before = waits(world);
    world.work(at, |world| waits(world) > before || !world.is_busy(at));
    world.carry_down(i, usize::MAX);
    world.crash(at);
}

fn stop(world: &mut World) {
    if let Some(at) = world.some_node() {
        world.note(format_args!("server {at} stops"));
        world.stop(at);
    }
}

fn start(world: &mut World) {
    let down: Vec<usize> = (0..world.nodes.len()).filter(|at| world.nodes[*at].is_none()).collect();
    if let Some(at) = world.chance.pick(&down) {
        world.note(format_args!("server {at} starts"));
        world.start(at);
    }
}
