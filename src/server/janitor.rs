//! What is looked after in the background: sessions that ended elsewhere, and rows that have had their time.

use super::store::sessions;
use super::{Core, error};
use crate::wire::close;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// A session that another process has ended (the operator's commands, another node) keeps its live connections no
/// longer than this.
const SESSIONS_EVERY: Duration = Duration::from_secs(3);
/// Rounds between two clearances of ended sessions: about an hour.
const CLEAR_EVERY: u32 = 1200;

/// Runs until it is aborted.
pub async fn run(core: Arc<Core>) {
    let mut round: u32 = 0;
    loop {
        if let Err(error) = close_ended(&core).await {
            tracing::warn!(%error, "the live connections' sessions could not be looked at");
        }
        if round.is_multiple_of(CLEAR_EVERY)
            && let Err(error) = core.writer.delete_expired_sessions().await
        {
            tracing::warn!(%error, "ended sessions could not be cleared");
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(SESSIONS_EVERY).await;
    }
}

/// Closes the connections whose session has ended.
pub async fn close_ended(core: &Core) -> Result<(), crate::model::Error> {
    let held = core.hub.sessions();
    if held.is_empty() {
        return Ok(());
    }
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let good = sessions::good_among(&mut snapshot.conn(), &held, core.clock.now()).await.map_err(error::reading)?;
    let good: HashSet<_> = good.into_iter().collect();
    for ended in held.iter().filter(|key| !good.contains(*key)) {
        core.hub.close_session(ended, close::SESSION);
    }
    Ok(())
}
