//! What happens, and when: one decision after the other, by chance.

use super::client::{Browser, Client};
use super::node::Carrier;
use super::world::World;
use super::{GENERAL, HARBOUR};
use hubbub::model::{Body, ConversationId, MessageId, Rev, Seq, UserId, key};
use hubbub::server::Core;
use hubbub::server::store::conversations::Head;
use hubbub::server::store::{conversations, members};
use hubbub::server::writer::{Answer, Done, Post};
use hubbub::sync::{Engine, Event, Pending, PendingState, Who};
use hubbub::wire::ClientFrame;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

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
    (110, post),
    (6, chatter),
    (40, scroll),
    (12, discard),
    (30, cut),
    (6, die),
    (15, device),
    (30, who),
    (18, reload),
    (10, late_page),
    (15, page_arrives),
    (8, repeat),
    (3, newcomer),
    (5, sign_out),
    (10, sign_in),
    (4, bus_breaks),
    (1, elsewhere),
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

        let insiders = [operator, users[0], users[1]];
        let core = Arc::clone(&self.node(0).core);
        self.ask(0, async move { open_harbour(&core, &insiders).await });
        self.ledger.members.insert(HARBOUR, insiders.into());
        self.carrier = Some(Carrier { user: operator, session });
        self.nodes[0] = None;
        self.start(0);
        self.start(1);

        let history = self.chance.below(130);
        self.says(0, operator, GENERAL, history);
        for user in users {
            for _ in 0..1 + usize::from(self.chance.one_in(3)) {
                self.arrive(user);
            }
        }
    }

    /// Somebody signs in with a browser of their own, in one tab or two.
    fn arrive(&mut self, user: UserId) {
        let Some(at) = self.chance.pick(&self.up()) else { return };
        let session = self.sign_in(at, user);
        self.browsers.push(Browser::new(user, session));
        for _ in 0..1 + usize::from(self.chance.one_in(4)) {
            let skew = self.chance.below(240_000) as i64 - 120_000;
            self.clients.push(Client::new(self.browsers.len() - 1, Engine::new([0; 16]), skew));
            let i = self.clients.len() - 1;
            self.note(format_args!("{i} is a tab of user {user}"));
            self.load(i, at);
        }
    }

    /// Loads a page anew.
    pub fn load(&mut self, i: usize, at: usize) {
        let user = self.user(i);
        let conversations = self.conversations(user);
        let conversation = self.chance.pick(&conversations).unwrap_or(GENERAL);
        let page = self.fetch(at, user, conversation).unwrap();
        self.open(i, page);
    }

    /// Messages of somebody who is not simulated, posted through a server's writer alone.
    pub fn says(&mut self, at: usize, author: UserId, conversation: ConversationId, many: usize) {
        let mut answers = Vec::new();
        let core = Arc::clone(&self.node(at).core);
        for n in 0..many {
            let id = MessageId::new(self.wall(), self.chance.bytes());
            let body = format!("told {n}");
            let pending =
                Pending { id, conversation, author, body: body.clone(), at: self.wall(), state: PendingState::Queued };
            self.ledger.write(&pending);
            let post = Post::new(author, id, conversation, Body::parse(&body).unwrap());
            let (answer, answered) = oneshot::channel();
            answers.push((post, Answer::Channel(answer), answered));
        }
        let stand = self.ask(at, async move {
            let mut waiting = Vec::new();
            for (post, answer, answered) in answers {
                core.writer.post(post, answer).await;
                waiting.push(answered);
            }
            let mut stand = Vec::new();
            for answered in waiting {
                stand.push(answered.await.unwrap().unwrap());
            }
            stand
        });
        for done in stand {
            let Done::Posted(posted) = done else { panic!("{done:?}") };
            self.ledger.acknowledge(&posted.message);
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

    fn some_client_that(&mut self, fits: impl Fn(&Client) -> bool) -> Option<usize> {
        let found: Vec<usize> = (0..self.clients.len()).filter(|i| fits(&self.clients[*i])).collect();
        self.chance.pick(&found)
    }

    fn some_node(&mut self) -> Option<usize> {
        let up = self.up();
        self.chance.pick(&up)
    }

    /// A conversation that a client holds.
    fn some_conversation(&mut self, i: usize) -> ConversationId {
        let held = [GENERAL, HARBOUR].into_iter().filter(|id| self.clients[i].engine.replica(*id).is_some());
        let held: Vec<_> = held.collect();
        self.chance.pick(&held).unwrap_or(GENERAL)
    }
}

/// A second room, whose members are not everyone.
async fn open_harbour(core: &Core, insiders: &[UserId]) {
    let (mut tx, now) = (core.db.write().await.unwrap(), core.clock.now());
    let conn = &mut tx.conn();
    let id = conversations::insert(conn, "Harbour", &key::look("Harbour"), "Not everyone", now).await.unwrap();
    assert_eq!(id, HARBOUR);
    let mut rev = Rev(1);
    for user in insiders {
        rev = rev.next();
        members::insert(conn, id, *user, rev, now).await.unwrap();
        conversations::add_to_member_count(conn, id, 1, rev).await.unwrap();
    }
    conversations::set_head(conn, id, Head { rev, seq: Seq(0) }).await.unwrap();
    tx.commit().await.unwrap();
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
    world.tell(i, if offline { Event::Offline } else { Event::Nudged });
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
            () if self.up().is_empty() || self.clients[i].offline => Who::Unknown,
            () if self.ledger.revoked.contains(&session) => Who::Nobody,
            () => Who::User(user),
        };
        self.note(format_args!("{i} is told {who:?}"));
        self.tell(i, Event::Who(who));
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

// The people.

fn post(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    // Now and then to where one does not belong.
    let conversation = if world.chance.one_in(20) { HARBOUR } else { world.some_conversation(i) };
    let body = format!("{} at {}", world.user(i), world.mono);
    world.note(format_args!("{i} posts to {conversation}"));
    world.tell(i, Event::Post { conversation, body });
}

fn chatter(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let (conversation, many) = (world.some_conversation(i), world.chance.between(5, 40));
    world.note(format_args!("{i} posts {many} times to {conversation}"));
    for n in 0..many {
        world.tell(i, Event::Post { conversation, body: format!("chatter {n}") });
    }
}

fn scroll(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let id = world.some_conversation(i);
    let event = match world.chance.below(5) {
        0 | 1 => Event::WantOlder(id),
        2 | 3 => Event::WantNewer(id),
        _ => Event::WantLatest(id),
    };
    world.note(format_args!("{i} {event:?}"));
    world.tell(i, event);
}

fn discard(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let pending: Vec<MessageId> =
        [GENERAL, HARBOUR].iter().flat_map(|id| world.clients[i].engine.pending(*id)).map(|entry| entry.id).collect();
    if let Some(id) = world.chance.pick(&pending) {
        world.give_up(i, id);
    }
}

impl World {
    /// A person gives a message up, if it is not too late.
    pub fn give_up(&mut self, i: usize, id: MessageId) {
        self.tell(i, Event::Discard(id));
        let held = [GENERAL, HARBOUR].iter().any(|to| self.clients[i].engine.pending(*to).any(|entry| entry.id == id));
        if !held {
            self.note(format_args!("{i} gives {id} up"));
            self.ledger.discard((self.user(i), id));
        }
    }
}

fn reload(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client(), world.some_node()) {
        world.note(format_args!("{i} reloads from server {at}"));
        world.load(i, at);
    }
}

