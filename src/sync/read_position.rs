//! Read positions that have to be sent to the server.
//!
//! Reading moves a position forward and nothing else: one that is sent late, by a tab that had no connection, changes
//! nothing that other devices have read since. Marking as unread moves it anywhere, but only from the position that the
//! user saw. The list shows both at once, before the server has answered.

use super::conversation::{RETRY_MOST, retry_after};
use super::conversation_list::ConversationList;
use crate::model::{ConversationId, ConversationSummary, Error, Seq, SortedMap, SortedSet};

/// How long what is read in passing is collected before it is sent (milliseconds): in a busy room every message moves the
/// position of everyone who is looking.
pub(super) const COLLECTED_FOR: u64 = 1_500;
/// How long nothing is sent after the server has rejected a position (milliseconds).
const REJECTED_PAUSE: u64 = 10_000;

/// Read positions to be sent, and the conversation that the user is viewing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ReadTracker {
    /// The conversation whose newest message is on the screen of a focused window.
    viewing: Option<ConversationId>,
    /// The positions that the server does not have yet.
    targets: SortedMap<ConversationId, Target>,
    /// What the server has acknowledged; the conversation list follows a moment later.
    acknowledged: SortedMap<ConversationId, Seq>,
    /// Marked as unread by the user: viewing it does not mark it as read until they have viewed another conversation.
    kept_unread: SortedSet<ConversationId>,
    /// After a refusal: the earliest time to send again.
    not_before: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Target {
    seq: Seq,
    /// Marked as unread: the position that it replaces. Otherwise it only moves forward.
    replaces: Option<Seq>,
    /// When to send it.
    due: u64,
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

    /// The position that is shown for a conversation, if it is not the one in its summary.
    pub(super) fn shown(&self, id: ConversationId) -> Option<Seq> {
        self.targets.get(&id).map(|target| target.seq).or_else(|| self.acknowledged.get(&id).copied())
    }

    /// The user marks this message and everything after it as unread. Returns whether the shown position moved.
    pub(super) fn mark_unread(&mut self, now: u64, summary: &ConversationSummary, from: Seq) -> bool {
        let id = summary.conversation.id;
        let seq = Seq(from.0.saturating_sub(1).max(0));
        let shown = self.shown(id).unwrap_or(summary.read.seq);
        let sent = self.targets.get(&id).filter(|target| target.sent).map(|target| target.seq);
        let replaces = sent.or_else(|| self.acknowledged.get(&id).copied()).unwrap_or(summary.read.seq);
        self.kept_unread.insert(id);
        self.targets.remove(&id);
        if seq != replaces {
            self.targets.insert(id, Target { seq, replaces: Some(replaces), due: now, sent: false });
        }
        seq != shown
    }

    /// The user has read a conversation: by viewing it, or because they say so. Returns whether the shown position moved.
    pub(super) fn mark_read(&mut self, due: u64, summary: &ConversationSummary) -> bool {
        let id = summary.conversation.id;
        self.kept_unread.remove(&id);
        let shown = self.shown(id);
        if shown.is_none() && summary.unread() == 0 || shown.unwrap_or(summary.read.seq) >= summary.head {
            return false;
        }
        let waiting = self.targets.get(&id).filter(|target| !target.sent).map(|target| target.due);
        let due = waiting.map_or(due, |waiting| waiting.min(due));
        self.targets.insert(id, Target { seq: summary.head, replaces: None, due, sent: false });
        true
    }

    /// The page goes away: everything is sent now.
    pub(super) fn hurry(&mut self) {
        self.targets.values_mut().for_each(|target| target.due = 0);
    }

    /// A conversation's summary has arrived: it contains what the server has acknowledged before, and what another device
    /// has read already need not be sent.
    pub(super) fn summary_received(&mut self, id: ConversationId, position: Seq) {
        self.acknowledged.remove(&id);
        let needless = |target: &Target| target.replaces.is_none() && target.seq <= position;
        if self.targets.get(&id).is_some_and(needless) {
            self.targets.remove(&id);
        }
    }

    /// The same for the whole list.
    pub(super) fn list_received(&mut self, list: &ConversationList) {
        let known: SortedSet<_> = self.acknowledged.keys().chain(self.targets.keys()).copied().collect();
        for id in known {
            match list.summary(id) {
                Some(summary) => self.summary_received(id, summary.read.seq),
                None => self.forget(id),
            }
        }
    }

    /// The next position to send, if any, and the one that it replaces. It counts as sent.
    pub(super) fn next_to_send(&mut self, now: u64) -> Option<(ConversationId, Seq, Option<Seq>)> {
        if now < self.not_before {
            return None;
        }
        let (id, target) = self.targets.iter_mut().find(|(_, target)| !target.sent && target.due <= now)?;
        target.sent = true;
        Some((*id, target.seq, target.replaces))
    }

    /// The server has the position now; `position` is the one in the list, which may have followed already. A target that
    /// was set since stays.
    pub(super) fn accepted(&mut self, id: ConversationId, position: Seq) {
        if let Some(target) = self.targets.get(&id).copied().filter(|target| target.sent) {
            self.targets.remove(&id);
            let is_ahead = target.replaces.map_or(target.seq > position, |replaced| replaced == position);
            if is_ahead {
                self.acknowledged.insert(id, target.seq);
            }
        }
    }

    /// The server rejected the position for good, for example because the user has read on elsewhere: it is forgotten, and
    /// the list shows the server's.
    pub(super) fn rejected(&mut self, now: u64, id: ConversationId) {
        if self.targets.get(&id).is_some_and(|target| target.sent) {
            self.targets.remove(&id);
            self.kept_unread.remove(&id);
        }
        self.not_before = now.saturating_add(REJECTED_PAUSE);
    }

    /// The server refused it temporarily: it is sent again later.
    pub(super) fn refused(&mut self, now: u64, id: ConversationId, error: &Error) {
        if let Some(target) = self.targets.get_mut(&id) {
            target.sent = false;
        }
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// When the next position is to be sent.
    pub(super) fn deadline(&self) -> Option<u64> {
        let due = self.targets.values().filter(|target| !target.sent).map(|target| target.due).min()?;
        Some(due.max(self.not_before))
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
