//! Where a failure of the server becomes an answer: it is logged once, under a number, and the client learns the number
//! alone.

use super::store::StoreError;
use crate::model::Error;

/// Why something was not done, where rules and data are decided together.
#[derive(Debug)]
pub enum Rejection {
    /// A rule refuses it: this is the answer.
    Refused(Error),
    /// The database failed.
    Failed(StoreError),
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        Rejection::Refused(error)
    }
}

impl From<StoreError> for Rejection {
    fn from(cause: StoreError) -> Self {
        Rejection::Failed(cause)
    }
}

/// Logs a cause, and returns the answer with its number.
pub fn internal(what: &str, cause: &dyn std::error::Error) -> Error {
    let number = format!("{:08x}", rand::random::<u32>());
    tracing::error!(number, what, cause = %Chain(cause), "internal error");
    Error::internal(&number)
}

/// The answer when a read failed. Nothing was changed, so an overloaded or stopping database is "not now".
pub fn reading(cause: StoreError) -> Error {
    match cause {
        StoreError::PoolTimedOut | StoreError::PoolClosed | StoreError::Io(_) => {
            tracing::warn!(%cause, "the database could not be read");
            Error::unavailable()
        }
        other => internal("reading the database", &other),
    }
}

/// An error with all its causes.
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
