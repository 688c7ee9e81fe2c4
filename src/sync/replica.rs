//! A client's replica of one conversation: the rows that it holds, and the rules for merging others into it.

use super::Span;
use crate::model::{Conversation, Error, Member, Message, Rev, Rows, Seq, SortedMap, UserId, Window};
use std::ops::Range;
use std::sync::Arc;

/// The most messages above the window that are remembered.
const ABOVE_MAX: usize = 100;

/// The state of a request for more messages, as shown to the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FetchState {
    #[default]
    Idle,
    Loading,
    Failed(Error),
}

/// The held part of a conversation: its row, the known members, and a window of messages without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    conversation: Conversation,
    members: SortedMap<UserId, Member>,
    messages: SortedMap<Seq, Arc<Message>>,
    pub(super) rev: Rev,
    /// Where the window begins: messages below are not merged. (1 while there are no messages at all.)
    floor: Seq,
    head: Seq,
    /// Whether the window reaches the newest message as of `rev`, and so grows with new ones. If not, messages above it
    /// are not merged.
    follows_latest: bool,
    /// Of the messages above a window that does not reach them, the latest [`ABOVE_MAX`]: a window that was read before
    /// they were posted, and is still on its way, does not have them.
    above: Vec<Arc<Message>>,
    pub(super) older: FetchState,
    pub(super) newer: FetchState,
}

impl Replica {
    pub(super) fn new(window: Window) -> Self {
        let members = window.members.into_iter().map(|member| (member.person.id, member)).collect();
        let messages = window.messages.into_iter().map(|message| (message.seq, message)).collect::<SortedMap<_, _>>();
        let ends = (messages.keys().next().copied(), messages.keys().next_back().copied());
        Replica {
            conversation: window.conversation,
            members,
            messages,
            rev: window.through,
            floor: ends.0.unwrap_or(Seq(1)),
            head: window.head.max(ends.1.unwrap_or_default()),
            follows_latest: ends.1.unwrap_or_default() >= window.head,
            above: Vec::new(),
            older: FetchState::Idle,
            newer: FetchState::Idle,
        }
    }

    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The cursor: every change up to this `rev` is applied.
    pub fn rev(&self) -> Rev {
        self.rev
    }

    pub fn span(&self) -> Span {
        Span { low: self.messages.keys().next().copied().unwrap_or_default(), high: self.high(), head: self.head }
    }

    fn high(&self) -> Seq {
        self.messages.keys().next_back().copied().unwrap_or_default()
    }

    /// How many messages are held.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// How many of the held messages are below this `seq`.
    pub fn count_below(&self, seq: Seq) -> usize {
        self.messages.count_below(&seq)
    }

    /// The held messages at these places, by `seq`.
    pub fn messages_at(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &Arc<Message>> + Clone {
        self.messages.range(range).map(|(_, message)| message)
    }

    /// The held messages above this `seq`.
    pub fn messages_after(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &Arc<Message>> + Clone {
        self.messages_at(self.count_below(next_seq(seq))..usize::MAX)
    }

    /// By `seq`.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.messages.values()
    }

    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(&user)
    }

    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Whether nothing newer exists than what is held.
    pub fn at_latest(&self) -> bool {
        self.follows_latest && self.high() >= self.head
    }

    /// The state of the request for messages before the oldest held one.
    pub fn older(&self) -> &FetchState {
        &self.older
    }

    /// The state of the request for messages after the newest held one.
    pub fn newer(&self) -> &FetchState {
        &self.newer
    }

    /// Whether new messages are added to the window as they arrive.
    pub(super) fn follows_latest(&self) -> bool {
        self.follows_latest
    }

    /// The held rows that changed after a revision.
    pub(super) fn newer_than(&self, rev: Rev) -> Rows {
        Rows {
            conversation: Some(&self.conversation).filter(|row| row.rev > rev).cloned(),
            members: self.members.values().filter(|member| member.rev > rev).cloned().collect(),
            messages: self.messages.values().chain(&self.above).filter(|message| message.rev > rev).cloned().collect(),
        }
    }

    /// Messages up to this one are known to exist, held or not.
    pub(super) fn raise_head(&mut self, head: Seq) {
        self.head = self.head.max(head);
    }

    /// Whether merging a message would leave a gap between it and the window.
    pub(super) fn skips(&self, seq: Seq) -> bool {
        let next = if self.messages.is_empty() { self.floor } else { next_seq(self.high()) };
        self.follows_latest && seq > next
    }

