//! One connection's task: frames in, frames out, until either side ends.

use super::transport::{FrameReader, FrameWriter, Incoming, Transport};
use crate::model::{Error, InitialState, MessageId, Person, UserId};
use crate::server::chat::conversations::Changes;
use crate::server::hub::{Subscriber, Taken, Verdict};
use crate::server::store::sessions::SessionKey;
use crate::server::store::{conversations, sessions};
use crate::server::{Core, chat, error, presence};
use crate::wire::{
    ClientFrame, ECHO_MAX, PROTOCOL, RequestId, SILENCE_MAX, ServerFrame, UnreadableCommand, WATCH_MAX, close,
};
use axum::extract::ws::Utf8Bytes;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a new connection may take to say hello.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Frames that could not be read before the connection is closed: enough to see what is wrong, too few to be a load.
const UNREADABLE_MAX: u32 = 20;

/// Whose connection it is.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub user: UserId,
    pub session: SessionKey,
}

/// Serves a connection until it ends.
pub async fn serve<T: Transport>(core: Arc<Core>, caller: Caller, transport: T) {
    let (mut reader, mut writer) = transport.split();
    let subscriber = match core.hub.register(caller.user, caller.session) {
        Ok(subscriber) => subscriber,
        Err(_) => return writer.close(close::CROWDED).await,
    };
    let connection = ConnectionTask { core: &core, caller, subscriber: &subscriber };
    let code = match connection.greet(&mut reader).await {
        Ok((welcome, person)) => {
            // Through the queue like every frame: if the session was revoked meanwhile, it is not written.
            subscriber.queue.push_first(welcome);
            tokio::select! {
                // Closing comes first: then nothing is read or written any more, whatever is under way.
                biased;
                code = subscriber.queue.closed() => Some(code),
                code = connection.read_all(&mut reader, &person) => code,
                code = connection.write_all(&mut writer) => code,
            }
        }
        Err(code) => code,
    };
    // It counts as one of the user's connections until the socket is closed on both sides.
    if let Some(code) = code {
        writer.close(code).await;
    }
}

struct ConnectionTask<'a> {
    core: &'a Core,
    caller: Caller,
    subscriber: &'a Subscriber,
}

/// How a connection ends: with a close code, or without one because the other side is gone.
type End = Option<u16>;

