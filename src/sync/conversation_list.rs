//! The user's conversation list: their conversations, the newest revision of each, and the read positions.
//!
//! It has two kinds of revision. The list itself follows `user_rev`; each summary follows its conversation's `rev`, by
//! the same frames that carry the conversation's changes. A gap in either is repaired by fetching the whole list: it is
//! small.

use super::conversation::{GAP, RETRY_MOST, retry_after};
use crate::model::{
    ConversationId, ConversationSummary, Error, InitialState, Message, Rev, Rows, SortedMap, SortedSet, UserId, sorted,
};
use std::sync::Arc;

/// The list, and what is known to be missing from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ConversationList {
    /// Its conversations are in the order of their identifiers.
    initial_state: Option<InitialState>,
    /// The highest `rev` known to exist, for conversations whose summary is behind.
    known: SortedMap<ConversationId, Rev>,
    known_user: Rev,
    /// Changes may have been missed that no revision reveals: fetch the list.
    may_have_missed: bool,
    /// Rooms that have been deleted: a list that was read before the deletion and arrives after it does not restore
    /// them. (A deletion does not change `user_rev`.)
    deleted: SortedSet<ConversationId>,
    /// When to request the list.
    request_at: Option<u64>,
    requested: bool,
    /// After a refusal: the earliest time of the next request.
    not_before: u64,
}

/// The effect of a summary on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListChange {
    /// It was known already, or changes before it are missing and the whole list will be fetched.
    Unchanged,
    Updated,
    /// The user has joined it.
    Added,
    /// The user is no longer a member.
    Removed,
}

impl ConversationList {
    pub(super) fn initial_state(&self) -> Option<&InitialState> {
        self.initial_state.as_ref()
    }

    pub(super) fn me(&self) -> Option<UserId> {
        self.initial_state.as_ref().map(|initial_state| initial_state.me.person.id)
    }

    pub(super) fn summary(&self, id: ConversationId) -> Option<&ConversationSummary> {
        let conversations = &self.initial_state.as_ref()?.conversations;
        Some(&conversations[position_of(conversations, id)?])
    }

    /// Replaces the whole list.
    pub(super) fn replace(&mut self, mut initial_state: InitialState) {
        initial_state.conversations = by_id(initial_state.conversations);
        *self = ConversationList { initial_state: Some(initial_state), ..ConversationList::default() };
    }

    /// Merges a list: the one with the higher `user_rev` wins, and of each summary the one with the higher `rev`.
    /// `ties`: a list of the same `user_rev` replaces the held one.
    pub(super) fn merge(&mut self, mut initial_state: InitialState, ties: bool) {
        let Some(held) = &mut self.initial_state else { return self.replace(initial_state) };
        // It has no revision: a page may have been read before it was changed.
        let is_newer = ties || initial_state.user_rev > held.user_rev;
        if is_newer && !initial_state.workspace.is_empty() {
            held.workspace.clone_from(&initial_state.workspace);
        } else {
            initial_state.workspace.clone_from(&held.workspace);
        }
        initial_state.conversations = by_id(initial_state.conversations);
        initial_state.conversations.retain(|summary| !self.deleted.contains(&summary.conversation.id));
        if initial_state.user_rev > held.user_rev || ties && initial_state.user_rev == held.user_rev {
            std::mem::swap(held, &mut initial_state);
        }
        for older in initial_state.conversations {
            if let Some(position) = position_of(&held.conversations, older.conversation.id)
                && older.rev > held.conversations[position].rev
            {
                let summary = &mut held.conversations[position];
                // Only this summary is newer in the older list; its read position is not.
                *summary = ConversationSummary { read: summary.read, ..older };
            }
        }
        self.known.retain(|id, rev| {
            position_of(&held.conversations, *id).is_some_and(|position| held.conversations[position].rev < *rev)
        });
    }

    /// The owner has named the workspace.
    pub(super) fn set_workspace(&mut self, name: String) {
        if let Some(held) = &mut self.initial_state {
            held.workspace = name;
        }
    }

    /// Applies a live change of a conversation. Returns whether its summary changed.
    pub(super) fn apply_change(&mut self, id: ConversationId, rev: Rev, rows: &Rows) -> bool {
        let Some(summary) = self.summary_mut(id) else { return false };
        if rev.0 == summary.rev.0.saturating_add(1) {
            return self.advance(id, rev, rows);
        }
        self.raise_known_rev(id, rev);
        false
    }

    /// Applies all changes of a conversation above `since` up to `through`. Returns whether its summary changed.
    pub(super) fn apply_changes(&mut self, id: ConversationId, since: Rev, through: Rev, rows: &Rows) -> bool {
        match self.summary_mut(id) {
            Some(summary) if since <= summary.rev && summary.rev < through => self.advance(id, through, rows),
            _ => {
                self.raise_known_rev(id, through);
                false
            }
        }
    }

