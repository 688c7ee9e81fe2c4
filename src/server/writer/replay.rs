//! Writing a past: what the demo is made of.

use super::batch;
use super::command::{Command, Reply};
use crate::model::{Error, Millis};
use crate::server::store::Db;

/// The most commands of one replay: as many as a run of posts may bind parameters for (SQLite allows 32,766).
pub const REPLAY_MAX: usize = 1024;

/// Does these commands in one transaction, each as of its own time, exactly as the writer would have done them then.
///
/// Nobody is told of them: this is for a database that nobody looks at yet. What is refused is among the answers.
///
/// # Errors
/// When the database cannot be written; nothing of it stands then, or, after a failed commit, perhaps all.
pub async fn replay(db: &Db, ops: &[(Millis, Command)]) -> Result<Vec<Result<Reply, Error>>, Error> {
    let outcomes = batch::attempt(db, ops).await.map_err(|failure| match ops.first() {
        Some((_, op)) => failure.answer(op),
        None => Error::unavailable(),
    })?;
    Ok(outcomes.into_iter().map(|outcome| outcome.result).collect())
}
