//! What can be asked of the writer.

use crate::model::invitation::InvitationLimits;
use crate::model::room::RoomText;
use crate::model::{
    Body, ConversationId, Epoch, Error, InvitationId, InvitationToken, Member, Message, MessageId, Millis, Rows, Seq,
    UserId,
};
use crate::server::error;
use crate::server::hub::Queue;
use crate::server::store::messages::ContentHash;
use crate::server::store::sessions::{SessionKey, SessionRow};
use crate::server::store::users::{NewUser, UserState};
use crate::wire::ServerFrame;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::oneshot;

#[derive(Debug)]
pub(super) enum Request {
    Run(Command, ReplyTo),
    Stop,
}

/// One lasting change.
#[derive(Debug)]
pub enum Command {
    Post(Post),
    Register(Box<NewUser>, By),
    InsertSession(SessionRow),
    UpdateSession(SessionRow),
    DeleteSession(SessionKey),
    DeleteExpiredSessions,
    /// Ends all sessions of a user but this one.
    EndOtherSessions(UserId, SessionKey),
    /// Notes that these sessions are in use.
    NoteUse(Vec<SessionKey>),
    /// Notes when these users were last connected.
    NoteSeen(Vec<(UserId, Millis)>),
    ChangePassword(Box<PasswordChange>),
    SetPasswordHash(UserId, String),
    SetUserState(UserId, UserState),
    /// Makes a room.
    CreateRoom(NewRoom),
    /// Finds the direct conversation of two users, or makes it.
    OpenDirect(UserId, UserId),
    /// A step of `by` in a conversation.
    RoomCommand {
        by: UserId,
        conversation: ConversationId,
        step: RoomCommand,
    },
    /// Removes some rows of deleted rooms.
    Sweep,
    /// A step of a user with the links by which others register.
    Invite(UserId, InvitationCommand),
    /// Whether a user may do such steps.
    LetInvite(UserId, bool),
    RenewEpoch(Epoch),
}

/// By which way somebody who registers comes in.
#[derive(Clone, Debug)]
pub enum By {
    /// The door is open, or the operator lets them in.
    Anyone,
    /// An invitation's token; the very first account needs none.
    Invitation(Option<InvitationToken>),
}

/// What a user does with the links by which others register.
#[derive(Clone, Debug)]
pub enum InvitationCommand {
    Make { token: InvitationToken, terms: InvitationLimits },
    Revoke(InvitationId),
}

/// A room to be made.
#[derive(Clone, Debug)]
pub struct NewRoom {
    pub owner: UserId,
    pub text: RoomText,
    /// The name's key, by which public rooms are unique.
    pub name_key: String,
    pub private: bool,
}

/// What a user does in a conversation besides posting.
#[derive(Clone, Debug)]
pub enum RoomCommand {
    Join,
    Leave,
    Add(UserId),
    Remove(UserId),
    /// A name with its key, and a topic.
    Change(RoomText, String),
    TransferOwnership(UserId),
    Delete,
    Read(Seq),
}

/// A change of one's own password, checked and hashed.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    pub user: UserId,
    /// The hash that the current password was checked against.
    pub before: String,
    pub hash: String,
    /// The session that asks for it and goes on, with the data that belongs to the new password.
    pub session: SessionKey,
    pub data: String,
}

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct Post {
    pub author: UserId,
    pub id: MessageId,
    pub conversation: ConversationId,
    pub body: Body,
    /// The author's message that must stand in the conversation before this one does.
    pub after: Option<MessageId>,
    pub(super) hash: ContentHash,
}

impl Post {
    pub fn new(author: UserId, id: MessageId, conversation: ConversationId, body: Body) -> Self {
        let mut hash = Sha256::new();
        hash.update(conversation.0.to_be_bytes());
        hash.update(body.as_str());
        Post { author, id, conversation, hash: hash.finalize().into(), body, after: None }
    }

    /// The same, refused unless this message of the author stands there. It is no part of the content: a post that is
    /// sent again may name another one.
    pub fn after(self, after: Option<MessageId>) -> Self {
        Post { after, ..self }
    }
}

/// A message that stands.
#[derive(Clone, Debug)]
pub struct Posted {
    pub conversation: ConversationId,
    pub message: Arc<Message>,
    pub author: Member,
}

impl Posted {
    pub fn rows(&self) -> Rows {
        Rows { conversation: None, members: vec![self.author.clone()], messages: vec![Arc::clone(&self.message)] }
    }
}

/// What was done.
#[derive(Debug)]
pub enum Reply {
    Posted(Posted),
    Registered(UserId),
    Inserted(bool),
    /// The conversation that was found or made.
    Opened(ConversationId),
    /// Whether there is more to sweep.
    Swept(bool),
    Unit,
}

impl Reply {
    /// The writer answered another question than was asked: a fault of its own.
    pub fn unexpected(self) -> Error {
        error::internal("asking the writer", &Unexpected(self))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("an answer to another question: {0:?}")]
struct Unexpected(Reply);

/// Where the answer goes.
#[derive(Debug)]
pub enum ReplyTo {
    /// To whoever waits.
    Channel(oneshot::Sender<Result<Reply, Error>>),
    /// To the connection that posted the message with this identifier.
    Connection(Arc<Queue>, MessageId),
}

impl ReplyTo {
    pub(super) fn tell(self, result: Result<Reply, Error>) {
        match self {
            // Nobody waits any more: they will ask again if they care.
            ReplyTo::Channel(answer) => drop(answer.send(result)),
            ReplyTo::Connection(queue, id) => {
                let frame = match result {
                    Ok(Reply::Posted(posted)) => {
                        ServerFrame::Posted { id, conversation: posted.conversation, rows: posted.rows() }
                    }
                    Ok(other) => ServerFrame::Refused { request: None, id: Some(id), error: other.unexpected() },
                    Err(error) => ServerFrame::Refused { request: None, id: Some(id), error },
                };
                queue.push_answer(frame.encode().into());
            }
        }
    }
}

impl Request {
    pub(super) fn refuse(self, error: Error) {
        match self {
            Request::Run(_, answer) => answer.tell(Err(error)),
            Request::Stop => {}
        }
    }
}
