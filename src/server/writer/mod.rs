//! The writer: the one task that makes lasting changes, and the publisher that announces them in commit order.
//!
//! It takes all commands that wait (up to [`BATCH_MAX`]) into one transaction and one synchronisation to disk: group
//! commit, full durability at many times the speed of one commit a message. Only after the commit does the publisher
//! answer the senders and hand the changes to the hub.
//!
//! Each noun has a file with its commands, the methods of [`Writer`] that ask for them, and what executes them. Whether a
//! user may do something is asked of [`super::access`], inside the transaction: also whether the account is still enabled,
//! since a command may wait behind the one that disables it.

mod accounts;
mod batch;
mod command;
mod conversations;
mod installation;
mod invitations;
mod messages;
mod notices;
mod publisher;
mod read_position;
mod replay;
mod rooms;
mod sessions;

pub use accounts::{AccountCommand, FirstAccount, PasswordChange};
pub use command::{Command, Reply, ReplyTo};
pub use conversations::{ConversationCommand, NewRoom};
pub use installation::InstallationCommand;
pub use invitations::{InvitationCheck, InvitationCommand};
pub use messages::{MessageCommand, Post, Posted};
pub use read_position::ReadPositionCommand;
pub use replay::{REPLAY_MAX, replay};
pub use rooms::RoomCommand;
pub use sessions::SessionCommand;

use super::clock::Clock;
use super::hub::Hub;
use super::store::{Db, StoreError};
use crate::model::{Error, Millis};
use batch::{BatchError, Outcome};
use command::Submission;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// The most commands of one transaction: beyond it the time of a commit grows faster than what it saves.
const BATCH_MAX: usize = 256;
/// Commands that may wait. A sender that finds the queue full waits, with its connection unread.
const WAITING_MAX: usize = 1024;
/// Batches that may wait for the publisher while the next one is written.
const PUBLISHING_MAX: usize = 4;

/// The handle by which commands reach the writer.
#[derive(Debug)]
pub struct Writer {
    commands: mpsc::Sender<Submission>,
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

    /// Whether both tasks are running.
    pub fn is_alive(&self) -> bool {
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        !tasks.is_empty() && tasks.iter().all(|task| !task.is_finished())
    }

    /// Returns once the writer has ended: stopped, or by a bug. Without it nothing can be promised any more.
    pub async fn ended(&self) {
        self.commands.closed().await;
    }

    /// Writes and publishes what waits, then ends. Later commands are answered "unavailable".
    pub async fn stop(&self) {
        // The writer may have ended already; then there is nothing to wait for.
        let _ended = self.commands.send(Submission::Stop).await.is_err();
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the writer did not end well");
            }
        }
    }

    /// Hands a command to the writer and waits until it is committed or refused.
    async fn ask(&self, command: Command) -> Result<Reply, Error> {
        let (reply, replied) = oneshot::channel();
        let submission = Submission::Command(command, ReplyTo::Channel(reply));
        self.commands.send(submission).await.map_err(|_| Error::unavailable())?;
        // Lost only if the writer ended in the middle: whether it was committed is not known.
        replied.await.unwrap_or_else(|_| Err(Error::unavailable()))
    }
}

/// The writer's task.
async fn run(
    db: Db,
    clock: Clock,
    mut waiting: mpsc::Receiver<Submission>,
    committed: mpsc::Sender<Vec<(Outcome, ReplyTo)>>,
) {
    let mut submissions = Vec::with_capacity(BATCH_MAX);
    let mut stopping = false;
    while !stopping {
        let count = tokio::select! {
            count = waiting.recv_many(&mut submissions, BATCH_MAX) => count,
            () = committed.closed() => {
                tracing::error!("the publisher has ended; the writer ends with it");
                return;
            }
        };
        if count == 0 {
            return;
        }
        let now = clock.now();
        let (mut commands, mut replies) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for submission in submissions.drain(..) {
            match submission {
                Submission::Command(command, reply_to) if !stopping => {
                    commands.push((now, command));
                    replies.push(reply_to);
                }
                Submission::Command(_, reply_to) => reply_to.send(Err(Error::unavailable())),
                Submission::Stop => stopping = true,
            }
        }
        let outcomes = write(&db, &commands).await;
        if committed.send(outcomes.into_iter().zip(replies).collect()).await.is_err() {
            tracing::error!("the publisher has ended; the writer ends with it");
            return;
        }
    }
}

/// Writes a batch. A command that is refused or fails never fails its neighbours: if a statement fails, the commands are
/// written again one by one.
async fn write(db: &Db, commands: &[(Millis, Command)]) -> Vec<Outcome> {
    if commands.is_empty() {
        return Vec::new();
    }
    match batch::write(db, commands).await {
        Ok(outcomes) => outcomes,
        Err(BatchError::Statement(cause)) if commands.len() > 1 && may_be_one_commands_fault(&cause) => {
            tracing::warn!(%cause, commands = commands.len(), "a batch failed; its commands are written one by one");
            let mut outcomes = Vec::with_capacity(commands.len());
            for command in commands {
                outcomes.extend(match batch::write(db, std::slice::from_ref(command)).await {
                    Ok(outcome) => outcome,
                    Err(error) => vec![Outcome::refused(error.answer(&command.1))],
                });
            }
            outcomes
        }
        Err(error) => commands.iter().map(|(_, command)| Outcome::refused(error.answer(command))).collect(),
    }
}

/// Whether a statement may have failed because of one command, rather than the database for all of them.
fn may_be_one_commands_fault(cause: &StoreError) -> bool {
    matches!(
        cause,
        StoreError::Database(_) | StoreError::Encode(_) | StoreError::Decode(_) | StoreError::ColumnDecode { .. }
    )
}