    /// Merges rows in their current state. A held row is replaced only by a newer one. Messages outside the window are
    /// ignored: they are fetched when the reader scrolls there.
    pub(super) fn merge(&mut self, rows: Rows) {
        if let Some(conversation) = rows.conversation {
            self.merge_conversation(conversation);
        }
        self.merge_members(rows.members);
        for message in rows.messages {
            self.raise_head(message.seq);
            let above = self.messages.is_empty() || message.seq > self.high();
            if above && !self.follows_latest {
                self.remember_above([message]);
            } else if message.seq >= self.floor {
                self.merge_message(message);
            }
        }
    }

    /// Extends the held window by one that touches it. Returns whether it did; one that does not touch it is ignored.
    ///
    /// The new window may have been read before changes that have been applied since, when its rows were not held and
    /// so were ignored. Then the cursor goes back to that window's, and catching up repeats the changes: rows are
    /// state, so that merging one twice changes nothing.
    pub(super) fn extend(&mut self, window: Window) -> bool {
        if !self.touches(&window) {
            return false;
        }
        self.raise_head(window.head);
        self.merge_conversation(window.conversation);
        self.merge_members(window.members);
        if let Some(first) = window.messages.first() {
            self.floor = if self.messages.is_empty() { first.seq } else { self.floor.min(first.seq) };
        }
        for message in window.messages {
            self.raise_head(message.seq);
            self.merge_message(message);
        }
        self.follows_latest |= self.high() >= window.head;
        if self.follows_latest {
            std::mem::take(&mut self.above).into_iter().for_each(|message| self.merge_message(message));
        }
        self.rev = self.rev.min(window.through);
        true
    }

    /// Whether there is no gap between a window and what is held.
    pub(super) fn touches(&self, window: &Window) -> bool {
        match (window.messages.first(), window.messages.last()) {
            (Some(first), Some(last)) if !self.messages.is_empty() => {
                first.seq <= next_seq(self.high()) && self.floor <= next_seq(last.seq)
            }
            _ => true,
        }
    }

    /// Whether messages outside a window are held.
    pub(super) fn reaches_beyond(&self, window: &Window) -> bool {
        match (window.messages.first(), window.messages.last()) {
            (Some(first), Some(last)) => {
                !self.messages.is_empty() && (self.floor < first.seq || self.high() > last.seq)
            }
            _ => !self.messages.is_empty(),
        }
    }

    fn merge_conversation(&mut self, conversation: Conversation) {
        if conversation.rev > self.conversation.rev {
            self.conversation = conversation;
        }
    }

    fn merge_members(&mut self, members: Vec<Member>) {
        for member in members {
            if self.members.get(&member.person.id).is_none_or(|held| member.rev > held.rev) {
                self.members.insert(member.person.id, member);
            }
        }
    }

    fn merge_message(&mut self, message: Arc<Message>) {
        if self.messages.get(&message.seq).is_none_or(|held| message.rev > held.rev) {
            self.messages.insert(message.seq, message);
        }
    }

    fn remember_above(&mut self, messages: impl IntoIterator<Item = Arc<Message>>) {
        self.above.extend(messages);
        self.above.drain(..self.above.len().saturating_sub(ABOVE_MAX));
    }

    /// Drops all messages but `most`: those farthest from what the reader sees, whose `seq` is `reading`, or the oldest.
    pub(super) fn trim(&mut self, most: usize, reading: Option<Seq>) {
        let len = self.len();
        let Some(excess) = len.checked_sub(most).filter(|excess| *excess > 0) else { return };
        // The reader stays in the middle of what is kept, as far as there is enough on either side.
        let start = reading.map_or(excess, |seq| self.count_below(seq).saturating_sub(most / 2).min(excess));
        if start < excess {
            self.follows_latest = false;
            let dropped: Vec<_> = self.messages_at(start.saturating_add(most)..usize::MAX).cloned().collect();
            self.remember_above(dropped);
        }
        self.messages.keep_range(start..start.saturating_add(most));
        self.floor = self.messages.keys().next().copied().unwrap_or(self.floor);
    }
}

/// The next `seq`, saturating.
pub(super) fn next_seq(seq: Seq) -> Seq {
    Seq(seq.0.saturating_add(1))
}
