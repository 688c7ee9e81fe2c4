//! What users do with rooms and direct conversations: create, join, leave, add and remove members, transfer ownership,
//! delete. They are tasks that a server runs over several steps, so that several meet in one transaction and a crash
//! may happen in the middle.

use super::GENERAL;
use super::network::Connection;
use super::world::World;
use futures::FutureExt;
use hubbub::model::room::RoomForm;
use hubbub::model::{Code, ConversationId, Error, Seq, UserId, key};
use hubbub::server::chat::rooms;
use hubbub::server::writer::RoomCommand;
use hubbub::sync::Event;
use hubbub::wire::ClientFrame;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// The most rooms at a time: enough to be in several, few enough to meet others in each.
const ROOMS: usize = 6;
const NAMES: &[&str] = &["Quay", "quay", "Mole", "M0le", "Locks", "Tides", "Ropes"];

/// A change that a user requests.
#[derive(Clone, Debug)]
pub enum RoomAction {
    Create {
        name: &'static str,
        private: bool,
    },
    OpenDirect(UserId),
    Change(ConversationId, RoomCommand),
    /// A read position, and the one that it replaces.
    Read(ConversationId, Seq, Seq),
}

/// A change that a server is working on.
pub struct RoomTask {
    pub at: usize,
    by: UserId,
    action: RoomAction,
    begun: u64,
    task: JoinHandle<Result<Option<ConversationId>, Error>>,
}

impl World {
    /// Starts a change at a server; it advances as the server runs.
    pub fn start_task(&mut self, at: usize, by: UserId, action: RoomAction) {
        self.log(format_args!("user {by} at server {at}: {action:?}"));
        let (core, wanted) = (Arc::clone(&self.node(at).core), action.clone());
        let task = self.node(at).spawn(async move {
            match wanted {
                RoomAction::Create { name, private } => {
                    let form = RoomForm { name: name.into(), topic: String::new() };
                    rooms::create(&core, by, &form, private).await.map(Some)
                }
                RoomAction::OpenDirect(other) => core.writer.open_direct(by, other).await.map(Some),
                RoomAction::Change(id, command) => core.writer.change_room(by, id, command).await.map(|()| None),
                RoomAction::Read(id, seq, replaced) => {
                    core.writer.set_read_position(by, id, seq, Some(replaced)).await.map(|()| None)
                }
            }
        });
        self.tasks.push(RoomTask { at, by, action, begun: self.mono, task });
    }

    /// Carries out a change at a server completely.
    pub fn run_task(&mut self, at: usize, by: UserId, action: RoomAction) {
        self.start_task(at, by, action);
        self.run_until(at, |world| world.tasks.iter().all(|task| task.at != at));
    }

    /// Collects the finished changes. What was answered was committed.
    pub fn collect_results(&mut self) {
        let mut going = std::mem::take(&mut self.tasks);
        let mut done = Vec::new();
        going.retain_mut(|task| match (&mut task.task).now_or_never() {
            None => true,
            Some(answer) => {
                done.push((task.by, task.action.clone(), task.begun, answer.unwrap()));
                false
            }
        });
        self.tasks = going;
        if done.is_empty() {
            return;
        }
        self.read_commit_log();
        for (by, action, begun, answer) in done {
            match answer {
                Ok(opened) => self.task_succeeded(by, &action, opened),
                Err(error) => self.task_refused(by, &action, begun, &error),
            }
        }
    }

    fn task_succeeded(&mut self, by: UserId, action: &RoomAction, opened: Option<ConversationId>) {
        let history = &self.history;
        let knows =
            |id, user| assert!(history.was_ever_member(id, user), "{action:?} of user {by} was answered but not done");
        let what = match (action, opened) {
            (RoomAction::Create { .. }, Some(id)) => {
                knows(id, by);
                "a room created"
            }
            (RoomAction::OpenDirect(other), Some(id)) => {
                [by, *other].into_iter().for_each(|user| knows(id, user));
                if self.directs.insert((by.min(*other), by.max(*other)), id).is_some_and(|before| before != id) {
                    panic!("two direct conversations of {by} and {other}");
                }
                "a direct conversation opened"
            }
            (RoomAction::Change(id, command), _) => match command {
                RoomCommand::Join => {
                    knows(*id, by);
                    "a member joined"
                }
                RoomCommand::Add(user) => {
                    knows(*id, *user);
                    "a member added"
                }
                RoomCommand::Delete => {
                    assert!(history.deleted_at(*id).is_some(), "{id} was deleted but still exists");
                    "a room deleted"
                }
                RoomCommand::Leave => "a member left",
                RoomCommand::Remove(_) => "a member removed",
                RoomCommand::Change(..) => "a room renamed",
                RoomCommand::TransferOwnership(_) => "the ownership of a room transferred",
            },
            (RoomAction::Read(..), _) => "a read position set",
            (RoomAction::Create { .. } | RoomAction::OpenDirect(_), None) => panic!("{action:?} opened nothing"),
        };
        self.cover(what);
    }

