//! What users do: post, read, load pages, sign in and out.

use super::GENERAL;
use super::client::{Browser, Client};
use super::world::World;
use hubbub::model::{Body, ConversationId, MessageId, Millis, Seq, UserId, key};
use hubbub::server::store::sessions::{SessionKey, SessionRow};
use hubbub::server::store::users::NewUser;
use hubbub::server::writer::{Post, Reply, ReplyTo};
use hubbub::sync::{Engine, Event, Operation, OperationKind, OperationState, TabId};
use hubbub::wire::{ClientFrame, close};
use std::sync::Arc;
use tokio::sync::oneshot;

impl World {
    /// A user signs in with a new browser, in one tab or two.
    pub fn open_browser(&mut self, user: UserId) {
        let Some(at) = self.rng.pick(&self.up()) else { return };
        let session = self.sign_in(at, user);
        self.browsers.push(Browser::new(user, session));
        for _ in 0..1 + usize::from(self.rng.one_in(4)) {
            let skew = self.rng.below(240_000) as i64 - 120_000;
            self.clients.push(Client::new(self.browsers.len() - 1, Engine::new([0; 16]), skew));
            let i = self.clients.len() - 1;
            self.log(format_args!("{i} is a tab of user {user}"));
            self.load(i, at);
        }
    }

    /// Messages of a user who is not simulated, posted through a server's writer.
    pub fn post_directly(&mut self, at: usize, author: UserId, conversation: ConversationId, many: usize) {
        let mut answers = Vec::new();
        let core = Arc::clone(&self.node(at).core);
        for n in 0..many {
            let id = MessageId::new(self.wall(), self.rng.bytes());
            let body = format!("direct {n}");
            let pending = Operation {
                id,
                conversation,
                author,
                tab: TabId(0),
                kind: OperationKind::Post { body: body.clone() },
                at: self.wall(),
                state: OperationState::Queued,
            };
            self.ledger.write(self.mono, &pending);
            let post = Post::new(author, id, conversation, Body::parse(&body).unwrap());
            let (answer, answered) = oneshot::channel();
            answers.push((post, ReplyTo::Channel(answer), answered));
        }
        let replies = self.ask(at, async move {
            let mut waiting = Vec::new();
            for (post, answer, answered) in answers {
                core.writer.post(post, answer).await;
                waiting.push(answered);
            }
            let mut replies = Vec::new();
            for answered in waiting {
                replies.push(answered.await.unwrap().unwrap());
            }
            replies
        });
        for done in replies {
            let Reply::Posted(posted) = done else { panic!("{done:?}") };
            self.ledger.acknowledge(&posted.message);
        }
    }

    pub fn register(&mut self, at: usize, username: &str) -> UserId {
        let core = Arc::clone(&self.node(at).core);
        let account = NewUser {
            username: username.into(),
            username_key: key::lookalike_key(username),
            first_name: username.to_uppercase(),
            last_name: "Simulated".into(),
            email: format!("{username}@harbour.example"),
            email_key: format!("{username}@harbour.example"),
            password_hash: String::new(),
        };
        self.ask(at, async move { core.writer.register(account).await }).unwrap()
    }

    pub fn sign_in(&mut self, at: usize, user: UserId) -> SessionKey {
        let core = Arc::clone(&self.node(at).core);
        let key = self.rng.bytes();
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
        let connections = self.clients.iter_mut().filter_map(|client| client.connection.as_mut());
        connections
            .filter(|connection| connection.node == at && connection.session == session)
            .for_each(|connection| connection.revoked = true);
    }

    pub fn user(&self, i: usize) -> UserId {
        self.browsers[self.clients[i].browser].user
    }
}

pub fn post(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    // Now and then to a conversation that the user is not a member of.
    let anywhere = world.history.all();
    let stray = world.rng.pick(&anywhere).filter(|_| world.rng.one_in(20));
    let conversation = stray.unwrap_or_else(|| world.some_conversation(i));
    let body = format!("{} at {}", world.user(i), world.mono);
    world.log(format_args!("{i} posts to {conversation}"));
    world.dispatch(i, Event::Post { conversation, body });
}

pub fn post_many(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let (conversation, many) = (world.some_conversation(i), world.rng.between(5, 40));
    world.log(format_args!("{i} posts {many} times to {conversation}"));
    for n in 0..many {
        world.dispatch(i, Event::Post { conversation, body: format!("burst {n}") });
    }
}

