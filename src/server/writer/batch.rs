//! One transaction over many commands: locks what they move, executes them in their order, and writes what they share.

use super::command::{Command, Reply};
use super::messages::{self, MessageCommand};
use super::read_position;
use crate::model::{ConversationId, ConversationSummary, Error, Millis, Rev, Rows, UserId, WorkspaceName};
use crate::server::access;
use crate::server::error::{self, Rejection};
use crate::server::hub::MembershipChange;
use crate::server::store::conversations::{self, Head};
use crate::server::store::{Conn, Db, StoreError, WriteTx, users, violated};
use std::collections::{BTreeMap, BTreeSet};

/// What became of one command, and what the publisher announces of it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub reply: Result<Reply, Error>,
    /// Changes of conversations, for those who are subscribed to them.
    pub changes: Vec<Change>,
    /// The conversation that was deleted.
    pub deleted: Option<ConversationId>,
    /// Whose summary of which conversation changes with this batch. The batch turns them into `summary_changes`.
    pub summaries: Vec<(UserId, ConversationId, MembershipChange)>,
    /// Changes of users' own state, for all of their devices.
    pub summary_changes: Vec<SummaryChange>,
    /// The workspace's new name, for everybody.
    pub workspace: Option<WorkspaceName>,
}

/// A change of a conversation, at its next `rev`.
#[derive(Debug)]
pub(super) struct Change {
    pub conversation: ConversationId,
    pub rev: Rev,
    pub rows: Rows,
}

/// A change of one of a user's conversation summaries, at the user's next `user_rev`.
#[derive(Debug)]
pub(super) struct SummaryChange {
    pub user: UserId,
    pub user_rev: Rev,
    pub conversation: ConversationId,
    pub membership: MembershipChange,
    /// `None` when the user is not in the conversation any more.
    pub summary: Option<ConversationSummary>,
}

impl Outcome {
    pub fn refused(error: Error) -> Self {
        Outcome::of(Err(error))
    }

    /// A command that has been carried out; what is to be announced is added to it.
    pub fn replied(reply: Reply) -> Self {
        Outcome::of(Ok(reply))
    }

    /// A command that has been carried out, or had nothing to change.
    pub fn done() -> Self {
        Outcome::replied(Reply::Done)
    }

    fn of(reply: Result<Reply, Error>) -> Self {
        Outcome {
            reply,
            changes: Vec::new(),
            deleted: None,
            summaries: Vec::new(),
            summary_changes: Vec::new(),
            workspace: None,
        }
    }
}

/// Why a batch was not written.
#[derive(Debug)]
pub(super) enum BatchError {
    /// A statement failed; nothing was written.
    Statement(StoreError),
    /// The commit failed; whether the batch was written is not known.
    Commit(StoreError),
}

impl From<StoreError> for BatchError {
    fn from(error: StoreError) -> Self {
        BatchError::Statement(error)
    }
}

impl BatchError {
    /// The answer for a command of the failed batch.
    pub fn answer(&self, command: &Command) -> Error {
        let cause = match self {
            BatchError::Commit(cause) => {
                tracing::error!(%cause, "a commit failed; its outcome is unknown");
                return Error::unavailable();
            }
            BatchError::Statement(cause) => cause,
        };
        if let Some(conflict) = violated(cause).and_then(|constraint| command.conflict(&constraint)) {
            return conflict;
        }
        match cause {
            // The database is busy, full, or away: trying again is right, and harmless.
            StoreError::Database(database) if database.code().is_some_and(|code| is_temporary(&code)) => {
                tracing::error!(%cause, "the database could not be written");
                Error::unavailable()
            }
            StoreError::PoolTimedOut | StoreError::PoolClosed | StoreError::Io(_) => {
                tracing::error!(%cause, "the database could not be reached");
                Error::unavailable()
            }
            other => error::internal("writing the database", other),
        }
    }
}

