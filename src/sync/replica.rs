//! A client's copy of one conversation: the rows that it holds, and which it takes.

use super::Span;
use crate::model::{Conversation, Error, Member, Message, Rev, Rows, Seq, UserId, Window};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most messages that are held of one conversation.
pub(super) const HELD_MAX: usize = 400;

/// A question for more messages, as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FetchState {
    #[default]
    Idle,
    Loading,
    Failed(Error),
}

/// Which end of the held run stays when it grows beyond its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    Oldest,
    Newest,
}

/// A conversation as far as it is held: its row, the members that are known, and a run of messages without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    conversation: Conversation,
    members: BTreeMap<UserId, Member>,
    messages: BTreeMap<Seq, Arc<Message>>,
    pub(super) rev: Rev,
    /// Where the run begins: rows below are not taken. (1 while there are no messages at all.)
    floor: Seq,
    head: Seq,
    /// Whether the run reaches the newest message as of `rev`. If not, rows above the run are not taken.
    attached: bool,
    pub(super) older: FetchState,
    pub(super) newer: FetchState,
}

impl Replica {
    pub(super) fn new(window: Window) -> Self {
        let members = window.members.into_iter().map(|member| (member.person.id, member)).collect();
        let messages = window.messages.into_iter().map(|message| (message.seq, message)).collect::<BTreeMap<_, _>>();
        let ends = (messages.keys().next().copied(), messages.keys().next_back().copied());
        let mut replica = Replica {
            conversation: window.conversation,
            members,
            messages,
            rev: window.through,
            floor: ends.0.unwrap_or(Seq(1)),
            head: window.head.max(ends.1.unwrap_or_default()),
            attached: ends.1.unwrap_or_default() >= window.head,
            older: FetchState::Idle,
            newer: FetchState::Idle,
        };
        replica.trim(Keep::Newest);
        replica
    }

    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The cursor: what changed up to this `rev` is held.
    pub fn rev(&self) -> Rev {
        self.rev
    }

    pub fn span(&self) -> Span {
        Span { low: self.messages.keys().next().copied().unwrap_or_default(), high: self.high(), head: self.head }
    }

    fn high(&self) -> Seq {
        self.messages.keys().next_back().copied().unwrap_or_default()
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
        self.attached && self.high() >= self.head
    }

    /// The question for messages before the oldest that is held.
    pub fn older(&self) -> &FetchState {
        &self.older
    }

    /// The question for messages after the newest that is held.
    pub fn newer(&self) -> &FetchState {
        &self.newer
    }

    /// Whether the run follows the newest messages by itself.
    pub(super) fn is_attached(&self) -> bool {
        self.attached
    }

    /// The message in the middle of what is held.
    pub(super) fn middle(&self) -> Option<Seq> {
        self.messages.keys().nth(self.messages.len() / 2).copied()
    }

    /// The held rows that changed after a revision.
    pub(super) fn newer_than(&self, rev: Rev) -> Rows {
        Rows {
            conversation: Some(&self.conversation).filter(|row| row.rev > rev).cloned(),
            members: self.members.values().filter(|member| member.rev > rev).cloned().collect(),
            messages: self.messages.values().filter(|message| message.rev > rev).cloned().collect(),
        }
    }

    /// Newer messages exist up to this one, held or not.
    pub(super) fn raise_head(&mut self, head: Seq) {
        self.head = self.head.max(head);
    }

    /// Whether a message would leave a hole between it and the run: some before it are missing.
    pub(super) fn skips(&self, seq: Seq) -> bool {
        let next = if self.messages.is_empty() { self.floor } else { after(self.high()) };
        self.attached && seq > next
    }

    /// Takes rows as they now stand. A held row is replaced only by a newer one, and messages outside the run that
    /// is held stay outside: they come whole when the reader gets there.
    pub(super) fn merge(&mut self, rows: Rows) {
        if let Some(conversation) = rows.conversation {
            self.take_conversation(conversation);
        }
        self.take_members(rows.members);
        for message in rows.messages {
            self.raise_head(message.seq);
            let above = self.messages.is_empty() || message.seq > self.high();
            if message.seq >= self.floor && (self.attached || !above) {
                self.take_message(message);
            }
        }
        self.trim(Keep::Newest);
    }

    /// Lengthens the run by a window that touches it; one that does not is left alone, and the answer is no.
    ///
    /// The window may have been read before changes that have been applied since, while its rows were not held and
    /// so were passed over. Then the cursor goes back to the window's, and catching up repeats them: rows are state,
    /// so that taking one twice changes nothing.
    pub(super) fn extend(&mut self, window: Window, keep: Keep) -> bool {
        if !self.touches(&window) {
            return false;
        }
        self.raise_head(window.head);
        self.take_conversation(window.conversation);
        self.take_members(window.members);
        if let Some(first) = window.messages.first() {
            self.floor = if self.messages.is_empty() { first.seq } else { self.floor.min(first.seq) };
        }
        for message in window.messages {
            self.raise_head(message.seq);
            self.take_message(message);
        }
        self.attached |= self.high() >= window.head;
        self.rev = self.rev.min(window.through);
        self.trim(keep);
        true
    }

    /// Whether a window and the held run together have no gap.
    pub(super) fn touches(&self, window: &Window) -> bool {
        match (window.messages.first(), window.messages.last()) {
            (Some(first), Some(last)) if !self.messages.is_empty() => {
                first.seq <= after(self.high()) && self.floor <= after(last.seq)
            }
            _ => true,
        }
    }

    /// Whether messages are held that a window does not have.
    pub(super) fn reaches_beyond(&self, window: &Window) -> bool {
        match (window.messages.first(), window.messages.last()) {
            (Some(first), Some(last)) => {
                !self.messages.is_empty() && (self.floor < first.seq || self.high() > last.seq)
            }
            _ => !self.messages.is_empty(),
        }
    }

    fn take_conversation(&mut self, conversation: Conversation) {
        if conversation.rev > self.conversation.rev {
            self.conversation = conversation;
        }
    }

    fn take_members(&mut self, members: Vec<Member>) {
        for member in members {
            if self.members.get(&member.person.id).is_none_or(|held| member.rev > held.rev) {
                self.members.insert(member.person.id, member);
            }
        }
    }

    fn take_message(&mut self, message: Arc<Message>) {
        if self.messages.get(&message.seq).is_none_or(|held| message.rev > held.rev) {
            self.messages.insert(message.seq, message);
        }
    }

    fn trim(&mut self, keep: Keep) {
        while self.messages.len() > HELD_MAX {
            match keep {
                Keep::Newest => {
                    self.messages.pop_first();
                    self.floor = self.messages.keys().next().copied().unwrap_or(self.floor);
                }
                Keep::Oldest => {
                    self.messages.pop_last();
                    self.attached = false;
                }
            }
        }
    }
}

/// The place after this one.
fn after(seq: Seq) -> Seq {
    Seq(seq.0.saturating_add(1))
}
