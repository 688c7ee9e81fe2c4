//! What users posted and what was acknowledged, to be compared with what the database holds.

use super::commit_log::History;
use hubbub::model::{ConversationId, Message, MessageId, UserId};
use hubbub::server::store::sessions::SessionKey;
use hubbub::sync::{Operation, TabId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A message is identified by its author and the identifier that they made.
pub type Name = (UserId, MessageId);

/// A posted message.
pub struct PostRecord {
    pub conversation: ConversationId,
    pub body: String,
    /// When it was posted.
    pub at: u64,
    /// Its author discarded it: it may have been posted before that or not.
    pub discarded: bool,
}

#[derive(Default)]
pub struct Ledger {
    pub written: BTreeMap<Name, PostRecord>,
    /// The acknowledged messages.
    pub acknowledged: BTreeMap<Name, Arc<Message>>,
    pub revoked: BTreeSet<SessionKey>,
    sent: BTreeSet<Name>,
    /// What each tab has posted in each conversation, in order.
    orders: BTreeMap<(TabId, UserId, ConversationId), Vec<Name>>,
}

impl Ledger {
    pub fn write(&mut self, at: u64, pending: &Operation) {
        let Operation { id, conversation, author, tab, .. } = *pending;
        let written = PostRecord { conversation, body: pending.body().to_owned(), at, discarded: false };
        self.written.entry((author, id)).or_insert(written);
        self.orders.entry((tab, author, conversation)).or_default().push((author, id));
    }

    pub fn discard(&mut self, name: Name) {
        self.written.get_mut(&name).expect("only what was written is discarded").discarded = true;
    }

    /// Records that a post was sent to a server; returns whether for the first time.
    pub fn record_sent(&mut self, name: Name) -> bool {
        self.sent.insert(name)
    }

    /// Records an acknowledgement.
    pub fn acknowledge(&mut self, message: &Arc<Message>) {
        let name = (message.author, message.id);
        if let Some(before) = self.acknowledged.insert(name, Arc::clone(message)) {
            assert_eq!(&before, message, "one message was acknowledged in two ways");
        }
    }

    /// Compares the messages in the database with what was posted and acknowledged.
    pub fn check(&self, states: &BTreeMap<ConversationId, Vec<Arc<Message>>>, history: &History) {
        let mut found: BTreeMap<Name, (ConversationId, &Arc<Message>)> = BTreeMap::new();
        for (conversation, messages) in states {
            for (message, seq) in messages.iter().zip(1..) {
                assert_eq!(message.seq.0, seq, "a gap in conversation {conversation}");
                if !message.is_text() {
                    continue;
                }
                let name = (message.author, message.id);
                let before = found.insert(name, (*conversation, message));
                assert!(before.is_none(), "{name:?} was posted twice: {before:?} and {message:?}");
                let written = self.written.get(&name).unwrap_or_else(|| panic!("nobody wrote {message:?}"));
                assert_eq!((written.conversation, written.body.as_str()), (*conversation, message.body()), "{name:?}");
            }
        }
        let remains =
            |(name, _): &(&Name, &Arc<Message>)| history.deleted_at(self.written[name].conversation).is_none();
        for (name, message) in self.acknowledged.iter().filter(remains) {
            assert_eq!(found.get(name).map(|(_, message)| *message), Some(message), "an acknowledged message was lost");
        }
        for (queue, order) in &self.orders {
            let seqs: Vec<_> = order.iter().filter_map(|name| Some(found.get(name)?.1.seq)).collect();
            assert!(seqs.is_sorted(), "posts of {queue:?} are out of order: {order:?} at {seqs:?}");
        }
    }

    /// Every message exists whose author was a member all the time and did not discard it, and none whose author was
    /// not a member.
    pub fn check_complete(&self, states: &BTreeMap<ConversationId, Vec<Arc<Message>>>, history: &History) {
        let posted: BTreeSet<Name> = states.values().flatten().map(|message| (message.author, message.id)).collect();
        for (name, written) in &self.written {
            let PostRecord { conversation, at, .. } = *written;
            if !written.discarded && history.is_member_since(conversation, name.0, at) {
                assert!(posted.contains(name), "{name:?} is missing, {:?}", written.body);
            }
            if !history.was_member_since(conversation, name.0, at) {
                assert!(!posted.contains(name), "{name:?} was posted by a non-member, {:?}", written.body);
            }
        }
    }
}