    fn advance(&mut self, id: ConversationId, rev: Rev, rows: &Rows) -> bool {
        let me = self.me();
        let Some(summary) = self.summary_mut(id) else { return false };
        let old_head = summary.head;
        // A message may be among them in several states.
        let is_new = |message: &&Arc<Message>| message.seq > old_head;
        let fresh: SortedMap<_, _> =
            rows.messages.iter().filter(is_new).map(|message| (message.seq, message)).collect();
        for message in fresh.into_values() {
            summary.head = summary.head.max(message.seq);
            summary.at = message.at;
            if message.is_text() && Some(message.author) != me {
                summary.others_message_count = summary.others_message_count.saturating_add(1);
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

    /// A revision of a conversation is known to exist; its change may still arrive.
    pub(super) fn raise_known_rev(&mut self, id: ConversationId, rev: Rev) {
        if self.summary(id).is_some_and(|summary| rev > summary.rev) {
            let known = self.known.get_or_default(id);
            *known = (*known).max(rev);
        }
    }

    /// A `user_rev` is known to exist.
    pub(super) fn raise_known_user_rev(&mut self, user_rev: Rev) {
        self.known_user = self.known_user.max(user_rev);
    }

    /// The list was changed by another server up to `user_rev`: fetch it even if that number is known already, since
    /// live frames may have been missed.
    pub(super) fn user_revision(&mut self, user_rev: Rev) {
        self.raise_known_user_rev(user_rev);
        self.may_have_missed = true;
    }

    /// Applies a summary as of `user_rev`; without one, the user is no longer a member.
    pub(super) fn apply_summary(
        &mut self,
        user_rev: Rev,
        id: ConversationId,
        summary: Option<ConversationSummary>,
    ) -> ListChange {
        self.raise_known_user_rev(user_rev);
        let summary = summary.filter(|_| !self.deleted.contains(&id));
        let Some(initial_state) = &mut self.initial_state else { return ListChange::Unchanged };
        if user_rev.0 != initial_state.user_rev.0.saturating_add(1) {
            return ListChange::Unchanged;
        }
        initial_state.user_rev = user_rev;
        let index = position_of(&initial_state.conversations, id);
        let change = match (index, summary) {
            (Some(index), Some(summary)) => {
                let held = &mut initial_state.conversations[index];
                if summary.rev >= held.rev {
                    *held = summary;
                } else {
                    held.read = summary.read;
                }
                ListChange::Updated
            }
            (None, Some(summary)) => {
                let index =
                    initial_state.conversations.partition_point(|held| held.conversation.id < summary.conversation.id);
                initial_state.conversations.insert(index, summary);
                ListChange::Added
            }
            (_, None) => {
                self.remove(id);
                ListChange::Removed
            }
        };
        if self.summary(id).is_some_and(|summary| self.known.get(&id).is_some_and(|known| *known <= summary.rev)) {
            self.known.remove(&id);
        }
        change
    }

    /// A room was deleted, for good.
    pub(super) fn mark_deleted(&mut self, id: ConversationId) {
        self.deleted.insert(id);
    }

    /// Removes a conversation from the list.
    pub(super) fn remove(&mut self, id: ConversationId) {
        self.known.remove(&id);
        if let Some(initial_state) = &mut self.initial_state {
            initial_state.conversations.retain(|summary| summary.conversation.id != id);
        }
    }

    fn summary_mut(&mut self, id: ConversationId) -> Option<&mut ConversationSummary> {
        let conversations = &mut self.initial_state.as_mut()?.conversations;
        let position = position_of(conversations, id)?;
        Some(&mut conversations[position])
    }

    /// Whether to request the list now, while connected. It counts as requested.
    ///
    /// `is_repairing`: whether a conversation's replica is being repaired, and its summary with it.
    pub(super) fn should_request(&mut self, now: u64, is_repairing: impl Fn(ConversationId) -> bool) -> bool {
        let behind = self.may_have_missed
            || self.known.keys().any(|id| !is_repairing(*id))
            || self.initial_state.as_ref().is_some_and(|initial_state| initial_state.user_rev < self.known_user);
        if self.requested || !behind {
            self.request_at = self.request_at.filter(|_| self.requested);
            return false;
        }
        self.request_at.get_or_insert(now.saturating_add(GAP));
        if self.deadline().is_some_and(|moment| moment > now) {
            return false;
        }
        (self.requested, self.request_at, self.may_have_missed) = (true, None, false);
        true
    }

    /// When `should_request` will return true, unless the missing changes arrive first.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.request_at.filter(|_| !self.requested).map(|moment| moment.max(self.not_before))
    }

    /// The list has arrived. If it does not cover what is known to exist, it is requested again.
    pub(super) fn answered(&mut self) {
        self.requested = false;
    }

    pub(super) fn refused(&mut self, now: u64, error: &Error) {
        (self.requested, self.may_have_missed) = (false, true);
        self.not_before = now.saturating_add(retry_after(error).min(RETRY_MOST));
    }

    /// The connection is lost. The next `Welcome` reveals what was missed.
    pub(super) fn connection_lost(&mut self) {
        self.known.clear();
        (self.known_user, self.may_have_missed, self.requested, self.request_at, self.not_before) =
            (Rev(0), false, false, None, 0);
    }
}

fn by_id(conversations: Vec<ConversationSummary>) -> Vec<ConversationSummary> {
    sorted(conversations, |one, other| one.conversation.id.cmp(&other.conversation.id))
}

/// The index of a conversation in a list that is in the order of identifiers.
fn position_of(conversations: &[ConversationSummary], id: ConversationId) -> Option<usize> {
    conversations.binary_search_by_key(&id, |summary| summary.conversation.id).ok()
}