impl ConnectionTask<'_> {
    /// Waits for `Hello` and makes the `Welcome`.
    async fn greet(&self, reader: &mut impl FrameReader) -> Result<(Utf8Bytes, Person), End> {
        let text = match timeout(HELLO_WITHIN, reader.read()).await {
            Ok(Incoming::Text(text)) => text,
            Ok(Incoming::Control) => return Err(Some(close::PROTOCOL)),
            Ok(Incoming::Unacceptable(code)) => return Err(Some(code)),
            Ok(Incoming::Gone) => return Err(None),
            Err(_) => return Err(Some(close::SILENT)),
        };
        match ClientFrame::decode(&text) {
            Ok(ClientFrame::Hello { protocol: PROTOCOL, .. }) => {}
            Ok(ClientFrame::Hello { .. }) => return Err(Some(close::OUTDATED)),
            _ => return Err(Some(close::PROTOCOL)),
        }
        let initial_state = self.initial_state().await.map_err(|error| match error.code {
            crate::model::Code::SignInRequired => Some(close::SESSION),
            _ => Some(close::RESTART),
        })?;
        let person = initial_state.me.person.clone();
        let welcome = ServerFrame::Welcome {
            connection: self.subscriber.number,
            server: env!("CARGO_PKG_VERSION").to_owned(),
            initial_state,
        };
        Ok((welcome.encode().into(), person))
    }

    /// Reads the initial state. It subscribes before it reads, so that no change falls between, and reads again if its
    /// user was added to a conversation meanwhile (by another server, for one).
    async fn initial_state(&self) -> Result<InitialState, Error> {
        let user = self.caller.user;
        let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
        let summaries = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
        drop(snapshot);
        let mut memberships: HashSet<_> = summaries.into_iter().map(|summary| summary.conversation.id).collect();
        let mut subscribed = HashSet::new();
        loop {
            self.subscriber.subscribe(memberships.iter().copied());
            subscribed.extend(memberships);
            let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
            // The session may have been revoked after the upgrade and before the hub knew the connection.
            let valid =
                sessions::valid_among(&mut snapshot.conn(), &[self.caller.session], self.core.clock.now()).await;
            if valid.map_err(error::reading)?.is_empty() {
                return Err(Error::sign_in_required());
            }
            let initial_state = chat::initial_state::read_in(self.core, &mut snapshot, user).await?;
            memberships = initial_state.conversations.iter().map(|summary| summary.conversation.id).collect();
            if memberships.is_subset(&subscribed) && self.subscriber.welcomed(initial_state.user_rev, &memberships) {
                return Ok(initial_state);
            }
        }
    }

    async fn write_all(&self, writer: &mut impl FrameWriter) -> End {
        loop {
            match self.subscriber.queue.take().await {
                Taken::Closed(code) => return Some(code),
                Taken::Frames(frames) => {
                    if !writer.write(frames).await {
                        return None;
                    }
                }
            }
        }
    }

    async fn read_all(&self, reader: &mut impl FrameReader, person: &Person) -> End {
        let mut unreadable = 0;
        loop {
            // Back-pressure: no request is read while too many answers wait.
            self.subscriber.queue.has_capacity().await;
            let text = match timeout(Duration::from_millis(SILENCE_MAX), reader.read()).await {
                Ok(Incoming::Text(text)) => Some(text),
                Ok(Incoming::Control) => None,
                Ok(Incoming::Unacceptable(code)) => return Some(code),
                Ok(Incoming::Gone) => return None,
                Err(_) => return Some(close::SILENT),
            };
            if let Err(code) = self.rate_limit(text.as_ref().map_or(0, |text| text.len())).await {
                return Some(code);
            }
            let Some(text) = text else { continue };
            match ClientFrame::decode(&text) {
                Ok(ClientFrame::Hello { .. }) => return Some(close::PROTOCOL),
                Ok(frame) => self.handle(frame, person).await,
                Err(UnreadableCommand { request, id, error }) => {
                    unreadable += 1;
                    if unreadable > UNREADABLE_MAX {
                        return Some(close::PROTOCOL);
                    }
                    self.refuse(request, id, error);
                }
            }
        }
    }

    /// Holds back a client that sends faster than its rate limit.
    async fn rate_limit(&self, bytes: usize) -> Result<(), u16> {
        match self.core.hub.rate_limit(self.caller.user, bytes) {
            Verdict::Take => Ok(()),
            Verdict::Wait(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                Ok(())
            }
            Verdict::Flood => Err(close::FLOOD),
        }
    }

    async fn handle(&self, frame: ClientFrame, person: &Person) {
        let (core, user) = (self.core, self.caller.user);
        match frame {
            ClientFrame::Hello { .. } => {}
            ClientFrame::Post { id, conversation, body, after } => {
                core.hub.active(user);
                core.hub.stopped_typing(self.subscriber.number, conversation);
                let queue = &self.subscriber.queue;
                let post = chat::messages::post_and_answer_later(core, user, id, conversation, &body, after, queue);
                if let Err(error) = post.await {
                    self.refuse(None, Some(id), error);
                }
            }
            ClientFrame::Changes { request, conversation, since } => {
                match chat::conversations::changes(core, user, conversation, since).await {
                    Ok(Changes::Rows { through, head, rows }) => {
                        self.answer(ServerFrame::Changes { request, conversation, since, through, head, rows });
                    }
                    Ok(Changes::Reset) => self.answer(ServerFrame::Reset { request, conversation }),
                    Err(error) => self.refuse(Some(request), None, error),
                }
            }
            ClientFrame::History { request, conversation, at, limit } => {
                match chat::conversations::window(core, user, conversation, at, limit).await {
                    Ok(window) => self.answer(ServerFrame::Window { request, window }),
                    Err(error) => self.refuse(Some(request), None, error),
                }
            }
            ClientFrame::InitialState { request } => match chat::initial_state::read(core, user).await {
                Ok(initial_state) => self.answer(ServerFrame::InitialState { request, initial_state }),
                Err(error) => self.refuse(Some(request), None, error),
            },
            ClientFrame::Read { request, conversation, seq, replaces } => {
                match chat::read_position::set(core, user, conversation, seq, replaces).await {
                    Ok(()) => self.answer(ServerFrame::Done { request }),
                    Err(error) => self.refuse(Some(request), None, error),
                }
            }
            ClientFrame::Typing { conversation } => {
                core.hub.active(user);
                let frame = ServerFrame::Typing { conversation, person: person.clone() };
                core.hub.typing(self.subscriber.number, conversation, &frame.encode().into());
            }
            ClientFrame::WatchPresence { request, users } => self.watch(request, users).await,
            ClientFrame::Active {} => core.hub.active(user),
            ClientFrame::Ping { request } => self.answer(ServerFrame::Pong { request }),
            ClientFrame::Echo { request, text } if text.chars().count() > ECHO_MAX => {
                self.refuse(Some(request), None, Error::invalid("An echo has up to 1000 characters."));
            }
            ClientFrame::Echo { request, text } => self.answer(ServerFrame::Echoed { request, text }),
            ClientFrame::Status { request } => self.answer(ServerFrame::Status { request, status: core.status() }),
        }
    }

    /// Watches before it reads, so that no change falls between.
    async fn watch(&self, request: RequestId, users: Vec<UserId>) {
        if users.len() > WATCH_MAX {
            let error = Error::invalid(format!("A connection watches up to {WATCH_MAX} people."));
            return self.refuse(Some(request), None, error);
        }
        let watched: HashSet<UserId> = users.into_iter().collect();
        let users: Vec<UserId> = watched.iter().copied().collect();
        self.core.hub.watch(self.subscriber.number, watched);
        match presence::unseen(self.core, &users).await {
            Ok(unseen) => self.core.hub.answer_presence(self.subscriber.number, unseen, |people| {
                ServerFrame::Presence { request: Some(request), people }.encode().into()
            }),
            Err(error) => self.refuse(Some(request), None, error),
        }
    }

    fn answer(&self, frame: ServerFrame) {
        self.subscriber.queue.push_answer(frame.encode().into());
    }

    fn refuse(&self, request: Option<RequestId>, id: Option<MessageId>, error: Error) {
        self.answer(ServerFrame::Refused { request, id, error });
    }
}
