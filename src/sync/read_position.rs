//! Up to where a person has read: what is to be told to the server.

use super::conversation::{RETRY_MOST, retry_after};
use crate::model::{ConversationId, ConversationSummary, Error, Seq};
use std::collections::{BTreeMap, BTreeSet};

/// Read positions on their way, and what the reader looks at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ReadTracker {
    /// The conversation whose newest message is on the screen of a focused window.
    looking: Option<ConversationId>,
    /// Where a person wants the position to be, until the server has it.
    wanted: BTreeMap<ConversationId, Wanted>,
    /// What the server has acknowledged over this connection; the list tells of it a moment later.
    told: BTreeMap<ConversationId, Seq>,
    /// Marked as unread by hand: looking at it does not mark it as read until the reader has been elsewhere.
    kept: BTreeSet<ConversationId>,
    /// After a refusal: nothing is sent before this.
    not_before: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Wanted {
    seq: Seq,
    asked: bool,
}

impl ReadTracker {
    /// What the reader looks at now.
    pub(super) fn look(&mut self, at: Option<ConversationId>) {
        if let Some(id) = at {
            self.kept.retain(|kept| *kept == id);
        }
        self.looking = at;
    }

    /// The conversation that is being read, if looking at it counts as reading.
    pub(super) fn reads(&self) -> Option<ConversationId> {
        self.looking.filter(|id| !self.kept.contains(id))
    }

    /// A person marks everything from this message on as unread.
    pub(super) fn mark_unread(&mut self, id: ConversationId, from: Seq) {
        self.kept.insert(id);
        self.want(id, Seq(from.0.saturating_sub(1).max(0)));
    }

    /// A person marks a conversation as read, or has read it by looking at it.
    pub(super) fn mark_read(&mut self, summary: &ConversationSummary) {
        self.kept.remove(&summary.conversation.id);
        if summary.unread() > 0 && self.told.get(&summary.conversation.id) != Some(&summary.head) {
            self.want(summary.conversation.id, summary.head);
        }
    }

    fn want(&mut self, id: ConversationId, seq: Seq) {
        if self.wanted.get(&id).is_none_or(|wanted| wanted.seq != seq) {
            self.wanted.insert(id, Wanted { seq, asked: false });
        }
    }

    /// The next position that is to be told, if one is. It counts as asked.
    pub(super) fn next(&mut self, now: u64) -> Option<(ConversationId, Seq)> {
        if now < self.not_before {
            return None;
        }
        let (id, wanted) = self.wanted.iter_mut().find(|(_, wanted)| !wanted.asked)?;
        wanted.asked = true;
        Some((*id, wanted.seq))
    }

    /// The server has it, or will not have it. A later wish stays.
    pub(super) fn done(&mut self, id: ConversationId) {
        if let Some(wanted) = self.wanted.get(&id).copied().filter(|wanted| wanted.asked) {
            self.wanted.remove(&id);
            self.told.insert(id, wanted.seq);
        }
    }

    /// The server will not have it now: it is sent again later.
    pub(super) fn refused(&mut self, now: u64, id: ConversationId, error: &Error) {
        if let Some(wanted) = self.wanted.get_mut(&id) {
            wanted.asked = false;
        }
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// When there is something to send after a refusal.
    pub(super) fn deadline(&self) -> Option<u64> {
        Some(self.not_before).filter(|_| self.wanted.values().any(|wanted| !wanted.asked))
    }

    pub(super) fn forget(&mut self, id: ConversationId) {
        self.wanted.remove(&id);
        self.told.remove(&id);
        self.kept.remove(&id);
    }

    /// The connection is gone: what was asked is asked again.
    pub(super) fn lost(&mut self) {
        self.told.clear();
        self.not_before = 0;
        self.wanted.values_mut().for_each(|wanted| wanted.asked = false);
    }
}
