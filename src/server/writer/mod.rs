//! The writer: the one task that makes lasting changes, and the publisher that tells of them in commit order.
//!
//! It takes all commands that wait (up to [`BATCH_MAX`]) into one transaction and one synchronisation to disk: group
//! commit, full durability at many times the speed of one commit a message. Only after the commit does the publisher
//! answer the senders and hand the changes to the hub.

mod batch;
mod command;
mod invitations;
mod passwords;
mod posts;
mod publisher;
mod replay;
mod rooms;
mod sessions;
mod users;

pub use command::{By, Command, InvitationCommand, NewRoom, PasswordChange, Post, Posted, Reply, ReplyTo, RoomCommand};
pub use replay::{REPLAY_MAX, replay};

use super::clock::Clock;
use super::hub::Hub;
use super::store::sessions::{SessionKey, SessionRow};
use super::store::users::{NewUser, UserState};
use super::store::{Db, StoreError};
use crate::model::{ConversationId, Epoch, Error, Millis, UserId};
use batch::Outcome;
use command::Request;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// The most commands of one transaction: beyond it the time of a commit grows faster than what it saves.
const BATCH_MAX: usize = 256;
/// Commands that may wait. A sender that finds the queue full waits with its connection unread.
const WAITING_MAX: usize = 1024;
/// Batches that may wait for the publisher while the next one is written.
const PUBLISHING_MAX: usize = 4;

/// The handle by which commands reach the writer.
#[derive(Debug)]
pub struct Writer {
    commands: mpsc::Sender<Request>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the writer's and the publisher's task.
    pub fn start(db: Db, hub: Arc<Hub>, clock: Clock) -> Self {
        let (commands, waiting) = mpsc::channel(WAITING_MAX);
        let (committed, publishing) = mpsc::channel(PUBLISHING_MAX);
        let tasks =
            vec![tokio::spawn(run(db, clock, waiting, committed)), tokio::spawn(publisher::run(hub, publishing))];
        Writer { commands, tasks: Mutex::new(tasks) }
    }

    /// Whether both tasks still run.
    pub fn is_alive(&self) -> bool {
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        !tasks.is_empty() && tasks.iter().all(|task| !task.is_finished())
    }

    /// Returns once the writer has ended: stopped, or by a fault of ours. Without it nothing can be promised any more.
    pub async fn ended(&self) {
        self.commands.closed().await;
    }

    /// Writes and publishes what waits, then ends. Later commands are answered "unavailable".
    pub async fn stop(&self) {
        // The writer may have ended already; then there is nothing to wait for.
        let _ended = self.commands.send(Request::Stop).await.is_err();
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the writer did not end well");
            }
        }
    }

    /// Posts a message; `answer` is told when it is committed, or why not.
    pub async fn post(&self, post: Post, answer: ReplyTo) {
        if let Err(mpsc::error::SendError(command)) =
            self.commands.send(Request::Run(Command::Post(post), answer)).await
        {
            command.refuse(Error::unavailable());
        }
    }

    /// Makes an account, a member of General.
    ///
    /// # Errors
    /// `Invalid` when the username or the email address is taken.
    pub async fn register(&self, user: NewUser) -> Result<UserId, Error> {
        self.admit(user, By::Anyone).await
    }

    /// The same, for somebody who comes in by this way.
    ///
    /// # Errors
    /// As [`Writer::register`], and what is wrong with their invitation.
    pub async fn admit(&self, user: NewUser, by: By) -> Result<UserId, Error> {
        match self.ask(Command::Register(Box::new(user), by)).await? {
            Reply::Registered(id) => Ok(id),
            other => Err(other.unexpected()),
        }
    }

    /// Makes a room.
    ///
    /// # Errors
    /// `Invalid` when the name of a public one is taken.
    pub async fn create_room(&self, room: NewRoom) -> Result<ConversationId, Error> {
        self.opened(Command::CreateRoom(room)).await
    }

    /// Finds the direct conversation of two users, or makes it.
    ///
    /// # Errors
    /// `NotFound` when the other one cannot be written to.
    pub async fn open_direct(&self, user: UserId, other: UserId) -> Result<ConversationId, Error> {
        self.opened(Command::OpenDirect(user, other)).await
    }

    async fn opened(&self, op: Command) -> Result<ConversationId, Error> {
        match self.ask(op).await? {
            Reply::Opened(id) => Ok(id),
            other => Err(other.unexpected()),
        }
    }

    /// Does a step of a user in a conversation.
    ///
    /// # Errors
    /// What the rules of [`super::access::Standing`] refuse.
    pub async fn step(&self, by: UserId, conversation: ConversationId, step: RoomCommand) -> Result<(), Error> {
        self.ask(Command::RoomCommand { by, conversation, step }).await.map(drop)
    }

    /// Removes some rows of deleted rooms; tells whether there are more.
    pub async fn sweep(&self) -> Result<bool, Error> {
        match self.ask(Command::Sweep).await? {
            Reply::Swept(more) => Ok(more),
            other => Err(other.unexpected()),
        }
    }

    /// Inserts a session; false when its key exists already.
    pub async fn insert_session(&self, row: SessionRow) -> Result<bool, Error> {
        match self.ask(Command::InsertSession(row)).await? {
            Reply::Inserted(inserted) => Ok(inserted),
            other => Err(other.unexpected()),
        }
    }

    pub async fn update_session(&self, row: SessionRow) -> Result<(), Error> {
        self.ask(Command::UpdateSession(row)).await.map(drop)
    }

    pub async fn delete_session(&self, key: SessionKey) -> Result<(), Error> {
        self.ask(Command::DeleteSession(key)).await.map(drop)
    }

    pub async fn delete_expired_sessions(&self) -> Result<(), Error> {
        self.ask(Command::DeleteExpiredSessions).await.map(drop)
    }

    /// Sets an account's password and ends its sessions.
    pub async fn set_password_hash(&self, user: UserId, hash: String) -> Result<(), Error> {
        self.ask(Command::SetPasswordHash(user, hash)).await.map(drop)
    }

    /// Disables or re-enables an account; disabling ends its sessions.
    pub async fn set_user_state(&self, user: UserId, state: UserState) -> Result<(), Error> {
        self.ask(Command::SetUserState(user, state)).await.map(drop)
    }

    /// Does a step of a user with the links by which others register.
    ///
    /// # Errors
    /// `NotFound` where the rules of [`super::access::may_invite`] do not let them, `Forbidden` for one link too many.
    pub async fn invite(&self, by: UserId, step: InvitationCommand) -> Result<(), Error> {
        self.ask(Command::Invite(by, step)).await.map(drop)
    }

    /// Lets a user invite others, or no longer; their open links end then.
    pub async fn let_invite(&self, user: UserId, may_invite: bool) -> Result<(), Error> {
        self.ask(Command::LetInvite(user, may_invite)).await.map(drop)
    }

    /// Names another lifetime of the database.
    pub async fn renew_epoch(&self, epoch: Epoch) -> Result<(), Error> {
        self.ask(Command::RenewEpoch(epoch)).await.map(drop)
    }

    async fn ask(&self, op: Command) -> Result<Reply, Error> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(Request::Run(op, ReplyTo::Channel(answer))).await.map_err(|_| Error::unavailable())?;
        // Lost only if the writer ended in the middle: whether it was committed is not known.
        answered.await.unwrap_or_else(|_| Err(Error::unavailable()))
    }
}