/// A page is rendered now, and comes later.
fn late_page(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client(), world.some_node()) {
        let user = world.user(i);
        let theirs = world.conversations(user);
        let conversation = world.chance.pick(&theirs).unwrap_or(GENERAL);
        world.note(format_args!("{i} asks server {at} for the page of {conversation}"));
        let page = world.fetch(at, user, conversation).unwrap();
        world.clients[i].late.push_back(page);
    }
}

fn page_arrives(world: &mut World) {
    let Some(i) = world.some_client_that(|client| !client.late.is_empty()) else { return };
    world.page_arrives(i);
}

impl World {
    pub fn page_arrives(&mut self, i: usize) {
        let Some(page) = self.clients[i].late.pop_front() else { return };
        if !self.clients[i].signed_out && self.chance.one_in(3) {
            self.note(format_args!("{i} loads a page of long ago"));
            self.open(i, page);
        } else if !self.clients[i].signed_out {
            self.note(format_args!("{i} is shown a page of long ago"));
            self.tell(i, Event::Seeded(Box::new(page)));
        }
    }
}

/// A post of long ago comes again, over any connection of its author.
fn repeat(world: &mut World) {
    let Some(i) = world.some_client_that(|client| client.link.as_ref().is_some_and(|link| !link.over && !link.dead))
    else {
        return;
    };
    let user = world.user(i);
    let of_theirs = |(author, _): &&(UserId, MessageId)| *author == user;
    let names: Vec<_> = world.ledger.acknowledged.keys().filter(of_theirs).copied().collect();
    let Some(name) = world.chance.pick(&names) else { return };
    let written = &world.ledger.written[&name];
    let frame = ClientFrame::Post { id: name.1, conversation: written.conversation, body: written.body.clone() };
    world.note(format_args!("{i} repeats {}", name.1));
    // Behind the greeting, which must come first.
    let waits = |link: &mut super::network::Link| link.up.push_back(frame);
    world.clients[i].link.as_mut().filter(|link| link.greeted).map(waits);
}

fn newcomer(world: &mut World) {
    let Some(at) = world.some_node().filter(|_| world.browsers.len() < 9) else { return };
    let name = format!("new-{}", world.browsers.len());
    world.note(format_args!("{name} registers at server {at}"));
    let user = world.register(at, &name);
    world.arrive(user);
}

fn sign_out(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    let browser = world.chance.below(world.browsers.len());
    let session = world.browsers[browser].session;
    if !world.ledger.revoked.contains(&session) {
        world.note(format_args!("the session of browser {browser} ends at server {at}"));
        world.revoke(at, session);
    }
}

fn sign_in(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client_that(|client| client.signed_out), world.some_node()) {
        world.sign_in_again(i, at);
    }
}

impl World {
    pub fn sign_in_again(&mut self, i: usize, at: usize) {
        self.note(format_args!("{i} signs in again at server {at}"));
        let browser = self.clients[i].browser;
        if self.ledger.revoked.contains(&self.browsers[browser].session) {
            self.browsers[browser].session = self.sign_in(at, self.browsers[browser].user);
        }
        self.load(i, at);
    }
}

/// Much is said while some are away.
fn elsewhere(world: &mut World) {
    if let (Some(at), Some(carrier)) = (world.some_node(), world.carrier) {
        world.note(format_args!("much is said at server {at}"));
        world.says(at, carrier.user, GENERAL, 215);
    }
}
