//! What people do about rooms and direct conversations: make them, come and go, bring in and show out, hand over, end.
//! They are errands that a server begins and finishes as it works, so that several meet in one transaction and a crash
//! may come in the middle.

use super::GENERAL;
use super::world::World;
use futures::FutureExt;
use hubbub::model::room::RoomForm;
use hubbub::model::{Code, ConversationId, Error, Seq, UserId, key};
use hubbub::server::chat::rooms;
use hubbub::server::writer::RoomCommand;
use hubbub::sync::Event;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// RoomPage at a time: enough to be in several, few enough to meet in each.
const ROOMS: usize = 6;
const NAMES: &[&str] = &["Quay", "quay", "Mole", "M0le", "Locks", "Tides", "Ropes"];

/// What somebody wants done.
#[derive(Clone, Debug)]
pub enum Wish {
    Make { name: &'static str, private: bool },
    Direct(UserId),
    RoomCommand(ConversationId, RoomCommand),
    Read(ConversationId, Seq),
}

/// A wish that a server has been given.
pub struct Errand {
    pub at: usize,
    by: UserId,
    wish: Wish,
    begun: u64,
    task: JoinHandle<Result<Option<ConversationId>, Error>>,
}

impl World {
    /// Gives a server an errand; it is done as the server works.
    pub fn send_off(&mut self, at: usize, by: UserId, wish: Wish) {
        self.note(format_args!("user {by} at server {at}: {wish:?}"));
        let (core, wanted) = (Arc::clone(&self.node(at).core), wish.clone());
        let task = self.node(at).begin(async move {
            match wanted {
                Wish::Make { name, private } => {
                    let form = RoomForm { name: name.into(), topic: String::new() };
                    rooms::create(&core, by, &form, private).await.map(Some)
                }
                Wish::Direct(other) => core.writer.open_direct(by, other).await.map(Some),
                Wish::RoomCommand(id, step) => core.writer.change_room(by, id, step).await.map(|()| None),
                Wish::Read(id, seq) => core.writer.set_read_position(by, id, seq).await.map(|()| None),
            }
        });
        self.errands.push(Errand { at, by, wish, begun: self.mono, task });
    }

    /// Has a server do an errand at once.
    pub fn do_at_once(&mut self, at: usize, by: UserId, wish: Wish) {
        self.send_off(at, by, wish);
        self.work(at, |world| world.errands.iter().all(|errand| errand.at != at));
    }

    /// Takes the answers that have come. What was answered was committed.
    pub fn reap(&mut self) {
        let mut going = std::mem::take(&mut self.errands);
        let mut done = Vec::new();
        going.retain_mut(|errand| match (&mut errand.task).now_or_never() {
            None => true,
            Some(answer) => {
                done.push((errand.by, errand.wish.clone(), errand.begun, answer.unwrap()));
                false
            }
        });
        self.errands = going;
        if done.is_empty() {
            return;
        }
        self.look();
        for (by, wish, begun, answer) in done {
            match answer {
                Ok(opened) => self.was_done(by, &wish, opened),
                Err(error) => self.was_refused(by, &wish, begun, &error),
            }
        }
    }

    fn was_done(&mut self, by: UserId, wish: &Wish, opened: Option<ConversationId>) {
        let history = &self.history;
        let knows = |id, user| assert!(history.knows(id, user), "{wish:?} of user {by} was answered, and not done");
        let what = match (wish, opened) {
            (Wish::Make { .. }, Some(id)) => {
                knows(id, by);
                "a room that was made"
            }
            (Wish::Direct(other), Some(id)) => {
                [by, *other].into_iter().for_each(|user| knows(id, user));
                if self.directs.insert((by.min(*other), by.max(*other)), id).is_some_and(|before| before != id) {
                    panic!("two direct conversations of {by} and {other}");
                }
                "a direct conversation that was opened"
            }
            (Wish::RoomCommand(id, step), _) => match step {
                RoomCommand::Join => {
                    knows(*id, by);
                    "somebody who joined"
                }
                RoomCommand::Add(user) => {
                    knows(*id, *user);
                    "somebody who was brought in"
                }
                RoomCommand::Delete => {
                    assert!(history.ended(*id).is_some(), "{id} was deleted, and goes on");
                    "a room that was deleted"
                }
                RoomCommand::Leave => "somebody who left",
                RoomCommand::Remove(_) => "somebody who was shown out",
                RoomCommand::Change(..) => "a room that was renamed",
                RoomCommand::TransferOwnership(_) => "a room that was handed over",
            },
            (Wish::Read(..), _) => "a read position",
            (Wish::Make { .. } | Wish::Direct(_), None) => panic!("{wish:?} opened nothing"),
        };
        self.meet(what);
    }

    fn was_refused(&mut self, by: UserId, wish: &Wish, begun: u64, error: &Error) {
        self.note(format_args!("user {by} is refused {wish:?}: {:?}", error.code));
        let what = match (error.code, wish) {
            (Code::Unavailable, _) => "an errand that was not possible then",
            (Code::Invalid, Wish::Make { .. } | Wish::RoomCommand(_, RoomCommand::Change(..))) => {
                "a name that was taken"
            }
            (Code::Forbidden, Wish::RoomCommand(..)) => "a step that is not theirs",
            (Code::NotFound, Wish::RoomCommand(id, _) | Wish::Read(id, _)) => {
                let theirs = self.history.has_been_in_since(*id, by, begun);
                assert!(!theirs, "user {by} is in {id}, and told that it is not there: {wish:?}");
                "a step where one does not belong"
            }
            _ => panic!("user {by} is refused {wish:?}: {error:?}"),
        };
        self.meet(what);
    }

