//! Keeps one conversation's replica equal to the server's state: gaps are detected by revision numbers and repaired by
//! requests.

use super::replica::{FetchState, Replica};
use super::requests::RequestKind;
use crate::model::conversation::{WINDOW, WINDOW_MAX};
use crate::model::{Code, Error, Message, Rev, Rows, Seq, SortedMap, Window};
use crate::wire::Anchor;
use std::sync::Arc;

/// The most changes buffered ahead of the cursor; beyond that, the missing ones are requested at once.
const BUFFERED_MAX: usize = 200;
/// How long a gap may close by itself before it is requested (milliseconds): frames can arrive out of order.
pub(super) const GAP: u64 = 500;
/// After a temporary refusal, the request is repeated after this time unless the server says when (milliseconds).
const RETRY: u64 = 1_000;
/// The same after a refusal that is not temporary.
const RETRY_FAULT: u64 = 5_000;
/// The longest delay that a server's `retry_after` can cause.
pub(super) const RETRY_MOST: u64 = 300_000;

/// What must be requested to repair the replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    Changes { since: Rev },
    FreshWindow { at: Anchor, limit: u32 },
}

/// How the window of a loaded page relates to what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageFit {
    /// It is older than what is held.
    Stale,
    /// It overlaps what is held, which reaches further.
    Extends,
    Replaces,
}

/// One conversation's replica, and what is known to be missing from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ConversationSync {
    /// `None` until a window has arrived.
    pub(super) replica: Option<Replica>,
    /// The highest `rev` known to exist.
    known_rev: Rev,
    /// Changes ahead of the cursor, until the ones before them arrive.
    buffered: SortedMap<Rev, Rows>,
    /// Too much has changed: a new window must replace what is held.
    needs_window: bool,
    /// A repair request is open.
    requested: bool,
    /// When to request what is missing.
    request_at: Option<u64>,
    /// After a refusal: the earliest time of the next request.
    not_before: u64,
    /// The open request for newer messages is for the newest ones, not for the next ones.
    pub(super) to_latest: bool,
    /// The message that the reader wants to see and that is not held: the window around it is requested.
    around: Option<Seq>,
    /// The uppermost message that the reader sees or saw last; `None` if they follow the newest one.
    pub(super) reading: Option<Seq>,
}

/// Messages that have been applied or are known to be outside the window: the outbox can drop the posts that became
/// them.
pub(super) type Delivered = Vec<Arc<Message>>;

/// How long to wait after a refusal (milliseconds).
pub(super) fn retry_after(error: &Error) -> u64 {
    error.retry_after.unwrap_or(match error.code {
        Code::Unavailable | Code::TooMany | Code::SignInRequired => RETRY,
        Code::Invalid
        | Code::WrongCredentials
        | Code::Forbidden
        | Code::NotFound
        | Code::NotMember
        | Code::Conflict
        | Code::Internal
        | Code::Unknown => RETRY_FAULT,
    })
}

impl ConversationSync {
    /// Whether a revision directly follows the cursor.
    fn follows(rev: Rev, cursor: Rev) -> bool {
        cursor.0.checked_add(1) == Some(rev.0)
    }

    pub(super) fn cursor(&self) -> Option<Rev> {
        self.replica.as_ref().map(Replica::rev)
    }

    /// Applies a live change, or buffers it if changes before it are missing.
    pub(super) fn apply_change(&mut self, now: u64, rev: Rev, rows: Rows) -> Delivered {
        self.known_rev = self.known_rev.max(rev);
        let Some(replica) = &mut self.replica else {
            return rows.messages;
        };
        let cursor = replica.rev;
        if rev <= cursor {
            return rows.messages;
        }
        rows.messages.iter().for_each(|message| replica.raise_head(message.seq));
        if Self::follows(rev, cursor) {
            let mut delivered = rows.messages.clone();
            replica.merge(rows);
            replica.rev = rev;
            delivered.extend(self.apply_buffered());
            return delivered;
        }
        if self.buffered.len() < BUFFERED_MAX {
            self.buffered.insert(rev, rows);
        } else {
            self.request_at = Some(now);
        }
        Delivered::new()
    }

    /// A revision is known to exist; its change may still arrive.
    pub(super) fn raise_known_rev(&mut self, rev: Rev) {
        self.known_rev = self.known_rev.max(rev);
    }

    /// Merges rows outside the order of changes: the cursor does not move.
    pub(super) fn merge(&mut self, now: u64, rows: Rows) {
        for message in &rows.messages {
            self.known_rev = self.known_rev.max(message.rev);
            if self.replica.as_ref().is_some_and(|replica| replica.skips(message.seq)) {
                self.request_at = Some(now);
            }
        }
        if let Some(replica) = &mut self.replica {
            replica.merge(rows);
        }
    }

    /// The answer to `Changes`: all rows above `since` up to and including `through`.
    pub(super) fn apply_changes(&mut self, since: Rev, through: Rev, head: Seq, rows: Rows) -> Delivered {
        self.requested = false;
        self.known_rev = self.known_rev.max(through);
        let mut delivered = rows.messages.clone();
        if let Some(replica) = &mut self.replica {
            replica.raise_head(head);
            replica.merge(rows);
            // The cursor may have gone back since the request was sent; then the answer does not cover everything.
            if since <= replica.rev {
                replica.rev = replica.rev.max(through);
            }
        }
        delivered.extend(self.apply_buffered());
        delivered
    }

    /// The server answered that too much has changed.
    pub(super) fn reset(&mut self) {
        (self.requested, self.needs_window, self.request_at) = (false, true, None);
    }

