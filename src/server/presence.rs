//! Who is there: telling those who look, and noting who was.

use super::store::users;
use super::{Core, error};
use crate::model::presence::GRACE;
use crate::model::{Error, Millis, Presence, UserId};
use std::sync::Arc;
use std::time::Duration;

/// What changes within this time is told as one.
const COALESCED: Duration = Duration::from_millis(200);
/// Who was connected this long (milliseconds) before a start was so when the server stopped, and is expected back.
const STOPPED: i64 = 3 * GRACE;

/// Runs until it is aborted.
pub async fn run(core: Arc<Core>) {
    if let Err(error) = expect(&core).await {
        tracing::warn!(%error, "who was here before could not be read");
    }
    loop {
        core.hub.presence_moved().await;
        tokio::time::sleep(COALESCED).await;
        settle(&core).await;
    }
}

/// Tells those who watch what has changed, and notes who is gone.
pub async fn settle(core: &Core) {
    let gone = core.hub.settle_presence();
    if let Err(error) = core.writer.note_last_seen(gone).await {
        tracing::warn!(%error, "when somebody was last here could not be noted");
    }
}

/// Expects those back who were here when the server stopped, so that a restart does not show everyone as gone.
async fn expect(core: &Core) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let since = Millis(core.clock.now().0 - STOPPED);
    let seen = users::seen_since(&mut snapshot.conn(), since).await.map_err(error::reading)?;
    core.hub.expect(&seen);
    Ok(())
}

/// These users as they are now; none of them need exist.
///
/// # Errors
/// When the database cannot be read.
pub async fn of(core: &Core, users: &[UserId]) -> Result<Vec<Presence>, Error> {
    let there = core.hub.presence(users);
    let absent: Vec<UserId> =
        users.iter().zip(&there).filter(|(_, there)| there.is_none()).map(|(id, _)| *id).collect();
    let mut unseen = unseen(core, &absent).await?.into_iter();
    Ok(there.into_iter().filter_map(|there| there.or_else(|| unseen.next())).collect())
}

/// These users as they are if none of them is there, in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn unseen(core: &Core, users: &[UserId]) -> Result<Vec<Presence>, Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let seen = users::last_seen(&mut snapshot.conn(), users).await.map_err(error::reading)?;
    Ok(users.iter().map(|user| Presence { since: seen.get(user).copied(), ..Presence::unseen(*user) }).collect())
}