    fn task_refused(&mut self, by: UserId, action: &RoomAction, begun: u64, error: &Error) {
        self.log(format_args!("user {by} is refused {action:?}: {:?}", error.code));
        let what = match (error.code, action) {
            (Code::Unavailable, _) => "a room command temporarily refused",
            (Code::Invalid, RoomAction::Create { .. } | RoomAction::Change(_, RoomCommand::Change(..))) => {
                "a room name already taken"
            }
            (Code::Forbidden, RoomAction::Change(..)) => "a room command without permission",
            (Code::NotFound, RoomAction::Change(id, _) | RoomAction::Read(id, ..)) => {
                let is_member = self.history.is_member_since(*id, by, begun);
                assert!(!is_member, "user {by} is a member of {id} but was answered not_found: {action:?}");
                "a room command by a non-member"
            }
            (Code::Conflict, RoomAction::Read(..)) => "a read position that had moved meanwhile",
            _ => panic!("user {by} is refused {action:?}: {error:?}"),
        };
        self.cover(what);
    }

    fn some_user(&mut self) -> UserId {
        self.rng.pick(&self.users.clone()).expect("there are users")
    }

    fn rooms(&self) -> Vec<ConversationId> {
        let rooms = self.history.open().into_iter().filter(|id| *id != GENERAL);
        rooms.filter(|id| self.history.conversations[id].kind != "direct").collect()
    }

    /// A random room command, mostly by a user who is allowed to give it.
    fn random_command(&mut self, id: ConversationId) -> (UserId, RoomCommand) {
        let members = self.history.members(id);
        let owner = self.history.conversations[&id].owner.filter(|_| !self.rng.one_in(5));
        let operator = self.bus_user.expect("the bus has a user").user;
        let host = match owner {
            Some(owner) => owner,
            None if self.rng.one_in(2) => operator,
            None => self.some_user(),
        };
        // The bus user has to receive everything, and so stays a member.
        let guests: Vec<UserId> = members.into_iter().filter(|user| *user != operator).collect();
        let (user, guest) = (self.some_user(), self.rng.pick(&guests));
        match (self.rng.below(20), guest) {
            (0..=3, _) => (user, RoomCommand::Join),
            (4..=5, Some(guest)) => (guest, RoomCommand::Leave),
            (6..=10, _) => (host, RoomCommand::Add(user)),
            (11..=14, Some(guest)) => (host, RoomCommand::Remove(guest)),
            (15, Some(guest)) => (host, RoomCommand::TransferOwnership(guest)),
            (16, _) => (host, RoomCommand::Delete),
            (17..=18, _) => {
                let name = self.rng.pick(NAMES).expect("there are names");
                let topic = format!("as of {}", self.mono);
                let text = RoomForm { name: name.into(), topic }.check().unwrap();
                (host, RoomCommand::Change(text, key::lookalike_key(name)))
            }
            _ => (user, RoomCommand::Add(host)),
        }
    }
}

pub fn create(world: &mut World) {
    let Some(at) = world.some_node().filter(|_| world.rooms().len() < ROOMS) else { return };
    let (by, private) = (world.some_user(), world.rng.one_in(2));
    let name = world.rng.pick(NAMES).expect("there are names");
    world.start_task(at, by, RoomAction::Create { name, private });
}

/// A user opens a direct conversation; now and then both do at once, at two servers.
pub fn open_direct(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    let (one, other) = (world.some_user(), world.some_user());
    if one == other {
        return;
    }
    world.start_task(at, one, RoomAction::OpenDirect(other));
    if world.rng.one_in(2)
        && let Some(at) = world.some_node()
    {
        world.cover("a direct conversation opened by both at once");
        world.start_task(at, other, RoomAction::OpenDirect(one));
    }
}