    /// The reader wants to see this message instead of what is held.
    pub(super) fn load_around(&mut self, seq: Seq) {
        (self.around, self.needs_window) = (Some(seq), true);
    }

    /// The reader wants to see the newest messages instead. Returns whether a message had been asked for.
    pub(super) fn cancel_around(&mut self) -> bool {
        let asked = self.around.take().is_some();
        if asked {
            (self.needs_window, self.requested) = (false, false);
        }
        asked
    }

    /// Replaces what is held by a window.
    pub(super) fn replace(&mut self, now: u64, window: Window) -> Delivered {
        let (before, through) = (self.cursor().unwrap_or_default(), window.through);
        self.known_rev = self.known_rev.max(before).max(through);
        (self.requested, self.needs_window, self.to_latest, self.around) = (false, false, false, None);
        let mut delivered = window.messages.clone();
        let newer = self.replica.as_ref().map(|replica| replica.newer_than(through)).unwrap_or_default();
        let mut replica = Replica::new(window);
        // Rows newer than the window are kept; the changes between are requested.
        replica.merge(newer);
        self.replica = Some(replica);
        // The window was read before changes that have been applied since.
        self.request_at = (through < before).then_some(now);
        delivered.extend(self.apply_buffered());
        delivered
    }

    /// Extends what is held by a window. One that does not touch it is ignored.
    pub(super) fn extend(&mut self, now: u64, window: Window) -> Delivered {
        let Some(replica) = &mut self.replica else {
            return Delivered::new();
        };
        let (before, through) = (replica.rev, window.through);
        let mut delivered = window.messages.clone();
        if !replica.extend(window) {
            return Delivered::new();
        }
        self.known_rev = self.known_rev.max(before).max(through);
        if through < before {
            self.request_at = Some(now);
        }
        delivered.extend(self.apply_buffered());
        delivered
    }

    /// How the window of a loaded page relates to what is held.
    pub(super) fn page_fit(&self, window: &Window) -> PageFit {
        match &self.replica {
            Some(replica) if replica.rev > window.through => PageFit::Stale,
            Some(replica) if replica.touches(window) && replica.reaches_beyond(window) => PageFit::Extends,
            Some(_) | None => PageFit::Replaces,
        }
    }

    /// Sets the state of the reader's request for more messages.
    pub(super) fn set_fetch_state(&mut self, kind: RequestKind, state: FetchState) {
        let Some(replica) = &mut self.replica else { return };
        match kind {
            RequestKind::Older(_) => replica.older = state,
            _ => replica.newer = state,
        }
    }

    /// Takes the conversation's `rev` and newest `seq` from its summary.
    pub(super) fn summary_received(&mut self, now: u64, rev: Rev, head: Seq) {
        self.known_rev = self.known_rev.max(rev);
        if let Some(replica) = &mut self.replica {
            replica.raise_head(head);
            if replica.rev < self.known_rev {
                self.request_at = Some(now);
            }
        }
    }

    /// The repair request was refused: it is repeated later.
    pub(super) fn refused(&mut self, now: u64, error: &Error) {
        self.requested = false;
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// The connection is lost. The next `Welcome` reveals what was missed.
    pub(super) fn connection_lost(&mut self) {
        self.buffered.clear();
        (self.requested, self.request_at, self.not_before) = (false, None, 0);
        self.needs_window = self.around.is_some();
    }

    /// Applies buffered changes that now follow the cursor.
    fn apply_buffered(&mut self) -> Delivered {
        let mut delivered = Delivered::new();
        let Some(replica) = &mut self.replica else {
            return delivered;
        };
        let ready = |rev: Rev, held: Rev| rev <= held || Self::follows(rev, held);
        while self.buffered.keys().next().is_some_and(|rev| ready(*rev, replica.rev)) {
            let Some((rev, rows)) = self.buffered.pop_first() else { break };
            delivered.extend(rows.messages.iter().cloned());
            // Changes at or below the cursor are already included, in this state or a later one.
            if rev > replica.rev {
                replica.merge(rows);
                replica.rev = rev;
            }
        }
        delivered
    }

    /// Whether changes are known to be missing; they are being repaired.
    pub(super) fn is_behind(&self) -> bool {
        self.needs_window || self.cursor().is_none_or(|cursor| cursor < self.known_rev)
    }

    /// The next repair request to send now, while connected, if any. It counts as sent.
    pub(super) fn next_repair(&mut self, now: u64) -> Option<Repair> {
        let whole = self.needs_window || self.replica.is_none();
        let behind = self.cursor().is_some_and(|cursor| cursor < self.known_rev);
        if self.requested || !(whole || behind) {
            self.request_at = self.request_at.filter(|_| self.requested);
            return None;
        }
        let delay = if whole { 0 } else { GAP };
        self.request_at.get_or_insert(now.saturating_add(delay));
        if self.deadline().is_some_and(|moment| moment > now) {
            return None;
        }
        (self.requested, self.request_at) = (true, None);
        match &self.replica {
            Some(replica) if !self.needs_window => Some(Repair::Changes { since: replica.rev }),
            // Where the reader is.
            Some(_) => Some(Repair::FreshWindow {
                at: self.around.or(self.reading).map_or(Anchor::Latest, Anchor::Around),
                limit: WINDOW_MAX as u32,
            }),
            None => Some(Repair::FreshWindow { at: Anchor::Latest, limit: WINDOW as u32 }),
        }
    }

    /// When `next_repair` will have something to send, unless the missing changes arrive first.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.request_at.filter(|_| !self.requested).map(|moment| moment.max(self.not_before))
    }
}
