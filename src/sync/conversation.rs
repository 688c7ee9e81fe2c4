//! Keeping one conversation's copy right: gaps are noticed by numbers and repaired by asking.

use super::replica::{FetchState, Keep, Replica};
use super::requests::Question;
use crate::model::conversation::{WINDOW, WINDOW_MAX};
use crate::model::{Code, Error, Message, Rev, Rows, Seq, Window};
use crate::wire::Anchor;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Frames ahead of the cursor, at most; more, and it is quicker to ask at once.
const WAITING_MAX: usize = 200;
/// How long a gap may close by itself (milliseconds): frames overtake each other between nodes.
pub(super) const GAP: u64 = 500;
/// After a refusal, ask again after this unless the server says when (milliseconds).
const RETRY: u64 = 1_000;
/// After a refusal that asking again will hardly mend.
const RETRY_FAULT: u64 = 5_000;
/// No answer of the server holds repair up for longer than this.
pub(super) const RETRY_MOST: u64 = 300_000;

/// What must be asked to be right again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Changes { since: Rev },
    Afresh { at: Anchor, limit: u32 },
}

/// What a page's window means for what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// It is older than what has come in the meantime.
    Stale,
    /// It adds to what is held, which reaches further.
    Extends,
    Replaces,
}

/// One conversation's copy, and what is known to be missing from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ConversationSync {
    /// None until its window has come.
    pub(super) replica: Option<Replica>,
    /// The highest `rev` that is known to exist.
    known: Rev,
    /// Changes ahead of the cursor, until those before them have come.
    waiting: BTreeMap<Rev, Rows>,
    /// Too much has changed: a fresh window must replace what is held.
    stale: bool,
    /// A question is under way that will repair it.
    asked: bool,
    /// When to ask for what is missing.
    ask_at: Option<u64>,
    /// After a refusal: not before this.
    not_before: u64,
    /// What the reader waits for below is the newest messages, not the next ones.
    pub(super) to_latest: bool,
}

/// Messages whose rows have been dealt with: whoever waits for them in the outbox need not any longer.
pub(super) type Delivered = Vec<Arc<Message>>;

/// How long to wait after a refusal (milliseconds).
pub(super) fn retry_after(error: &Error) -> u64 {
    error.retry_after.unwrap_or(match error.code {
        Code::Unavailable | Code::TooMany | Code::SignInRequired => RETRY,
        Code::Invalid
        | Code::WrongCredentials
        | Code::Forbidden
        | Code::NotFound
        | Code::Conflict
        | Code::Internal
        | Code::Unknown => RETRY_FAULT,
    })
}

impl ConversationSync {
    /// Whether two revisions are neighbours.
    fn follows(rev: Rev, cursor: Rev) -> bool {
        cursor.0.checked_add(1) == Some(rev.0)
    }

    pub(super) fn cursor(&self) -> Option<Rev> {
        self.replica.as_ref().map(Replica::rev)
    }

    /// A change, live.
    pub(super) fn changed(&mut self, now: u64, rev: Rev, rows: Rows) -> Delivered {
        self.known = self.known.max(rev);
        let Some(replica) = &mut self.replica else {
            return rows.messages;
        };
        let cursor = replica.rev;
        if rev <= cursor {
            return rows.messages;
        }
        rows.messages.iter().for_each(|message| replica.raise_head(message.seq));
        if Self::follows(rev, cursor) {
            let mut landed = rows.messages.clone();
            replica.merge(rows);
            replica.rev = rev;
            landed.extend(self.drain());
            return landed;
        }
        if self.waiting.len() < WAITING_MAX {
            self.waiting.insert(rev, rows);
        } else {
            self.ask_at = Some(now);
        }
        Delivered::new()
    }

    /// A change is known to have been made that has not come: it may be on its way.
    pub(super) fn exists(&mut self, rev: Rev) {
        self.known = self.known.max(rev);
    }

    /// Rows as they stand, outside the order of changes: the cursor does not move.
    pub(super) fn merge(&mut self, now: u64, rows: Rows) {
        for message in &rows.messages {
            self.known = self.known.max(message.rev);
            if self.replica.as_ref().is_some_and(|replica| replica.skips(message.seq)) {
                self.ask_at = Some(now);
            }
        }
        if let Some(replica) = &mut self.replica {
            replica.merge(rows);
        }
    }

    /// The answer to `Changes`: all rows above `since` up to and including `through`.
    pub(super) fn caught_up(&mut self, since: Rev, through: Rev, head: Seq, rows: Rows) -> Delivered {
        self.asked = false;
        self.known = self.known.max(through);
        let mut landed = rows.messages.clone();
        if let Some(replica) = &mut self.replica {
            replica.raise_head(head);
            replica.merge(rows);
            // The cursor may have gone back since the question was sent; then the answer leaves some out.
            if since <= replica.rev {
                replica.rev = replica.rev.max(through);
            }
        }
        landed.extend(self.drain());
        landed
    }

