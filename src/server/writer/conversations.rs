//! New conversations, rooms and direct ones, and the rows that deleted rooms leave behind.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::{Command, Reply};
use super::notices;
use super::rooms::name_taken;
use crate::model::room::RoomText;
use crate::model::{ConversationId, ConversationKind, Error, Notice, Rev, Seq, UserId};
use crate::server::access;
use crate::server::error::Rejection;
use crate::server::hub::MembershipChange;
use crate::server::store::conversations::{self, Head, NewConversation};
use crate::server::store::{StoreError, members};

#[derive(Debug)]
pub enum ConversationCommand {
    CreateRoom(NewRoom),
    /// Finds the direct conversation of two users, or makes it.
    OpenDirect(UserId, UserId),
    /// Removes some rows of deleted rooms.
    SweepDeleted,
}

/// A room to be made.
#[derive(Clone, Debug)]
pub struct NewRoom {
    pub owner: UserId,
    pub text: RoomText,
    /// The key of the name ([`crate::model::key::lookalike_key`]), by which public rooms are unique.
    pub name_key: String,
    pub private: bool,
}

impl Writer {
    /// Makes a room with its owner as the only member.
    ///
    /// # Errors
    /// `Invalid` when the name of a public one is taken, `Forbidden` for one too many.
    pub async fn create_room(&self, room: NewRoom) -> Result<ConversationId, Error> {
        self.opened(ConversationCommand::CreateRoom(room)).await
    }

    /// Finds the direct conversation of two users, or makes it.
    ///
    /// # Errors
    /// `NotFound` when the other account is disabled or does not exist, `Forbidden` with oneself and for one too many.
    pub async fn open_direct(&self, user: UserId, other: UserId) -> Result<ConversationId, Error> {
        self.opened(ConversationCommand::OpenDirect(user, other)).await
    }

    async fn opened(&self, command: ConversationCommand) -> Result<ConversationId, Error> {
        match self.ask(Command::Conversation(command)).await? {
            Reply::Opened(id) => Ok(id),
            other => Err(other.unexpected()),
        }
    }

    /// Removes some rows of deleted rooms; returns whether there are more.
    pub async fn sweep_deleted_rooms(&self) -> Result<bool, Error> {
        match self.ask(Command::Conversation(ConversationCommand::SweepDeleted)).await? {
            Reply::Swept(more) => Ok(more),
            other => Err(other.unexpected()),
        }
    }
}

impl ConversationCommand {
    /// Another node has made the same conversation in the same moment.
    pub(super) fn conflict(&self) -> Option<Error> {
        match self {
            ConversationCommand::CreateRoom(_) => Some(name_taken()),
            // It exists now: asking again finds it.
            ConversationCommand::OpenDirect(..) => Some(Error::unavailable()),
            ConversationCommand::SweepDeleted => None,
        }
    }

    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        match self {
            ConversationCommand::CreateRoom(room) => create_room(batch, room).await,
            ConversationCommand::OpenDirect(user, other) => open_direct(batch, *user, *other).await,
            ConversationCommand::SweepDeleted => {
                Ok(Outcome::replied(Reply::Swept(conversations::sweep_deleted(&mut batch.conn()).await?)))
            }
        }
    }
}

async fn create_room(batch: &mut Batch, room: &NewRoom) -> Result<Outcome, Rejection> {
    access::may_create_room(&mut batch.conn(), room.owner).await?;
    if !room.private && conversations::public_named(&mut batch.conn(), &room.name_key).await?.is_some() {
        return Err(name_taken().into());
    }
    let new = NewConversation {
        kind: if room.private { ConversationKind::Private } else { ConversationKind::Public },
        name: &room.text.name,
        name_key: &room.name_key,
        topic: &room.text.topic,
        owner: Some(room.owner),
    };
    let now = batch.now;
    let id = conversations::insert(&mut batch.conn(), new, now).await?;
    // Its first change is a notice that it was created.
    let head = Head { rev: Rev(1), seq: Seq(1), message_count: 0, at: now };
    batch.add_conversation(id, head);
    let mut outcome = Outcome::replied(Reply::Opened(id));
    join(batch, &mut outcome, id, room.owner, head).await?;
    notices::insert(batch, id, head, room.owner, Notice::Created).await?;
    Ok(outcome)
}

async fn open_direct(batch: &mut Batch, user: UserId, other: UserId) -> Result<Outcome, Rejection> {
    let key = format!("{}:{}", user.min(other), user.max(other));
    if let Some(id) = conversations::direct_of(&mut batch.conn(), &key).await? {
        return Ok(Outcome::replied(Reply::Opened(id)));
    }
    access::may_open_direct(&mut batch.conn(), user, other).await?;
    let now = batch.now;
    let new = NewConversation { kind: ConversationKind::Direct, name: "", name_key: &key, topic: "", owner: None };
    let id = conversations::insert(&mut batch.conn(), new, now).await?;
    let head = Head { rev: Rev(1), seq: Seq(0), message_count: 0, at: now };
    batch.add_conversation(id, head);
    let mut outcome = Outcome::replied(Reply::Opened(id));
    for member in [user, other] {
        join(batch, &mut outcome, id, member, head).await?;
    }
    Ok(outcome)
}

/// Adds a first member to a new conversation.
async fn join(
    batch: &mut Batch,
    outcome: &mut Outcome,
    id: ConversationId,
    user: UserId,
    head: Head,
) -> Result<(), StoreError> {
    let now = batch.now;
    members::join(&mut batch.conn(), id, user, head.rev, head, now).await?;
    conversations::add_to_member_count(&mut batch.conn(), id, 1, head.rev).await?;
    outcome.summaries.push((user, id, MembershipChange::Joined));
    Ok(())
}
