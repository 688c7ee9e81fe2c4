//! One transaction over many commands.

use super::command::{Command, Reply};
use super::{invitations, passwords, posts, rooms, users};
use crate::model::{ConversationId, ConversationSummary, Error, Field, FieldProblem, Millis, Rev, Rows, UserId};
use crate::server::error;
use crate::server::store::conversations::{self, Head};
use crate::server::store::{
    Conn, Db, StoreError, WriteTx, installation, invitations as links, sessions, users as user_rows, violated,
};
use std::collections::{BTreeMap, BTreeSet};

/// What became of one command, and what is to be published of it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub result: Result<Reply, Error>,
    pub changes: Vec<Change>,
    /// Who begins to listen where, before the changes are told.
    pub joined: Vec<(UserId, ConversationId)>,
    /// Who stops listening where, after they have been told.
    pub left: Vec<(UserId, ConversationId)>,
    /// The conversation that has ended.
    pub gone: Option<ConversationId>,
    /// Whose line of the list has changed.
    pub summaries: Vec<(UserId, ConversationId)>,
    /// What their devices are told of that.
    pub mine: Vec<(UserId, Rev, ConversationId, Option<ConversationSummary>)>,
}

/// One step of a conversation's clock.
#[derive(Debug)]
pub(super) struct Change {
    pub conversation: ConversationId,
    pub rev: Rev,
    pub rows: Rows,
}

impl Outcome {
    pub fn refused(error: Error) -> Self {
        Outcome::of(Err(error))
    }

    pub fn done(done: Reply) -> Self {
        Outcome::of(Ok(done))
    }

    fn of(result: Result<Reply, Error>) -> Self {
        Outcome {
            result,
            changes: Vec::new(),
            joined: Vec::new(),
            left: Vec::new(),
            gone: None,
            summaries: Vec::new(),
            mine: Vec::new(),
        }
    }
}

/// Why a batch was not written.
#[derive(Debug)]
pub(super) enum Failure {
    /// A statement failed; nothing was written.
    Statement(StoreError),
    /// The commit failed; whether it was written is not known.
    Commit(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Statement(error)
    }
}

