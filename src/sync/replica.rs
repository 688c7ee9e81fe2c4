//! A client's copy of one conversation.

use super::Span;
use crate::model::{Conversation, Error, Member, Message, Rev, Seq, UserId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A question for more messages, as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ask {
    #[default]
    Idle,
    Asking,
    Failed(Error),
}

/// A conversation as far as it is held: its row, the members that are known, and a run of messages without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    conversation: Conversation,
    members: BTreeMap<UserId, Member>,
    messages: BTreeMap<Seq, Arc<Message>>,
    rev: Rev,
    head: Seq,
    older: Ask,
    newer: Ask,
}

impl Replica {
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The cursor: everything up to this `rev` is held.
    pub fn rev(&self) -> Rev {
        self.rev
    }

    pub fn span(&self) -> Span {
        let seq = |message: Option<(&Seq, &Arc<Message>)>| message.map_or(Seq(0), |(seq, _)| *seq);
        Span {
            low: seq(self.messages.first_key_value()),
            high: seq(self.messages.last_key_value()),
            head: self.head,
        }
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
        self.span().high == self.head
    }

    /// The question for messages before the oldest that is held.
    pub fn older(&self) -> &Ask {
        &self.older
    }

    /// The question for messages after the newest that is held.
    pub fn newer(&self) -> &Ask {
        &self.newer
    }
}