    fn some_user(&mut self) -> UserId {
        self.chance.pick(&self.users.clone()).expect("there are users")
    }

    fn rooms(&self) -> Vec<ConversationId> {
        let rooms = self.history.open().into_iter().filter(|id| *id != GENERAL);
        rooms.filter(|id| self.history.conversations[id].kind != "direct").collect()
    }

    /// A step, mostly one that is open to who takes it.
    fn some_step(&mut self, id: ConversationId) -> (UserId, RoomCommand) {
        let members = self.history.members(id);
        let owner = self.history.conversations[&id].owner.filter(|_| !self.chance.one_in(5));
        let operator = self.carrier.expect("there is a user who is everywhere").user;
        let host = match owner {
            Some(owner) => owner,
            None if self.chance.one_in(2) => operator,
            None => self.some_user(),
        };
        // The operator carries what is said between the servers, and so stays.
        let guests: Vec<UserId> = members.into_iter().filter(|user| *user != operator).collect();
        let (user, guest) = (self.some_user(), self.chance.pick(&guests));
        match (self.chance.below(20), guest) {
            (0..=3, _) => (user, RoomCommand::Join),
            (4..=5, Some(guest)) => (guest, RoomCommand::Leave),
            (6..=10, _) => (host, RoomCommand::Add(user)),
            (11..=14, Some(guest)) => (host, RoomCommand::Remove(guest)),
            (15, Some(guest)) => (host, RoomCommand::TransferOwnership(guest)),
            (16, _) => (host, RoomCommand::Delete),
            (17..=18, _) => {
                let name = self.chance.pick(NAMES).expect("there are names");
                let topic = format!("as of {}", self.mono);
                let text = RoomForm { name: name.into(), topic }.check().unwrap();
                (host, RoomCommand::Change(text, key::lookalike_key(name)))
            }
            _ => (user, RoomCommand::Add(host)),
        }
    }
}

pub fn make(world: &mut World) {
    let Some(at) = world.some_node().filter(|_| world.rooms().len() < ROOMS) else { return };
    let (by, private) = (world.some_user(), world.chance.one_in(2));
    let name = world.chance.pick(NAMES).expect("there are names");
    world.send_off(at, by, Wish::Make { name, private });
}

/// Somebody writes to somebody alone; now and then both at once, and at two servers.
pub fn direct(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    let (one, other) = (world.some_user(), world.some_user());
    if one == other {
        return;
    }
    world.send_off(at, one, Wish::Direct(other));
    if world.chance.one_in(2)
        && let Some(at) = world.some_node()
    {
        world.meet("two who open one direct conversation at once");
        world.send_off(at, other, Wish::Direct(one));
    }
}

/// Somebody does something in a room, or where they do not belong.
pub fn step(world: &mut World) {
    let all = if world.chance.one_in(12) { world.history.all() } else { world.rooms() };
    if let (Some(id), Some(at)) = (world.chance.pick(&all), world.some_node()) {
        let (by, step) = world.some_step(id);
        world.send_off(at, by, Wish::RoomCommand(id, step));
    }
}

/// Several do something in one room at once, at one server or at several.
pub fn crowd(world: &mut World) {
    let Some(id) = world.chance.pick(&world.rooms()) else { return };
    let here = world.some_node();
    let spread = world.chance.one_in(2);
    for _ in 0..world.chance.between(2, 6) {
        if let Some(at) = if spread { world.some_node() } else { here } {
            let (by, step) = world.some_step(id);
            world.send_off(at, by, Wish::RoomCommand(id, step));
        }
    }
}

/// Somebody is shown out, at their own server or another, in the middle of posting, typing, reading and scrolling.
pub fn show_out(world: &mut World) {
    let Some(i) = world.some_client_that(|client| !client.signed_out && client.link.is_some()) else { return };
    let user = world.user(i);
    let theirs: Vec<_> = world.rooms().into_iter().filter(|id| world.history.is_in(*id, user)).collect();
    let (Some(id), Some(at)) = (world.chance.pick(&theirs), world.some_node()) else { return };
    let Some(host) = world.history.conversations[&id].owner else { return };
    world.note(format_args!("{i} is busy in {id}"));
    let body = format!("{user} at {}, in the middle", world.mono);
    for event in [Event::Typing(id), Event::Post { conversation: id, body }, Event::LoadOlder(id), Event::MarkRead(id)]
    {
        world.tell(i, event);
    }
    world.carry_up(i, usize::MAX);
    let step = if host == user { RoomCommand::Leave } else { RoomCommand::Remove(user) };
    world.send_off(at, host, Wish::RoomCommand(id, step));
}

impl World {
    /// Something happens to a user's list that nothing later would tell them of. Which room it was, and who did it.
    pub fn change_list_of(&mut self, user: UserId, at: usize) -> Option<(ConversationId, UserId)> {
        let fits = |world: &World, id: &ConversationId| {
            let owner = world.history.conversations[id].owner;
            owner.is_some_and(|owner| owner != user && world.history.is_in(*id, owner))
        };
        let fitting: Vec<_> = self.rooms().into_iter().filter(|id| fits(self, id)).collect();
        let id = self.chance.pick(&fitting)?;
        let by = self.history.conversations[&id].owner.expect("it fits");
        let step = match self.history.is_in(id, user) {
            true if self.chance.one_in(4) => RoomCommand::Delete,
            true => RoomCommand::Remove(user),
            false => RoomCommand::Add(user),
        };
        self.do_at_once(at, by, Wish::RoomCommand(id, step));
        Some((id, by))
    }
}