/// Whether the same command may succeed later. SQLite's result codes for busy, locked, out of memory, read-only, input or
/// output, full; PostgreSQL's classes for connection, transaction rollback, resources, operator intervention.
fn is_temporary(code: &str) -> bool {
    // A SQLSTATE has five characters, SQLite's (extended) codes have up to four digits.
    if code.len() < 5 {
        return code.parse().is_ok_and(|code: i64| matches!(code & 0xff, 5 | 6 | 7 | 8 | 10 | 13));
    }
    ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
}

/// A transaction, and the heads of the conversations that it has locked.
///
/// Commands share the transaction: one that is refused must be refused before it writes anything.
pub(super) struct Batch {
    tx: WriteTx,
    heads: BTreeMap<ConversationId, Head>,
    moved: BTreeSet<ConversationId>,
    /// General, locked, when the batch makes accounts.
    pub general: Option<ConversationId>,
    /// The time of the command that is being executed.
    pub now: Millis,
}

impl Batch {
    pub fn conn(&mut self) -> Conn<'_> {
        self.tx.conn()
    }

    /// Locks the heads of these conversations. Those that do not exist, or are deleted, have none.
    async fn lock(&mut self, ids: BTreeSet<ConversationId>) -> Result<(), StoreError> {
        if !ids.is_empty() {
            let ids: Vec<ConversationId> = ids.into_iter().collect();
            self.heads = conversations::lock_heads(&mut self.tx.conn(), &ids).await?.into_iter().collect();
        }
        Ok(())
    }

    /// The head of a conversation that this batch has locked or made.
    pub fn head(&self, id: ConversationId) -> Option<Head> {
        self.heads.get(&id).copied()
    }

    /// Takes a conversation's next `rev`; `None` if there is no such conversation.
    pub fn next_rev(&mut self, id: ConversationId) -> Option<Head> {
        self.move_head(id, |head| Head { rev: head.rev.next(), ..head })
    }

    /// Takes a conversation's next `rev` and `seq` for a message that somebody wrote.
    pub fn next_message(&mut self, id: ConversationId, at: Millis) -> Option<Head> {
        self.move_head(id, |head| Head {
            rev: head.rev.next(),
            seq: head.seq.next(),
            message_count: head.message_count + 1,
            at,
        })
    }

    /// Takes a conversation's next `rev` and `seq` for a notice, which does not count as a message.
    pub fn next_notice(&mut self, id: ConversationId) -> Option<Head> {
        let at = self.now;
        self.move_head(id, |head| Head { rev: head.rev.next(), seq: head.seq.next(), at, ..head })
    }

    fn move_head(&mut self, id: ConversationId, next: impl FnOnce(Head) -> Head) -> Option<Head> {
        let head = self.heads.get_mut(&id)?;
        *head = next(*head);
        self.moved.insert(id);
        Some(*head)
    }

    /// Adds a conversation that this batch has made.
    pub fn add_conversation(&mut self, id: ConversationId, head: Head) {
        self.heads.insert(id, head);
        self.moved.insert(id);
    }

    /// Forgets a conversation that this batch has deleted: later commands do not find it.
    pub fn remove_conversation(&mut self, id: ConversationId) {
        self.heads.remove(&id);
        self.moved.remove(&id);
    }

    /// Writes the heads that have moved.
    async fn write_heads(&mut self) -> Result<(), StoreError> {
        for id in std::mem::take(&mut self.moved) {
            if let Some(head) = self.head(id) {
                conversations::set_head(&mut self.conn(), id, head).await?;
            }
        }
        Ok(())
    }

    /// Takes the next `user_rev` for each summary that has changed, in the order of the users so that two nodes never
    /// deadlock, and reads the summaries as they are now.
    async fn write_user_revs(&mut self, outcomes: &mut [Outcome]) -> Result<(), StoreError> {
        let mut summaries = Vec::new();
        for (at, outcome) in outcomes.iter_mut().enumerate() {
            let changed = outcome.summaries.drain(..);
            summaries.extend(changed.map(|(user, conversation, membership)| (user, at, conversation, membership)));
        }
        summaries.sort_unstable_by_key(|(user, at, conversation, _)| (*user, *at, *conversation));
        for (user, at, conversation, membership) in summaries {
            let user_rev = users::next_user_rev(&mut self.conn(), user).await?;
            let summary = conversations::summary(&mut self.conn(), user, conversation).await?;
            outcomes[at].summary_changes.push(SummaryChange { user, user_rev, conversation, membership, summary });
        }
        Ok(())
    }

    async fn execute(&mut self, command: &Command) -> Result<Outcome, StoreError> {
        match self.try_to_execute(command).await {
            Ok(outcome) => Ok(outcome),
            Err(Rejection::Refused(error)) => Ok(Outcome::refused(error)),
            Err(Rejection::Failed(cause)) => Err(cause),
        }
    }

    async fn try_to_execute(&mut self, command: &Command) -> Result<Outcome, Rejection> {
        if let Some(user) = command.user() {
            access::may_act(&mut self.conn(), user).await?;
        }
        match command {
            Command::Message(MessageCommand::Post(post)) => {
                let outcome = messages::post_all(self, &[(self.now, post)]).await?.pop();
                Ok(outcome.unwrap_or_else(|| Outcome::refused(Error::unavailable())))
            }
            Command::Conversation(command) => command.execute(self).await,
            Command::Room { by, room, command } => command.execute(self, *by, *room).await,
            Command::ReadPosition(command) => {
                let outcome = read_position::set_all(self, &[*command]).await?.pop();
                Ok(outcome.unwrap_or_else(|| Outcome::refused(Error::unavailable())))
            }
            Command::Account(command) => command.execute(self).await,
            Command::Session(command) => command.execute(self).await,
            Command::Invitation(command) => command.execute(self).await,
            Command::Installation(command) => command.execute(self).await,
        }
    }
}

