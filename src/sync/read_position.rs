//! Read positions that have to be sent to the server.

use super::conversation::{RETRY_MOST, retry_after};
use crate::model::{ConversationId, ConversationSummary, Error, Seq};
use std::collections::{BTreeMap, BTreeSet};

/// Read positions to be sent, and the conversation that the user is viewing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ReadTracker {
    /// The conversation whose newest message is on the screen of a focused window.
    viewing: Option<ConversationId>,
    /// The positions that the server does not have yet.
    targets: BTreeMap<ConversationId, Target>,
    /// What the server has acknowledged over this connection; the conversation list follows a moment later.
    acknowledged: BTreeMap<ConversationId, Seq>,
    /// Marked as unread by the user: viewing it does not mark it as read until they have viewed another conversation.
    kept_unread: BTreeSet<ConversationId>,
    /// After a refusal: the earliest time to send again.
    not_before: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Target {
    seq: Seq,
    sent: bool,
}

impl ReadTracker {
    /// Sets the conversation whose newest message is visible now.
    pub(super) fn set_viewing(&mut self, at: Option<ConversationId>) {
        if let Some(id) = at {
            self.kept_unread.retain(|kept| *kept == id);
        }
        self.viewing = at;
    }

    /// The conversation that viewing marks as read, if any.
    pub(super) fn being_read(&self) -> Option<ConversationId> {
        self.viewing.filter(|id| !self.kept_unread.contains(id))
    }

    /// The user marks this message and everything after it as unread.
    pub(super) fn mark_unread(&mut self, id: ConversationId, from: Seq) {
        self.kept_unread.insert(id);
        self.set_target(id, Seq(from.0.saturating_sub(1).max(0)));
    }

    /// The user marks a conversation as read, or has read it by viewing it.
    pub(super) fn mark_read(&mut self, summary: &ConversationSummary) {
        self.kept_unread.remove(&summary.conversation.id);
        if summary.unread() > 0 && self.acknowledged.get(&summary.conversation.id) != Some(&summary.head) {
            self.set_target(summary.conversation.id, summary.head);
        }
    }

    fn set_target(&mut self, id: ConversationId, seq: Seq) {
        if self.targets.get(&id).is_none_or(|target| target.seq != seq) {
            self.targets.insert(id, Target { seq, sent: false });
        }
    }

    /// The next position to send, if any. It counts as sent.
    pub(super) fn next_to_send(&mut self, now: u64) -> Option<(ConversationId, Seq)> {
        if now < self.not_before {
            return None;
        }
        let (id, target) = self.targets.iter_mut().find(|(_, target)| !target.sent)?;
        target.sent = true;
        Some((*id, target.seq))
    }

    /// The server has accepted or rejected it. A target that was set since stays.
    pub(super) fn done(&mut self, id: ConversationId) {
        if let Some(target) = self.targets.get(&id).copied().filter(|target| target.sent) {
            self.targets.remove(&id);
            self.acknowledged.insert(id, target.seq);
        }
    }

    /// The server refused it temporarily: it is sent again later.
    pub(super) fn refused(&mut self, now: u64, id: ConversationId, error: &Error) {
        if let Some(target) = self.targets.get_mut(&id) {
            target.sent = false;
        }
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// When sending may go on after a refusal.
    pub(super) fn deadline(&self) -> Option<u64> {
        Some(self.not_before).filter(|_| self.targets.values().any(|target| !target.sent))
    }

    pub(super) fn forget(&mut self, id: ConversationId) {
        self.targets.remove(&id);
        self.acknowledged.remove(&id);
        self.kept_unread.remove(&id);
    }

    /// The connection is lost: unacknowledged positions are sent again.
    pub(super) fn connection_lost(&mut self) {
        self.acknowledged.clear();
        self.not_before = 0;
        self.targets.values_mut().for_each(|target| target.sent = false);
    }
}
