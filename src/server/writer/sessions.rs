//! Sessions: rows of the session layer, and ending them.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::{Command, Reply};
use crate::model::{Error, UserId};
use crate::server::error::Rejection;
use crate::server::store::sessions::{self, SessionKey, SessionRow};

/// Sessions whose use one command notes: a few milliseconds of the writer's time.
const USES_AT_ONCE: usize = 500;

#[derive(Debug)]
pub enum SessionCommand {
    Insert(SessionRow),
    Update(SessionRow),
    Delete(SessionKey),
    DeleteExpired,
    /// Ends all sessions of a user but this one.
    DeleteOthers(UserId, SessionKey),
    /// Notes that these sessions are in use now.
    NoteUse(Vec<SessionKey>),
}

impl Writer {
    /// Inserts a session; false when its key exists already.
    pub async fn insert_session(&self, row: SessionRow) -> Result<bool, Error> {
        match self.ask(Command::Session(SessionCommand::Insert(row))).await? {
            Reply::SessionInserted(inserted) => Ok(inserted),
            other => Err(other.unexpected()),
        }
    }

    /// Renews a session, unless it has ended.
    pub async fn update_session(&self, row: SessionRow) -> Result<(), Error> {
        self.ask(Command::Session(SessionCommand::Update(row))).await.map(drop)
    }

    pub async fn delete_session(&self, key: SessionKey) -> Result<(), Error> {
        self.ask(Command::Session(SessionCommand::Delete(key))).await.map(drop)
    }

    pub async fn delete_expired_sessions(&self) -> Result<(), Error> {
        self.ask(Command::Session(SessionCommand::DeleteExpired)).await.map(drop)
    }

    /// Ends all sessions of a user but this one.
    pub async fn end_other_sessions(&self, user: UserId, kept: SessionKey) -> Result<(), Error> {
        self.ask(Command::Session(SessionCommand::DeleteOthers(user, kept))).await.map(drop)
    }

    /// Notes that these sessions are in use now.
    pub async fn note_session_use(&self, keys: &[SessionKey]) -> Result<(), Error> {
        for chunk in keys.chunks(USES_AT_ONCE) {
            self.ask(Command::Session(SessionCommand::NoteUse(chunk.to_vec()))).await?;
        }
        Ok(())
    }
}

impl SessionCommand {
    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        let now = batch.now;
        let conn = &mut batch.conn();
        match self {
            SessionCommand::Insert(row) => {
                return Ok(Outcome::replied(Reply::SessionInserted(sessions::insert(conn, row).await?)));
            }
            SessionCommand::Update(row) => sessions::update(conn, row).await?,
            SessionCommand::Delete(key) => sessions::delete(conn, key).await?,
            SessionCommand::DeleteExpired => sessions::delete_expired(conn, now).await.map(drop)?,
            SessionCommand::DeleteOthers(user, kept) => sessions::delete_others(conn, *user, kept).await?,
            SessionCommand::NoteUse(keys) => sessions::note_use(conn, keys, now).await?,
        }
        Ok(Outcome::done())
    }
}
