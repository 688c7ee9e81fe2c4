//! Writes the demo's events through the writer, so that the database is as if they had happened.

use super::conversation_events::{AWAY, Event, EventKind};
use super::people::PEOPLE;
use super::rng::Rng;
use super::rooms::{ROOMS, RoomEvent};
use crate::model::registration::RegistrationForm;
use crate::model::room::RoomForm;
use crate::model::{
    Body, ConversationId, ConversationSummary, Error, MessageId, Millis, Seq, UserId, WorkspaceName, key,
};
use crate::server::auth::{Passwords, hashed_user};
use crate::server::store::conversations;
use crate::server::store::users::NewUser;
use crate::server::writer::{
    AccountCommand, Command, ConversationCommand, FirstAccount, InvitationCheck, MessageCommand, NewRoom, Post,
    REPLAY_MAX, ReadPositionCommand, Reply, RoomCommand, replay,
};
use crate::server::{Core, error};
use std::collections::HashMap;

/// What the workspace is called.
const WORKSPACE: &str = "Harbour Rowing";

/// The accounts to be made, in the order of [`PEOPLE`].
///
/// # Errors
/// What the registration form would refuse.
pub async fn accounts(password: &str) -> Result<Vec<NewUser>, Error> {
    // One hash for all: twenty of them would take longer than everything else.
    let hash = Passwords::new()?.hash(password).await?;
    let account = |person: &super::people::DemoPerson| {
        let form = RegistrationForm {
            username: person.username.into(),
            first_name: person.first_name.into(),
            last_name: person.last_name.into(),
            email: format!("{}@harbour.example", person.username),
            password: password.into(),
            workspace: None,
        };
        hashed_user(&form.check()?, hash.clone())
    };
    PEOPLE.iter().map(account).collect()
}

/// Writes events, and keeps the ids that people and conversations got.
pub struct EventWriter<'a> {
    core: &'a Core,
    rng: Rng,
    accounts: Vec<NewUser>,
    /// By their position in the demo's own lists.
    users: HashMap<usize, UserId>,
    conversations: HashMap<usize, ConversationId>,
    waiting: Vec<(Millis, Command)>,
    /// Where each user has last written: their read position is not below it.
    last: HashMap<(ConversationId, UserId), Seq>,
}

