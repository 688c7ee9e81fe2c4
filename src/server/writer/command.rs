//! What can be asked of the writer, and where its replies go.
//!
//! A command enum per noun, each in its noun's file with what executes it.

use super::accounts::AccountCommand;
use super::conversations::ConversationCommand;
use super::installation::InstallationCommand;
use super::invitations::InvitationCommand;
use super::messages::{MessageCommand, Posted};
use super::read_position::ReadPositionCommand;
use super::rooms::RoomCommand;
use super::sessions::SessionCommand;
use crate::model::{ConversationId, Error, MessageId, UserId};
use crate::server::error;
use crate::server::hub::Queue;
use crate::wire::ServerFrame;
use std::sync::Arc;
use tokio::sync::oneshot;

/// One lasting change.
#[derive(Debug)]
pub enum Command {
    Message(MessageCommand),
    /// A new conversation.
    Conversation(ConversationCommand),
    /// What a user does in a room.
    Room {
        by: UserId,
        room: ConversationId,
        command: RoomCommand,
    },
    ReadPosition(ReadPositionCommand),
    Account(AccountCommand),
    Session(SessionCommand),
    Invitation(InvitationCommand),
    Installation(InstallationCommand),
}

impl Command {
    /// The conversation whose `rev` this command may move; the batch locks it first.
    pub(super) fn conversation(&self) -> Option<ConversationId> {
        match self {
            Command::Message(MessageCommand::Post(post)) => Some(post.conversation),
            Command::Room { room, .. } => Some(*room),
            // A read position moves no `rev`. New conversations cannot be locked yet; General is locked by the batch for new
            // accounts.
            Command::ReadPosition(_)
            | Command::Conversation(_)
            | Command::Account(_)
            | Command::Session(_)
            | Command::Invitation(_)
            | Command::Installation(_) => None,
        }
    }

    /// The user who asks for the command, if the writer is to refuse it when the account is disabled.
    pub(super) fn user(&self) -> Option<UserId> {
        match self {
            Command::Conversation(ConversationCommand::CreateRoom(room)) => Some(room.owner),
            Command::Conversation(ConversationCommand::OpenDirect(user, _)) => Some(*user),
            Command::Room { by, .. } => Some(*by),
            Command::Invitation(command) => command.user(),
            Command::Installation(command) => command.user(),
            // Otherwise a session that begins while its user is disabled would come to life when they are enabled.
            Command::Session(SessionCommand::Insert(session)) => session.user,
            // Posts and read positions are refused by their user's membership.
            Command::Message(_)
            | Command::ReadPosition(_)
            | Command::Conversation(ConversationCommand::SweepDeleted)
            // Changing the password asks for the session, which has ended; the others name whom they change, not who asks.
            | Command::Account(_)
            | Command::Session(_) => None,
        }
    }

    /// The answer when the command violated a unique index, which one is in `constraint`; `None` where that is a fault
    /// of the server's.
    pub(super) fn conflict(&self, constraint: &str) -> Option<Error> {
        match self {
            Command::Account(command) => command.conflict(constraint),
            Command::Conversation(command) => command.conflict(),
            Command::Room { command, .. } => command.conflict(),
            Command::Message(_)
            | Command::ReadPosition(_)
            | Command::Session(_)
            | Command::Invitation(_)
            | Command::Installation(_) => None,
        }
    }
}

/// What a command that was carried out replies.
#[derive(Debug)]
pub enum Reply {
    /// The message, whether it was posted now or by an earlier command with the same identifier.
    Posted(Posted),
    /// The new account.
    Registered(UserId),
    /// Whether the session was inserted; false when its key existed already.
    SessionInserted(bool),
    /// The conversation that was made, or found.
    Opened(ConversationId),
    /// Whether there are more rows of deleted rooms to sweep.
    Swept(bool),
    /// Nothing to say.
    Done,
}

impl Reply {
    /// The answer when a command got another command's reply: a fault of the writer's.
    pub(super) fn unexpected(self) -> Error {
        error::internal("asking the writer", &UnexpectedReply(self))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the reply of another command: {0:?}")]
struct UnexpectedReply(Reply);

/// Where a command's reply, or its refusal, goes.
#[derive(Debug)]
pub enum ReplyTo {
    /// To whoever waits at the other end.
    Channel(oneshot::Sender<Result<Reply, Error>>),
    /// To the connection that posted the message with this identifier, as a frame.
    Connection(Arc<Queue>, MessageId),
}

impl ReplyTo {
    pub(super) fn send(self, result: Result<Reply, Error>) {
        match self {
            // Nobody waits any more: they will ask again if they care.
            ReplyTo::Channel(sender) => drop(sender.send(result)),
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

/// What waits in the writer's channel.
#[derive(Debug)]
pub(super) enum Submission {
    Command(Command, ReplyTo),
    /// Write what came before, then end.
    Stop,
}
