//! Writing the past: how the demo fills a database.

use super::batch;
use super::command::{Command, Reply};
use crate::model::{Error, Millis};
use crate::server::store::Db;

/// The most commands of one replay: as many as a run of posts may bind parameters for (SQLite allows 32,766).
pub const REPLAY_MAX: usize = 1024;

/// Writes these commands in one transaction, each as of its own time, exactly as the writer would have done then.
///
/// Nothing is published: this is for a database that nobody uses yet. Refusals are among the replies.
///
/// # Errors
/// When the database cannot be written; nothing was written then, or, after a failed commit, perhaps everything.
pub async fn replay(db: &Db, commands: &[(Millis, Command)]) -> Result<Vec<Result<Reply, Error>>, Error> {
    let outcomes = batch::write(db, commands).await.map_err(|error| match commands.first() {
        Some((_, command)) => error.answer(command),
        None => Error::unavailable(),
    })?;
    Ok(outcomes.into_iter().map(|outcome| outcome.reply).collect())
}
