//! What is looked after in the background: sessions that ended and changes that were made elsewhere, and rows that
//! have had their time.

use super::store::{conversations, sessions, users};
use super::{Core, error};
use crate::model::{ConversationId, Error, Rev, UserId};
use crate::wire::{ServerFrame, close};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// What another process has done (the operator's commands, another node) is noticed within this.
const EVERY: Duration = Duration::from_secs(3);
/// Rounds between two clearances of ended sessions: about an hour.
const CLEAR_EVERY: u32 = 1200;
/// Rounds between two notes of which sessions are in use: about five minutes.
const NOTE_EVERY: u32 = 100;

/// Runs until it is aborted.
pub async fn run(core: Arc<Core>) {
    let mut round: u32 = 0;
    loop {
        if let Err(error) = close_ended(&core).await {
            tracing::warn!(%error, "the live connections' sessions could not be looked at");
        }
        if let Err(error) = tell_heads(&core).await {
            tracing::warn!(%error, "the conversations' heads could not be looked at");
        }
        if let Err(error) = tell_lists(&core).await {
            tracing::warn!(%error, "the users' lists could not be looked at");
        }
        if let Err(error) = sweep(&core).await {
            tracing::warn!(%error, "deleted rooms could not be swept away");
        }
        if round.is_multiple_of(CLEAR_EVERY)
            && let Err(error) = core.writer.delete_expired_sessions().await
        {
            tracing::warn!(%error, "ended sessions could not be cleared");
        }
        if round.is_multiple_of(NOTE_EVERY)
            && let Err(error) = note_uses(&core).await
        {
            tracing::warn!(%error, "the sessions' last use could not be noted");
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
    let good = sessions::valid_among(&mut snapshot.conn(), &held, core.clock.now()).await.map_err(error::reading)?;
    let good: HashSet<_> = good.into_iter().collect();
    for ended in held.iter().filter(|key| !good.contains(*key)) {
        core.hub.close_session(ended, close::SESSION);
    }
    Ok(())
}

/// Writes down which sessions have been used since the last time (a live connection is a use), and who is here.
pub async fn note_uses(core: &Core) -> Result<(), Error> {
    let mut used = core.session_activity.take();
    used.extend(core.hub.sessions());
    let used: Vec<_> = used.into_iter().collect();
    let noted = core.writer.note_session_use(&used).await;
    if noted.is_err() {
        used.into_iter().for_each(|key| core.session_activity.note(key));
    }
    noted?;
    core.writer.note_last_seen(core.hub.seen()).await
}

/// Tells those who listen of changes that were made but not told: clients ask for what they miss.
pub async fn tell_heads(core: &Core) -> Result<(), Error> {
    let listened = core.hub.listened();
    if listened.is_empty() {
        return Ok(());
    }
    let ids: Vec<ConversationId> = listened.iter().map(|(id, _)| *id).collect();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let revs = conversations::revs(&mut snapshot.conn(), &ids).await.map_err(error::reading)?;
    let told: HashMap<_, _> = listened.into_iter().collect();
    // A room that was deleted elsewhere may have been swept away there as well.
    let open: HashSet<_> = revs.iter().map(|(id, _)| *id).collect();
    for conversation in ids.into_iter().filter(|id| !open.contains(id)) {
        core.hub.gone(conversation, &ServerFrame::ConversationDeleted { conversation }.encode().into());
    }
    for (conversation, rev) in revs {
        // What was committed a moment ago is perhaps just being told; then this comes early and does no harm.
        if told.get(&conversation).copied().flatten().is_none_or(|told| told < rev) {
            core.hub.deliver(conversation, rev, &ServerFrame::Head { conversation, rev }.encode().into());
        }
    }
    Ok(())
}

/// Times that the lists are read in one round: once more if this server changes one of them in the same moment.
const READINGS: usize = 3;

/// Tells the devices of those whose list was changed elsewhere, and lets them listen to what is theirs now alone.
pub async fn tell_lists(core: &Core) -> Result<(), Error> {
    for _ in 0..READINGS {
        if tell_lists_as_read_now(core).await? {
            break;
        }
    }
    Ok(())
}

/// Tells whether everything was read late enough.
async fn tell_lists_as_read_now(core: &Core) -> Result<bool, Error> {
    let seen: HashMap<UserId, Rev> = core.hub.lists().into_iter().collect();
    if seen.is_empty() {
        return Ok(true);
    }
    let ids: Vec<UserId> = seen.keys().copied().collect();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let revs = users::revs(&mut snapshot.conn(), &ids).await.map_err(error::reading)?;
    let mut late_enough = true;
    for (user, user_rev) in revs {
        if seen.get(&user).is_some_and(|seen| *seen < user_rev) {
            let lines = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
            let theirs: HashSet<_> = lines.into_iter().map(|line| line.conversation.id).collect();
            late_enough &=
                core.hub.resettle(user, user_rev, &theirs, &ServerFrame::UserHead { user_rev }.encode().into());
        }
    }
    Ok(late_enough)
}

/// Steps of sweeping in one round: what is left waits for the next.
const SWEEPS: usize = 20;

/// Removes the rows of deleted rooms, a few at a time, so that the writer is never held.
pub async fn sweep(core: &Core) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let deleted = conversations::next_deleted(&mut snapshot.conn()).await.map_err(error::reading)?;
    drop(snapshot);
    // The writer is not bothered with a transaction every three seconds for rooms that are hardly ever deleted.
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
