//! One's own list: which conversations one is in, how far each has come, and up to where one has read.
//!
//! It has two kinds of clock. The list itself moves with `user_rev`; each line with its conversation's `rev`, by the same
//! frames that tell of the conversation's changes. A gap in either is repaired by taking the list whole: it is small.

use super::conversation::{GAP, RETRY_MOST, retry_after};
use crate::model::{ConversationId, ConversationSummary, Error, InitialState, Message, Rev, Rows, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The list, and what is known to be missing from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ConversationList {
    initial_state: Option<InitialState>,
    /// The highest `rev` that is known to exist of conversations whose line is behind.
    known: BTreeMap<ConversationId, Rev>,
    known_user: Rev,
    /// What this connection was told of since the list was last asked for may have left something out.
    unsure: bool,
    /// RoomPage that have ended: a list that was read before and comes after does not bring them back. (Their end takes no
    /// number of the list.)
    ended: BTreeSet<ConversationId>,
    /// When to ask for it.
    ask_at: Option<u64>,
    asked: bool,
    /// After a refusal: not before this.
    not_before: u64,
}

/// What became of one line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListChange {
    /// It was known already, or comes with the list.
    Nothing,
    Moved,
    /// The conversation is not theirs any more.
    Gone,
}

impl ConversationList {
    pub(super) fn initial_state(&self) -> Option<&InitialState> {
        self.initial_state.as_ref()
    }

    pub(super) fn me(&self) -> Option<UserId> {
        self.initial_state.as_ref().map(|initial_state| initial_state.me.person.id)
    }

    pub(super) fn summary(&self, id: ConversationId) -> Option<&ConversationSummary> {
        self.initial_state.as_ref()?.conversations.iter().find(|summary| summary.conversation.id == id)
    }

    /// Takes a list in place of everything that was held.
    pub(super) fn replace(&mut self, initial_state: InitialState) {
        *self = ConversationList { initial_state: Some(initial_state), ..ConversationList::default() };
    }

    /// Takes a list as far as it knows better than what is held, and line by line. `ties`: one of the same age is taken
    /// as well.
    pub(super) fn take(&mut self, mut initial_state: InitialState, ties: bool) {
        let Some(held) = &mut self.initial_state else { return self.replace(initial_state) };
        initial_state.conversations.retain(|summary| !self.ended.contains(&summary.conversation.id));
        if initial_state.user_rev > held.user_rev || ties && initial_state.user_rev == held.user_rev {
            std::mem::swap(held, &mut initial_state);
        }
        for older in initial_state.conversations {
            if let Some(summary) =
                held.conversations.iter_mut().find(|summary| summary.conversation.id == older.conversation.id)
                && older.rev > summary.rev
            {
                // Of the older list this line alone is newer; up to where one has read it does not know better.
                *summary = ConversationSummary { read: summary.read, ..older };
            }
        }
        self.known.retain(|id, rev| {
            held.conversations.iter().any(|summary| summary.conversation.id == *id && summary.rev < *rev)
        });
    }

    /// A change of a conversation, live. Tells whether its line moved.
    pub(super) fn changed(&mut self, id: ConversationId, rev: Rev, rows: &Rows) -> bool {
        let Some(summary) = self.summary_mut(id) else { return false };
        if rev.0 == summary.rev.0.saturating_add(1) {
            return self.advance(id, rev, rows);
        }
        self.exists(id, rev);
        false
    }

    /// Every change of a conversation above `since` up to `through`, and no later one. Tells whether its line moved.
    pub(super) fn caught_up(&mut self, id: ConversationId, since: Rev, through: Rev, rows: &Rows) -> bool {
        match self.summary_mut(id) {
            Some(summary) if since <= summary.rev && summary.rev < through => self.advance(id, through, rows),
            _ => {
                self.exists(id, through);
                false
            }
        }
    }

    fn advance(&mut self, id: ConversationId, rev: Rev, rows: &Rows) -> bool {
        let me = self.me();
        let Some(summary) = self.summary_mut(id) else { return false };
        let counted = summary.head;
        // One may be among them in several states.
        let is_new = |message: &&Arc<Message>| message.seq > counted;
        let fresh: BTreeMap<_, _> = rows.messages.iter().filter(is_new).map(|message| (message.seq, message)).collect();
        for message in fresh.into_values() {
            summary.head = summary.head.max(message.seq);
            summary.at = message.at;
            if message.is_text() && Some(message.author) != me {
                summary.others_count = summary.others_count.saturating_add(1);
            }
        }
        summary.rev = rev;
        if let Some(row) = rows.conversation.as_ref().filter(|row| row.rev > summary.conversation.rev) {
            summary.conversation = row.clone();
        }
        if self.known.get(&id).is_some_and(|known| *known <= rev) {
            self.known.remove(&id);
        }
        true
    }