    /// Too much has changed.
    pub(super) fn reset(&mut self) {
        (self.asked, self.stale, self.ask_at) = (false, true, None);
    }

    /// A window in place of everything that was held.
    pub(super) fn replace(&mut self, now: u64, window: Window) -> Delivered {
        let (before, through) = (self.cursor().unwrap_or_default(), window.through);
        self.known = self.known.max(before).max(through);
        (self.asked, self.stale, self.to_latest) = (false, false, false);
        let mut landed = window.messages.clone();
        let newer = self.replica.as_ref().map(|replica| replica.newer_than(through)).unwrap_or_default();
        let mut replica = Replica::new(window);
        // What is known to be later than the window stays in sight; the cursor rule fills in what is between.
        replica.merge(newer);
        self.replica = Some(replica);
        // It was read before changes that have been seen since.
        self.ask_at = (through < before).then_some(now);
        landed.extend(self.drain());
        landed
    }

    /// A window that lengthens what is held. One that does not touch it comes too late and is left alone.
    pub(super) fn extend(&mut self, now: u64, window: Window, keep: Keep) -> Delivered {
        let Some(replica) = &mut self.replica else {
            return Delivered::new();
        };
        let (before, through) = (replica.rev, window.through);
        let mut landed = window.messages.clone();
        if !replica.extend(window, keep) {
            return Delivered::new();
        }
        self.known = self.known.max(before).max(through);
        if through < before {
            self.ask_at = Some(now);
        }
        landed.extend(self.drain());
        landed
    }

    /// What a page is worth that the server rendered or that was fetched.
    pub(super) fn page(&self, window: &Window) -> Page {
        match &self.replica {
            Some(replica) if replica.rev > window.through => Page::Stale,
            Some(replica) if replica.touches(window) && replica.reaches_beyond(window) => Page::Extends,
            Some(_) | None => Page::Replaces,
        }
    }

    /// A reader's question for more has its answer.
    pub(super) fn answered(&mut self, question: Question, answer: FetchState) {
        let Some(replica) = &mut self.replica else { return };
        match question {
            Question::Older(_) => replica.older = answer,
            _ => replica.newer = answer,
        }
    }

    /// The server's word on where the conversation stands.
    pub(super) fn listed(&mut self, now: u64, rev: Rev, head: Seq) {
        self.known = self.known.max(rev);
        if let Some(replica) = &mut self.replica {
            replica.raise_head(head);
            if replica.rev < self.known {
                self.ask_at = Some(now);
            }
        }
    }

    /// The question was refused: asked again later.
    pub(super) fn refused(&mut self, now: u64, error: &Error) {
        self.asked = false;
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// The connection is gone. What is missing will be told by the next `Welcome`.
    pub(super) fn lost(&mut self) {
        self.waiting.clear();
        (self.stale, self.asked, self.ask_at, self.not_before) = (false, false, None, 0);
    }

    /// Applies what has waited for the cursor to come near.
    fn drain(&mut self) -> Delivered {
        let mut landed = Delivered::new();
        let Some(replica) = &mut self.replica else {
            return landed;
        };
        let ready = |rev: Rev, held: Rev| rev <= held || Self::follows(rev, held);
        while self.waiting.first_key_value().is_some_and(|(rev, _)| ready(*rev, replica.rev)) {
            let Some((rev, rows)) = self.waiting.pop_first() else { break };
            landed.extend(rows.messages.iter().cloned());
            // Those at or below the cursor are held already, in this state or a later one.
            if rev > replica.rev {
                replica.merge(rows);
                replica.rev = rev;
            }
        }
        landed
    }

    /// Whether it is known not to be right, and will be repaired.
    pub(super) fn is_behind(&self) -> bool {
        self.stale || self.cursor().is_none_or(|cursor| cursor < self.known)
    }

    /// What must be asked now, while connected. The question counts as asked.
    pub(super) fn need(&mut self, now: u64) -> Option<Need> {
        let whole = self.stale || self.replica.is_none();
        let behind = self.cursor().is_some_and(|cursor| cursor < self.known);
        if self.asked || !(whole || behind) {
            self.ask_at = self.ask_at.filter(|_| self.asked);
            return None;
        }
        let patience = if whole { 0 } else { GAP };
        self.ask_at.get_or_insert(now.saturating_add(patience));
        if self.deadline().is_some_and(|moment| moment > now) {
            return None;
        }
        (self.asked, self.ask_at) = (true, None);
        match &self.replica {
            Some(replica) if !self.stale => Some(Need::Changes { since: replica.rev }),
            Some(replica) => {
                let middle = replica.middle().filter(|_| !replica.is_attached());
                Some(Need::Afresh { at: middle.map_or(Anchor::Latest, Anchor::Around), limit: WINDOW_MAX as u32 })
            }
            None => Some(Need::Afresh { at: Anchor::Latest, limit: WINDOW as u32 }),
        }
    }

    /// When `need` will have something to ask, if nothing comes before.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.ask_at.filter(|_| !self.asked).map(|moment| moment.max(self.not_before))
    }
}