/// Writes these commands in one transaction, in their order, each as of its own time.
pub(super) async fn write(db: &Db, commands: &[(Millis, Command)]) -> Result<Vec<Outcome>, BatchError> {
    let tx = db.write().await?;
    let now = commands.first().map_or_else(Millis::default, |(at, _)| *at);
    let mut batch = Batch { tx, heads: BTreeMap::new(), moved: BTreeSet::new(), general: None, now };
    if commands.iter().any(|(_, command)| matches!(command, Command::Account(account) if account.makes_account())) {
        batch.general = conversations::general(&mut batch.conn()).await?;
    }
    // All at once and in their order, so that two nodes never deadlock.
    let locked = commands.iter().filter_map(|(_, command)| command.conversation());
    batch.lock(locked.chain(batch.general).collect()).await?;

    let mut outcomes = Vec::with_capacity(commands.len());
    let mut rest = commands;
    while let Some((at, first)) = rest.first() {
        // A run of posts shares its look-ups and its insertion.
        let posts: Vec<_> = rest
            .iter()
            .map_while(|(at, command)| match command {
                Command::Message(MessageCommand::Post(post)) => Some((*at, post)),
                _ => None,
            })
            .collect();
        // So does a run of read positions.
        let reads: Vec<_> = rest
            .iter()
            .map_while(|(_, command)| match command {
                Command::ReadPosition(command) => Some(*command),
                _ => None,
            })
            .collect();
        rest = if !posts.is_empty() {
            outcomes.extend(messages::post_all(&mut batch, &posts).await?);
            &rest[posts.len()..]
        } else if !reads.is_empty() {
            outcomes.extend(read_position::set_all(&mut batch, &reads).await?);
            &rest[reads.len()..]
        } else {
            batch.now = *at;
            outcomes.push(batch.execute(first).await?);
            &rest[1..]
        };
    }
    batch.write_heads().await?;
    batch.write_user_revs(&mut outcomes).await?;
    batch.tx.commit().await.map_err(BatchError::Commit)?;
    Ok(outcomes)
}