pub fn scroll(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let id = world.some_conversation(i);
    let event = match world.rng.below(5) {
        0 | 1 => Event::LoadOlder(id),
        2 | 3 => Event::LoadNewer(id),
        _ => Event::LoadLatest(id),
    };
    world.log(format_args!("{i} {event:?}"));
    world.dispatch(i, event);
}

/// A user views a conversation or leaves it, marks something as read or unread, or types.
pub fn read(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let anywhere = world.history.all();
    let stray = world.rng.pick(&anywhere).filter(|_| world.rng.one_in(5));
    let id = stray.unwrap_or_else(|| world.some_conversation(i));
    let event = match world.rng.below(8) {
        0..=2 => Event::Viewing(Some(id)),
        3 => Event::Viewing(None),
        4 => Event::MarkRead(id),
        5 => {
            let head = world.clients[i].engine.summary(id).map_or(0, |summary| summary.head.0);
            Event::MarkUnread(id, Seq(world.rng.between(0, head.max(0) as usize) as i64))
        }
        _ => Event::Typing(id),
    };
    world.log(format_args!("{i}: {event:?}"));
    world.dispatch(i, event);
}

pub fn discard(world: &mut World) {
    let Some(i) = world.some_client() else { return };
    let all = world.history.all();
    let pending: Vec<MessageId> =
        all.iter().flat_map(|id| world.clients[i].engine.operations(*id)).map(|entry| entry.id).collect();
    if let Some(id) = world.rng.pick(&pending) {
        world.discard_operation(i, id);
    }
}

impl World {
    /// A user discards an operation, if it is not too late.
    pub fn discard_operation(&mut self, i: usize, id: MessageId) {
        self.dispatch(i, Event::Discard(id));
        let held =
            self.history.all().iter().any(|to| self.clients[i].engine.operations(*to).any(|entry| entry.id == id));
        if !held {
            self.log(format_args!("{i} discards {id}"));
            self.ledger.discard((self.user(i), id));
        }
    }
}

/// An old post arrives again, over any connection of its author.
pub fn resend(world: &mut World) {
    let Some(i) = world.some_client_that(|client| {
        client.connection.as_ref().is_some_and(|connection| !connection.is_closed && !connection.is_blackholed)
    }) else {
        return;
    };
    let user = world.user(i);
    let by_user = |(author, _): &&(UserId, MessageId)| *author == user;
    let names: Vec<_> = world.ledger.acknowledged.keys().filter(by_user).copied().collect();
    let Some(name) = world.rng.pick(&names) else { return };
    let written = &world.ledger.written[&name];
    let frame =
        ClientFrame::Post { id: name.1, conversation: written.conversation, body: written.body.clone(), after: None };
    world.log(format_args!("{i} resends {}", name.1));
    // After `Hello`, which must come first.
    let waits = |connection: &mut super::network::Connection| connection.up.push_back(frame);
    world.clients[i].connection.as_mut().filter(|connection| connection.sent_hello).map(waits);
}

pub fn register(world: &mut World) {
    let Some(at) = world.some_node().filter(|_| world.browsers.len() < 9) else { return };
    let name = format!("new-{}", world.browsers.len());
    world.log(format_args!("{name} registers at server {at}"));
    let user = world.register(at, &name);
    world.users.push(user);
    world.open_browser(user);
}

pub fn sign_out(world: &mut World) {
    let Some(at) = world.some_node() else { return };
    let browser = world.rng.below(world.browsers.len());
    let session = world.browsers[browser].session;
    if !world.ledger.revoked.contains(&session) {
        world.log(format_args!("the session of browser {browser} ends at server {at}"));
        world.revoke(at, session);
    }
}

pub fn sign_in(world: &mut World) {
    if let (Some(i), Some(at)) = (world.some_client_that(|client| client.signed_out), world.some_node()) {
        world.sign_in_again(i, at);
    }
}

impl World {
    pub fn sign_in_again(&mut self, i: usize, at: usize) {
        self.log(format_args!("{i} signs in again at server {at}"));
        let browser = self.clients[i].browser;
        if self.ledger.revoked.contains(&self.browsers[browser].session) {
            self.browsers[browser].session = self.sign_in(at, self.browsers[browser].user);
        }
        self.load(i, at);
    }
}

/// So many messages are posted that clients who miss them get `Reset`.
pub fn post_past_reset_limit(world: &mut World) {
    if let (Some(at), Some(bus_user)) = (world.some_node(), world.bus_user) {
        world.log(format_args!("many messages are posted at server {at}"));
        world.post_directly(at, bus_user.user, GENERAL, 215);
    }
}