impl<'a> EventWriter<'a> {
    /// An event writer that knows only General.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn new(core: &'a Core, accounts: Vec<NewUser>, rng: Rng) -> Result<Self, Error> {
        let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
        let general = conversations::general(&mut snapshot.conn()).await.map_err(error::reading)?;
        Ok(EventWriter {
            core,
            rng,
            accounts,
            users: HashMap::new(),
            conversations: general.into_iter().map(|id| (0, id)).collect(),
            waiting: Vec::with_capacity(REPLAY_MAX),
            last: HashMap::new(),
        })
    }

    /// Writes these events, which are in the order of their times.
    ///
    /// # Errors
    /// What the writer refuses: a bug of the events.
    pub async fn write(&mut self, events: Vec<(Millis, Event)>) -> Result<(), Error> {
        for (at, event) in events {
            let command = self.command(at, &event)?;
            self.waiting.push((at, command));
            // New users and conversations have no id before they are written.
            match event.kind {
                EventKind::Register | EventKind::CreateRoom | EventKind::OpenDirect(_) => match self.flush().await? {
                    Some(Reply::Registered(user)) => drop(self.users.insert(event.by, user)),
                    Some(Reply::Opened(id)) => drop(self.conversations.insert(event.conversation, id)),
                    _ => return Err(unknown("an answer")),
                },
                EventKind::Room(_) | EventKind::Post(_) if self.waiting.len() == REPLAY_MAX => {
                    drop(self.flush().await?)
                }
                EventKind::Room(_) | EventKind::Post(_) => {}
            }
        }
        self.flush().await.map(drop)
    }

    /// Writes the commands that wait; returns the last one's reply.
    async fn flush(&mut self) -> Result<Option<Reply>, Error> {
        let answers = replay(&self.core.db, &std::mem::take(&mut self.waiting)).await?;
        let mut last = None;
        for answer in answers {
            let done = answer?;
            if let Reply::Posted(posted) = &done {
                self.last.insert((posted.conversation, posted.message.author), posted.message.seq);
            }
            last = Some(done);
        }
        Ok(last)
    }

    fn command(&mut self, at: Millis, event: &Event) -> Result<Command, Error> {
        if event.kind == EventKind::Register {
            let account = self.accounts.get(event.by).cloned().ok_or_else(|| unknown("an account"))?;
            let first = match self.users.is_empty() {
                true => Some(FirstAccount { workspace: WorkspaceName::parse(WORKSPACE)?, invitation: None }),
                false => None,
            };
            let register = AccountCommand::Register(Box::new(account), InvitationCheck::NotRequired, first);
            return Ok(Command::Account(register));
        }
        let by = self.user(event.by)?;
        Ok(match &event.kind {
            EventKind::Register | EventKind::CreateRoom => {
                let room = &ROOMS[event.conversation];
                let text = RoomForm { name: room.name.into(), topic: room.topic.into() }.check()?;
                let name_key = key::lookalike_key(&text.name);
                Command::Conversation(ConversationCommand::CreateRoom(NewRoom {
                    owner: by,
                    text,
                    name_key,
                    private: room.private,
                }))
            }
            EventKind::OpenDirect(with) => {
                Command::Conversation(ConversationCommand::OpenDirect(by, self.user(*with)?))
            }
            EventKind::Room(room_event) => {
                Command::Room { by, room: self.conversation(event)?, command: self.room_command(*room_event)? }
            }
            EventKind::Post(text) => {
                let id = MessageId::new(at, self.rng.bytes());
                let post = Post::new(by, id, self.conversation(event)?, Body::parse(text)?);
                Command::Message(MessageCommand::Post(post))
            }
        })
    }

    fn room_command(&self, event: RoomEvent) -> Result<RoomCommand, Error> {
        Ok(match event {
            RoomEvent::Join => RoomCommand::Join,
            RoomEvent::Leave => RoomCommand::Leave,
            RoomEvent::Add(user) => RoomCommand::Add(self.user(user)?),
            RoomEvent::Remove(user) => RoomCommand::Remove(self.user(user)?),
            RoomEvent::TransferOwnership(user) => RoomCommand::TransferOwnership(self.user(user)?),
            RoomEvent::Change(name, topic) => {
                let text = RoomForm { name: name.into(), topic: topic.into() }.check()?;
                let name_key = key::lookalike_key(&text.name);
                RoomCommand::Change(text, name_key)
            }
        })
    }

    /// Sets everybody's read positions, as of `now`, with some messages unread.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn read(&mut self, now: Millis) -> Result<(), Error> {
        for person in 0..PEOPLE.len() {
            let user = self.user(person)?;
            let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
            let summaries = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
            drop(snapshot);
            for summary in summaries {
                let seq = self.position(person, user, &summary);
                if seq > summary.read.seq {
                    let conversation = summary.conversation.id;
                    let command = ReadPositionCommand { user, conversation, seq, replaces: None };
                    self.waiting.push((now, Command::ReadPosition(command)));
                }
            }
        }
        self.flush().await.map(drop)
    }

    /// A member's read position: mostly the head, never below their own last message.
    fn position(&mut self, person: usize, user: UserId, summary: &ConversationSummary) -> Seq {
        let behind = match self.rng.below(100) {
            _ if person == AWAY.0 => summary.head.0 as usize,
            0..62 => 0,
            62..84 => self.rng.between(1, 12),
            84..95 => self.rng.between(13, 90),
            _ => self.rng.between(100, 400),
        };
        let own = self.last.get(&(summary.conversation.id, user)).copied().unwrap_or_default();
        Seq(summary.head.0 - behind as i64).max(own).max(summary.read.seq)
    }

    fn user(&self, place: usize) -> Result<UserId, Error> {
        self.users.get(&place).copied().ok_or_else(|| unknown("a person"))
    }

    fn conversation(&self, event: &Event) -> Result<ConversationId, Error> {
        self.conversations.get(&event.conversation).copied().ok_or_else(|| unknown("a conversation"))
    }
}

/// The events name something that does not exist yet: a bug of the events.
fn unknown(what: &'static str) -> Error {
    #[derive(Debug, thiserror::Error)]
    #[error("the demo names {0} that does not exist yet")]
    struct Unknown(&'static str);
    error::internal("writing the demo", &Unknown(what))
}
