//! Background work: noticing what other processes have done (ended sessions, changes), and removing old rows.

use super::store::{conversations, sessions, users};
use super::{Core, error};
use crate::model::{ConversationId, Error, Rev, UserId};
use crate::wire::{ServerFrame, close};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// How often the database is checked for what another process has done (the operator's commands, another node).
const EVERY: Duration = Duration::from_secs(3);
/// Rounds between two removals of what has expired: about an hour.
const REMOVE_EXPIRED_EVERY: u32 = 1200;
/// Rounds between two writes of which sessions are in use: about five minutes.
const NOTE_ACTIVITY_EVERY: u32 = 100;

/// Runs until it is aborted.
pub async fn run(core: Arc<Core>) {
    let mut round: u32 = 0;
    loop {
        if let Err(error) = close_ended(&core).await {
            tracing::warn!(%error, "the sessions of live connections could not be checked");
        }
        if let Err(error) = announce_revisions(&core).await {
            tracing::warn!(%error, "the conversations' revs could not be checked");
        }
        if let Err(error) = settle_subscriptions(&core).await {
            tracing::warn!(%error, "the users' revs could not be checked");
        }
        if let Err(error) = sweep(&core).await {
            tracing::warn!(%error, "deleted rooms could not be swept");
        }
        if round.is_multiple_of(REMOVE_EXPIRED_EVERY)
            && let Err(error) = remove_expired(&core).await
        {
            tracing::warn!(%error, "what has expired could not be removed");
        }
        if round.is_multiple_of(NOTE_ACTIVITY_EVERY)
            && let Err(error) = note_activity(&core).await
        {
            tracing::warn!(%error, "the activity of sessions could not be written");
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(EVERY).await;
    }
}

/// Closes the connections whose session has ended.
pub async fn close_ended(core: &Core) -> Result<(), Error> {
    let held = core.hub.sessions();
    if held.is_empty() {
        return Ok(());
    }
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let valid = sessions::valid_among(&mut snapshot.conn(), &held, core.clock.now()).await.map_err(error::reading)?;
    let valid: HashSet<_> = valid.into_iter().collect();
    for ended in held.iter().filter(|key| !valid.contains(*key)) {
        core.hub.close_session(ended, close::SESSION);
    }
    Ok(())
}

/// Removes expired sessions, and invitations that ended long ago.
pub async fn remove_expired(core: &Core) -> Result<(), Error> {
    core.writer.delete_expired_sessions().await?;
    core.writer.delete_ended_invitations().await
}

/// Writes which sessions have been used since the last time (a live connection counts as use), and who is connected.
pub async fn note_activity(core: &Core) -> Result<(), Error> {
    let mut used = core.session_activity.take();
    used.extend(core.hub.sessions());
    let used: Vec<_> = used.into_iter().collect();
    let noted = core.writer.note_session_use(&used).await;
    if noted.is_err() {
        used.into_iter().for_each(|key| core.session_activity.note(key));
    }
    noted?;
    core.writer.note_last_seen(core.hub.last_seen()).await
}

/// Delivers the `rev` of conversations that have changed without this server delivering it; clients then ask for what
/// they miss.
pub async fn announce_revisions(core: &Core) -> Result<(), Error> {
    let subscribed = core.hub.subscribed();
    if subscribed.is_empty() {
        return Ok(());
    }
    let ids: Vec<ConversationId> = subscribed.iter().map(|(id, _)| *id).collect();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let revs = conversations::revs(&mut snapshot.conn(), &ids).await.map_err(error::reading)?;
    let delivered: HashMap<_, _> = subscribed.into_iter().collect();
    // A room that another server has deleted may have been swept by it as well.
    let open: HashSet<_> = revs.iter().map(|(id, _)| *id).collect();
    for conversation in ids.into_iter().filter(|id| !open.contains(id)) {
        core.hub.deleted(conversation, &ServerFrame::ConversationDeleted { conversation }.encode().into());
    }
    for (conversation, rev) in revs {
        // What was committed a moment ago may be about to be delivered; then this is early and does no harm.
        if delivered.get(&conversation).copied().flatten().is_none_or(|delivered| delivered < rev) {
            let frame = ServerFrame::ConversationRevision { conversation, rev };
            core.hub.deliver(conversation, rev, &frame.encode().into());
        }
    }
    Ok(())
}

/// How often memberships are read in one round: again if this server changes some in the same moment.
const READINGS: usize = 3;

/// Delivers the `user_rev` of users whose memberships another server has changed, and sets the subscriptions of their
/// connections accordingly.
pub async fn settle_subscriptions(core: &Core) -> Result<(), Error> {
    for _ in 0..READINGS {
        if settle_as_read_now(core).await? {
            break;
        }
    }
    Ok(())
}

/// Returns false if something changed while it was read.
async fn settle_as_read_now(core: &Core) -> Result<bool, Error> {
    let settled: HashMap<UserId, Rev> = core.hub.settled_revs().into_iter().collect();
    if settled.is_empty() {
        return Ok(true);
    }
    let ids: Vec<UserId> = settled.keys().copied().collect();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let revs = users::revs(&mut snapshot.conn(), &ids).await.map_err(error::reading)?;
    let mut is_current = true;
    for (user, user_rev) in revs {
        if settled.get(&user).is_some_and(|settled| *settled < user_rev) {
            let summaries = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
            let memberships: HashSet<_> = summaries.into_iter().map(|summary| summary.conversation.id).collect();
            is_current &= core.hub.set_subscriptions(
                user,
                user_rev,
                &memberships,
                &ServerFrame::UserRevision { user_rev }.encode().into(),
            );
        }
    }
    Ok(is_current)
}

/// Sweeps in one round: what is left waits for the next.
const SWEEPS: usize = 20;

/// Removes the rows of deleted rooms, a few at a time, so that the writer's other commands do not wait.
pub async fn sweep(core: &Core) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let deleted = conversations::next_deleted(&mut snapshot.conn()).await.map_err(error::reading)?;
    drop(snapshot);
    // Rooms are rarely deleted: no write transaction every three seconds for nothing.
    if deleted.is_none() {
        return Ok(());
    }
    for _ in 0..SWEEPS {
        if !core.writer.sweep_deleted_rooms().await? {
            break;
        }
    }
    Ok(())
}