    /// A conversation is known to have come this far; the change itself may be on its way.
    pub(super) fn exists(&mut self, id: ConversationId, rev: Rev) {
        if self.summary(id).is_some_and(|summary| rev > summary.rev) {
            let known = self.known.entry(id).or_default();
            *known = (*known).max(rev);
        }
    }

    /// The list itself is known to have come this far.
    pub(super) fn list_exists(&mut self, user_rev: Rev) {
        self.known_user = self.known_user.max(user_rev);
    }

    /// The list itself has come this far, by what another server did: whatever was told meanwhile, it is to be looked at.
    pub(super) fn was_changed_elsewhere(&mut self, user_rev: Rev) {
        self.list_exists(user_rev);
        self.unsure = true;
    }

    /// One line, as it stands at `user_rev`.
    pub(super) fn mine(
        &mut self,
        user_rev: Rev,
        id: ConversationId,
        summary: Option<ConversationSummary>,
    ) -> ListChange {
        self.list_exists(user_rev);
        let summary = summary.filter(|_| !self.ended.contains(&id));
        let Some(initial_state) = &mut self.initial_state else { return ListChange::Nothing };
        if user_rev.0 != initial_state.user_rev.0.saturating_add(1) {
            return ListChange::Nothing;
        }
        initial_state.user_rev = user_rev;
        let at = initial_state.conversations.iter().position(|held| held.conversation.id == id);
        let told = match (at, summary) {
            (Some(at), Some(summary)) => {
                let held = &mut initial_state.conversations[at];
                if summary.rev >= held.rev {
                    *held = summary;
                } else {
                    held.read = summary.read;
                }
                ListChange::Moved
            }
            (None, Some(summary)) => {
                let place =
                    initial_state.conversations.partition_point(|held| held.conversation.id < summary.conversation.id);
                initial_state.conversations.insert(place, summary);
                ListChange::Moved
            }
            (_, None) => {
                self.remove(id);
                ListChange::Gone
            }
        };
        if self.summary(id).is_some_and(|summary| self.known.get(&id).is_some_and(|known| *known <= summary.rev)) {
            self.known.remove(&id);
        }
        told
    }

    /// A room has ended, for good.
    pub(super) fn ends(&mut self, id: ConversationId) {
        self.ended.insert(id);
    }

    /// A conversation that is there no longer.
    pub(super) fn remove(&mut self, id: ConversationId) {
        self.known.remove(&id);
        if let Some(initial_state) = &mut self.initial_state {
            initial_state.conversations.retain(|summary| summary.conversation.id != id);
        }
    }

    fn summary_mut(&mut self, id: ConversationId) -> Option<&mut ConversationSummary> {
        self.initial_state.as_mut()?.conversations.iter_mut().find(|summary| summary.conversation.id == id)
    }

    /// Whether the list must be asked for now, while connected. It counts as asked.
    ///
    /// `mends`: what is held of the conversation is being repaired, and its line with it.
    pub(super) fn need(&mut self, now: u64, mends: impl Fn(ConversationId) -> bool) -> bool {
        let behind = self.unsure
            || self.known.keys().any(|id| !mends(*id))
            || self.initial_state.as_ref().is_some_and(|initial_state| initial_state.user_rev < self.known_user);
        if self.asked || !behind {
            self.ask_at = self.ask_at.filter(|_| self.asked);
            return false;
        }
        self.ask_at.get_or_insert(now.saturating_add(GAP));
        if self.deadline().is_some_and(|moment| moment > now) {
            return false;
        }
        (self.asked, self.ask_at, self.unsure) = (true, None, false);
        true
    }

    /// When `need` will want to ask, if nothing comes before.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.ask_at.filter(|_| !self.asked).map(|moment| moment.max(self.not_before))
    }

    /// The answer has come. What it does not know yet is asked for again.
    pub(super) fn answered(&mut self) {
        self.asked = false;
    }

    pub(super) fn refused(&mut self, now: u64, error: &Error) {
        (self.asked, self.unsure) = (false, true);
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// The connection is gone. What is missing will be told by the next `Welcome`.
    pub(super) fn lost(&mut self) {
        self.known.clear();
        (self.known_user, self.unsure, self.asked, self.ask_at, self.not_before) = (Rev(0), false, false, None, 0);
    }
}
