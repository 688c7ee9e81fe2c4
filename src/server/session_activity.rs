//! Which sessions have been used lately.
//!
//! The database holds their last use to within some minutes: a write for each request would cost more than the request.
//! The janitor writes what is noted here, many in one statement.

use super::store::sessions::SessionKey;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The sessions used since the last write. No more of them than sessions.
#[derive(Debug, Default)]
pub struct SessionActivity(Mutex<HashSet<SessionKey>>);

impl SessionActivity {
    fn noted(&self) -> MutexGuard<'_, HashSet<SessionKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, key: SessionKey) {
        self.noted().insert(key);
    }

    pub fn contains(&self, key: &SessionKey) -> bool {
        self.noted().contains(key)
    }

    /// Takes what is to be written.
    pub fn take(&self) -> HashSet<SessionKey> {
        std::mem::take(&mut *self.noted())
    }
}
