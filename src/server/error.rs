//! The boundary where a failure of the server becomes an answer: logged once, with a number, and no more told.

use super::store::StoreError;
use crate::model::Error;

/// Logs a cause and gives the answer that names its number.
pub fn internal(what: &str, cause: &dyn std::error::Error) -> Error {
    let number = format!("{:08x}", rand::random::<u32>());
    tracing::error!(number, what, cause = %Chain(cause), "internal error");
    Error::internal(&number)
}

/// Where a read failed: nothing was changed, so an overloaded or stopping database is "not now".
pub fn reading(cause: StoreError) -> Error {
    match cause {
        StoreError::PoolTimedOut | StoreError::PoolClosed | StoreError::Io(_) => {
            tracing::warn!(%cause, "the database could not be read");
            Error::unavailable()
        }
        other => internal("reading the database", &other),
    }
}

/// An error with all that caused it.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