impl Failure {
    /// What a command of the failed batch is answered.
    pub fn answer(&self, op: &Command) -> Error {
        let cause = match self {
            Failure::Commit(cause) => {
                tracing::error!(%cause, "a commit failed; its outcome is unknown");
                return Error::unavailable();
            }
            Failure::Statement(cause) => cause,
        };
        match (op, violated(cause)) {
            (Command::Register(..), Some(constraint)) => {
                return taken(constraint.contains("username"), constraint.contains("email"));
            }
            (Command::CreateRoom(_) | Command::RoomCommand { .. }, Some(_)) => return rooms::name_taken(),
            // The other of the two has made it at another node, in this moment.
            (Command::OpenDirect(..), Some(_)) => return Error::unavailable(),
            _ => {}
        }
        match cause {
            // The database is busy, full, or away: trying again is right, and harmless.
            StoreError::Database(database) if database.code().is_some_and(|code| is_passing(&code)) => {
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

/// SQLite's result codes for busy, locked, out of memory, read-only, input or output, full; PostgreSQL's classes for
/// connection, resources, operator's intervention and rolled back to be tried again.
fn is_passing(code: &str) -> bool {
    // A SQLSTATE has five characters, SQLite's (extended) codes have up to four digits.
    if code.len() < 5 {
        return code.parse().is_ok_and(|code: i64| matches!(code & 0xff, 5 | 6 | 7 | 8 | 10 | 13));
    }
    ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
}

/// The refusal of a registration whose names are taken.
pub(super) fn taken(username: bool, email: bool) -> Error {
    let mut fields = Vec::new();
    if username {
        fields.push(FieldProblem {
            field: Field::Username,
            message: "This username is taken, or looks like one that is.".into(),
        });
    }
    if email {
        fields.push(FieldProblem {
            field: Field::Email,
            message: "An account with this email address exists already.".into(),
        });
    }
    Error::fields(fields)
}

/// A transaction and the heads that it moves.
pub(super) struct Batch {
    tx: WriteTx,
    heads: BTreeMap<ConversationId, Head>,
    moved: BTreeSet<ConversationId>,
    /// The time of the command that is being written.
    pub now: Millis,
}

impl Batch {
    pub fn conn(&mut self) -> Conn<'_> {
        self.tx.conn()
    }

    /// Locks the heads of these conversations; those that do not exist stay without.
    async fn lock(&mut self, ids: BTreeSet<ConversationId>) -> Result<(), StoreError> {
        if !ids.is_empty() {
            let ids: Vec<ConversationId> = ids.into_iter().collect();
            self.heads = conversations::lock_heads(&mut self.tx.conn(), &ids).await?.into_iter().collect();
        }
        Ok(())
    }

    /// Takes a conversation's next `rev`; nothing if there is no such conversation.
    pub fn next_rev(&mut self, id: ConversationId) -> Option<Rev> {
        let head = self.heads.get_mut(&id)?;
        head.rev = head.rev.next();
        self.moved.insert(id);
        Some(head.rev)
    }

    /// Takes a conversation's next `seq` and `rev`.
    pub fn next_message(&mut self, id: ConversationId, at: Millis) -> Option<Head> {
        let head = self.heads.get_mut(&id)?;
        *head = Head { rev: head.rev.next(), seq: head.seq.next(), texts: head.texts + 1, at };
        self.moved.insert(id);
        Some(*head)
    }

    /// Takes a conversation's next `seq` and `rev` for a notice.
    pub fn next_notice(&mut self, id: ConversationId) -> Option<Head> {
        let head = self.heads.get_mut(&id)?;
        *head = Head { rev: head.rev.next(), seq: head.seq.next(), at: self.now, ..*head };
        self.moved.insert(id);
        Some(*head)
    }

    /// Where a conversation's numbers stand.
    pub fn head(&self, id: ConversationId) -> Option<Head> {
        self.heads.get(&id).copied()
    }

    /// Takes in a conversation that this batch has made.
    pub fn begin(&mut self, id: ConversationId, head: Head) {
        self.heads.insert(id, head);
        self.moved.insert(id);
    }

    /// A conversation has ended in this batch: nobody finds it any more.
    pub fn end(&mut self, id: ConversationId) {
        self.heads.remove(&id);
        self.moved.remove(&id);
    }

    /// Writes the heads of what has moved.
    async fn settle(&mut self) -> Result<(), StoreError> {
        for id in std::mem::take(&mut self.moved) {
            if let Some(head) = self.heads.get(&id).copied() {
                conversations::set_head(&mut self.conn(), id, head).await?;
            }
        }
        Ok(())
    }

    /// Ticks the clocks of the lists that have changed, in the order of their users so that two nodes never wait for
    /// each other, and reads their lines as they now stand.
    async fn tick(&mut self, outcomes: &mut [Outcome]) -> Result<(), StoreError> {
        let mut summaries: Vec<(UserId, usize, ConversationId)> = Vec::new();
        for (at, outcome) in outcomes.iter_mut().enumerate() {
            summaries.extend(outcome.summaries.drain(..).map(|(user, conversation)| (user, at, conversation)));
        }
        summaries.sort_unstable();
        for (user, at, conversation) in summaries {
            let rev = user_rows::tick(&mut self.conn(), user).await?;
            let summary = conversations::summary(&mut self.conn(), user, conversation).await?;
            outcomes[at].mine.push((user, rev, conversation, summary));
        }
        Ok(())
    }
}

/// Writes these commands in one transaction, in their order, each as of its own time.
pub(super) async fn attempt(db: &Db, ops: &[(Millis, Command)]) -> Result<Vec<Outcome>, Failure> {
    let tx = db.write().await?;
    let now = ops.first().map_or_else(Millis::default, |(at, _)| *at);
    let mut batch = Batch { tx, heads: BTreeMap::new(), moved: BTreeSet::new(), now };
    let general = match ops.iter().any(|(_, op)| matches!(op, Command::Register(..))) {
        true => conversations::general(&mut batch.conn()).await?,
        false => None,
    };
    // All at once and in their order, so that two nodes never wait for each other.
    let touched = ops.iter().filter_map(|(_, op)| match op {
        Command::Post(post) => Some(post.conversation),
        Command::RoomCommand { conversation, .. } => Some(*conversation),
        _ => None,
    });
    batch.lock(touched.chain(general).collect()).await?;

    let mut outcomes = Vec::with_capacity(ops.len());
    let mut rest = ops;
    while let Some((at, first)) = rest.first() {
        // A run of posts shares its look-ups and its insertion.
        let run = rest.iter().map_while(|(at, op)| if let Command::Post(post) = op { Some((*at, post)) } else { None });
        let run: Vec<_> = run.collect();
        if run.is_empty() {
            batch.now = *at;
            outcomes.push(single(&mut batch, first, general).await?);
            rest = &rest[1..];
        } else {
            rest = &rest[run.len()..];
            outcomes.extend(posts::write(&mut batch, &run).await?);
        }
    }
    batch.settle().await?;
    batch.tick(&mut outcomes).await?;
    batch.tx.commit().await.map_err(Failure::Commit)?;
    Ok(outcomes)
}

async fn single(batch: &mut Batch, op: &Command, general: Option<ConversationId>) -> Result<Outcome, StoreError> {
    let now = batch.now;
    let conn = &mut batch.conn();
    let done = match op {
        Command::Post(post) => {
            return Ok(posts::write(batch, &[(now, post)])
                .await?
                .pop()
                .unwrap_or_else(|| Outcome::refused(Error::unavailable())));
        }
        Command::Register(user, by) => return users::register(batch, user, by, general).await,
        Command::Invite(by, step) => return invitations::step(batch, *by, step).await,
        Command::LetInvite(user, may_invite) => return invitations::let_invite(batch, *user, *may_invite).await,
        Command::CreateRoom(room) => return rooms::create(batch, room).await,
        Command::OpenDirect(user, other) => return rooms::open_direct(batch, *user, *other).await,
        Command::RoomCommand { by, conversation, step } => return rooms::step(batch, *by, *conversation, step).await,
        Command::Sweep => Reply::Swept(conversations::sweep(conn).await?),
        Command::InsertSession(row) => Reply::Inserted(sessions::insert(conn, row).await?),
        Command::UpdateSession(row) => sessions::update(conn, row).await.map(|()| Reply::Unit)?,
        Command::DeleteSession(key) => sessions::delete(conn, key).await.map(|()| Reply::Unit)?,
        Command::DeleteExpiredSessions => sessions::delete_expired(conn, now).await.map(|_| Reply::Unit)?,
        Command::EndOtherSessions(user, kept) => {
            sessions::delete_others(conn, *user, kept).await.map(|()| Reply::Unit)?
        }
        Command::NoteUse(keys) => sessions::note_use(conn, keys, now).await.map(|()| Reply::Unit)?,
        Command::NoteSeen(seen) => user_rows::note_seen(conn, seen).await.map(|()| Reply::Unit)?,
        Command::ChangePassword(change) => return passwords::change(conn, change, now).await,
        Command::SetPasswordHash(user, hash) => {
            user_rows::set_password_hash(conn, *user, hash).await?;
            sessions::delete_of_user(conn, *user).await?;
            Reply::Unit
        }
        Command::RenewEpoch(epoch) => installation::set_epoch(conn, *epoch).await.map(|()| Reply::Unit)?,
        Command::SetUserState(user, state) => {
            user_rows::set_state(conn, *user, *state).await?;
            if *state == user_rows::UserState::Disabled {
                sessions::delete_of_user(conn, *user).await?;
                links::revoke_of(conn, *user, now).await?;
            }
            Reply::Unit
        }
    };
    Ok(Outcome::done(done))
}
