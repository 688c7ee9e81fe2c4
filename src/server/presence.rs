//! Presence: delivering it to those who watch, and noting when users were last connected.

use super::store::users;
use super::{Core, error};
use crate::model::presence::GRACE;
use crate::model::{Error, Millis, Presence, UserId};
use std::sync::Arc;
use std::time::Duration;

/// Changes within this time are delivered together.
const COALESCED: Duration = Duration::from_millis(200);
/// Users who were last seen within this time (milliseconds) before a start were connected when the server stopped, and are
/// expected back.
const EXPECTED_WITHIN: i64 = 3 * GRACE;

/// Runs until it is aborted.
pub async fn run(core: Arc<Core>) {
    if let Err(error) = expect_back(&core).await {
        tracing::warn!(%error, "who was connected before could not be read");
    }
    loop {
        core.hub.presence_to_settle().await;
        tokio::time::sleep(COALESCED).await;
        settle(&core).await;
    }
}

/// Delivers what has changed to those who watch, and notes who went offline.
pub async fn settle(core: &Core) {
    let gone = core.hub.settle_presence();
    if let Err(error) = core.writer.note_last_seen(gone).await {
        tracing::warn!(%error, "when users were last connected could not be noted");
    }
}

/// Expects users back who were connected when the server stopped, so that a restart does not show everyone as offline.
async fn expect_back(core: &Core) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let since = Millis(core.clock.now().0 - EXPECTED_WITHIN);
    let seen = users::seen_since(&mut snapshot.conn(), since).await.map_err(error::reading)?;
    core.hub.expect_back(&seen);
    Ok(())
}

/// The presence of these users, in their order; they need not exist.
///
/// # Errors
/// When the database cannot be read.
pub async fn of(core: &Core, users: &[UserId]) -> Result<Vec<Presence>, Error> {
    let connected = core.hub.presence(users);
    let offline: Vec<UserId> =
        users.iter().zip(&connected).filter(|(_, presence)| presence.is_none()).map(|(id, _)| *id).collect();
    let mut offline = unseen(core, &offline).await?.into_iter();
    Ok(connected.into_iter().filter_map(|presence| presence.or_else(|| offline.next())).collect())
}

/// The presence of these users as if all were offline, in their order.
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