/// The writer's task.
async fn run(
    db: Db,
    clock: Clock,
    mut waiting: mpsc::Receiver<Request>,
    committed: mpsc::Sender<Vec<(Outcome, ReplyTo)>>,
) {
    let mut commands = Vec::with_capacity(BATCH_MAX);
    let mut stopping = false;
    while !stopping {
        let many = tokio::select! {
            many = waiting.recv_many(&mut commands, BATCH_MAX) => many,
            () = committed.closed() => {
                tracing::error!("the publisher has ended; the writer ends with it");
                return;
            }
        };
        if many == 0 {
            return;
        }
        let now = clock.now();
        let (mut ops, mut answers) = (Vec::with_capacity(commands.len()), Vec::with_capacity(commands.len()));
        for command in commands.drain(..) {
            match command {
                Request::Run(op, answer) if !stopping => {
                    ops.push((now, op));
                    answers.push(answer);
                }
                Request::Run(_, answer) => answer.tell(Err(Error::unavailable())),
                Request::Stop => stopping = true,
            }
        }
        let outcomes = write(&db, &ops).await;
        if committed.send(outcomes.into_iter().zip(answers).collect()).await.is_err() {
            tracing::error!("the publisher has ended; the writer ends with it");
            return;
        }
    }
}

/// Writes a batch. A command that is refused or fails never fails its neighbours: the batch is redone one by one.
async fn write(db: &Db, ops: &[(Millis, Command)]) -> Vec<Outcome> {
    if ops.is_empty() {
        return Vec::new();
    }
    match batch::attempt(db, ops).await {
        Ok(outcomes) => outcomes,
        Err(batch::Failure::Statement(cause)) if ops.len() > 1 && is_the_commands_fault(&cause) => {
            tracing::warn!(%cause, commands = ops.len(), "a batch failed; its commands are written one by one");
            let mut outcomes = Vec::with_capacity(ops.len());
            for op in ops {
                outcomes.extend(match batch::attempt(db, std::slice::from_ref(op)).await {
                    Ok(outcome) => outcome,
                    Err(failure) => vec![Outcome::refused(failure.answer(&op.1))],
                });
            }
            outcomes
        }
        Err(failure) => ops.iter().map(|(_, op)| Outcome::refused(failure.answer(op))).collect(),
    }
}

/// Whether a statement may have failed because of one command, rather than the database for all of them.
fn is_the_commands_fault(cause: &StoreError) -> bool {
    matches!(
        cause,
        StoreError::Database(_) | StoreError::Encode(_) | StoreError::Decode(_) | StoreError::ColumnDecode { .. }
    )
}