/// A user changes a room, sometimes one that they are not a member of.
pub fn change(world: &mut World) {
    let all = if world.rng.one_in(12) { world.history.all() } else { world.rooms() };
    if let (Some(id), Some(at)) = (world.rng.pick(&all), world.some_node()) {
        let (by, command) = world.random_command(id);
        world.start_task(at, by, RoomAction::Change(id, command));
    }
}

/// Several users change one room at once, at one server or at several.
pub fn change_concurrently(world: &mut World) {
    let Some(id) = world.rng.pick(&world.rooms()) else { return };
    let here = world.some_node();
    let spread = world.rng.one_in(2);
    for _ in 0..world.rng.between(2, 6) {
        if let Some(at) = if spread { world.some_node() } else { here } {
            let (by, command) = world.random_command(id);
            world.start_task(at, by, RoomAction::Change(id, command));
        }
    }
}

/// A user's list is changed at one server while another one reads it for a connection that begins.
pub fn change_list_while_connecting(world: &mut World) {
    let begins = |connection: &Connection| matches!(connection.up.front(), Some(ClientFrame::Hello { .. }));
    let Some(i) = world.some_client_that(|client| client.connection.as_ref().is_some_and(begins)) else { return };
    let Some(here) = world.clients[i].connection.as_ref().map(|connection| connection.node) else { return };
    let others: Vec<usize> = world.up().into_iter().filter(|at| *at != here).collect();
    let Some(there) = world.rng.pick(&others) else { return };
    world.send_frames(i, 1);
    let micros = world.rng.below(600) as u64;
    world.log(format_args!("server {here} works for {micros} µs on the hello of {i}"));
    world.node(here).run_for(Duration::from_micros(micros));
    world.collect();
    let user = world.user(i);
    if world.change_list_of(user, there).is_some() {
        world.cover("a list changed while it was read for a connection");
    }
}

/// A member is removed, at their own server or another, while they post, type, read and scroll.
pub fn remove_active_member(world: &mut World) {
    let Some(i) = world.some_client_that(|client| !client.signed_out && client.connection.is_some()) else { return };
    let user = world.user(i);
    let own_rooms: Vec<_> = world.rooms().into_iter().filter(|id| world.history.is_member(*id, user)).collect();
    let (Some(id), Some(at)) = (world.rng.pick(&own_rooms), world.some_node()) else { return };
    let Some(host) = world.history.conversations[&id].owner else { return };
    world.log(format_args!("{i} is active in {id}"));
    let body = format!("{user} at {}, before the removal", world.mono);
    for event in [Event::Typing(id), Event::Post { conversation: id, body }, Event::LoadOlder(id), Event::MarkRead(id)]
    {
        world.dispatch(i, event);
    }
    world.send_frames(i, usize::MAX);
    let command = if host == user { RoomCommand::Leave } else { RoomCommand::Remove(user) };
    world.start_task(at, host, RoomAction::Change(id, command));
}

impl World {
    /// A room that a user is in, and its owner, who is somebody else.
    pub fn room_to_be_removed_from(&mut self, user: UserId) -> Option<(ConversationId, UserId)> {
        let joined = self.rooms().into_iter().filter(|id| self.history.is_member(*id, user));
        let owned = joined.filter_map(|id| Some((id, self.history.conversations[&id].owner?)));
        let rooms: Vec<_> = owned.filter(|(id, owner)| *owner != user && self.history.is_member(*id, *owner)).collect();
        self.rng.pick(&rooms)
    }

    /// Changes a user's list in a way of which no later frame would inform them. Returns the room, and who changed it.
    pub fn change_list_of(&mut self, user: UserId, at: usize) -> Option<(ConversationId, UserId)> {
        let fits = |world: &World, id: &ConversationId| {
            let owner = world.history.conversations[id].owner;
            owner.is_some_and(|owner| owner != user && world.history.is_member(*id, owner))
        };
        let fitting: Vec<_> = self.rooms().into_iter().filter(|id| fits(self, id)).collect();
        let id = self.rng.pick(&fitting)?;
        let by = self.history.conversations[&id].owner.expect("it has an owner");
        let command = match self.history.is_member(id, user) {
            true if self.rng.one_in(4) => RoomCommand::Delete,
            true => RoomCommand::Remove(user),
            false => RoomCommand::Add(user),
        };
        self.run_task(at, by, RoomAction::Change(id, command));
        Some((id, by))
    }
}
