//! What was promised to whom, against which everything is held.

use super::witness::History;
use hubbub::model::{ConversationId, Message, MessageId, UserId};
use hubbub::server::store::sessions::SessionKey;
use hubbub::sync::{Operation, TabId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A message is named by its author and the identifier that they made.
pub type Name = (UserId, MessageId);

/// A message that a person has sent off.
pub struct Written {
    pub conversation: ConversationId,
    pub body: String,
    /// When they sent it off.
    pub at: u64,
    /// Its author gave it up: it may stand (they were too late) or not.
    pub discarded: bool,
}

#[derive(Default)]
pub struct Ledger {
    pub written: BTreeMap<Name, Written>,
    /// What clients were told stands.
    pub acknowledged: BTreeMap<Name, Arc<Message>>,
    pub revoked: BTreeSet<SessionKey>,
    handed_over: BTreeSet<Name>,
    /// What each tab has written in each conversation, in the order of writing.
    orders: BTreeMap<(TabId, UserId, ConversationId), Vec<Name>>,
}

impl Ledger {
    pub fn write(&mut self, at: u64, pending: &Operation) {
        let Operation { id, conversation, author, tab, .. } = *pending;
        let written = Written { conversation, body: pending.body().to_owned(), at, discarded: false };
        self.written.entry((author, id)).or_insert(written);
        self.orders.entry((tab, author, conversation)).or_default().push((author, id));
    }

    pub fn discard(&mut self, name: Name) {
        self.written.get_mut(&name).expect("only what was written is discarded").discarded = true;
    }

    /// A post is given to a server; tells whether for the first time.
    pub fn hand_over(&mut self, name: Name) -> bool {
        self.handed_over.insert(name)
    }

    /// A client was told that a message stands.
    pub fn acknowledge(&mut self, message: &Arc<Message>) {
        let name = (message.author, message.id);
        if let Some(before) = self.acknowledged.insert(name, Arc::clone(message)) {
            assert_eq!(&before, message, "one message was acknowledged in two ways");
        }
    }

    /// Holds what stands against what was promised.
    pub fn agrees_with(&self, standing: &BTreeMap<ConversationId, Vec<Arc<Message>>>, history: &History) {
        let mut places: BTreeMap<Name, (ConversationId, &Arc<Message>)> = BTreeMap::new();
        for (conversation, messages) in standing {
            for (message, seq) in messages.iter().zip(1..) {
                assert_eq!(message.seq.0, seq, "a gap in conversation {conversation}");
                if !message.is_text() {
                    continue;
                }
                let name = (message.author, message.id);
                let before = places.insert(name, (*conversation, message));
                assert!(before.is_none(), "{name:?} stands twice: {before:?} and {message:?}");
                let written = self.written.get(&name).unwrap_or_else(|| panic!("nobody wrote {message:?}"));
                assert_eq!((written.conversation, written.body.as_str()), (*conversation, message.body()), "{name:?}");
            }
        }
        let remains = |(name, _): &(&Name, &Arc<Message>)| history.ended(self.written[name].conversation).is_none();
        for (name, message) in self.acknowledged.iter().filter(remains) {
            assert_eq!(places.get(name).map(|(_, stands)| *stands), Some(message), "acknowledged, and lost");
        }
        for (queue, order) in &self.orders {
            let seqs: Vec<_> = order.iter().filter_map(|name| Some(places.get(name)?.1.seq)).collect();
            assert!(seqs.is_sorted(), "posts of {queue:?} changed places: {order:?} at {seqs:?}");
        }
    }

    /// Everything stands that was written by somebody who was in the conversation all the time, and not given up, and
    /// nothing of those who never were.
    pub fn is_complete(&self, standing: &BTreeMap<ConversationId, Vec<Arc<Message>>>, history: &History) {
        let stands: BTreeSet<Name> = standing.values().flatten().map(|message| (message.author, message.id)).collect();
        for (name, written) in &self.written {
            let Written { conversation, at, .. } = *written;
            if !written.discarded && history.has_been_in_since(conversation, name.0, at) {
                assert!(stands.contains(name), "{name:?} is missing, {:?}", written.body);
            }
            if !history.was_in_since(conversation, name.0, at) {
                assert!(!stands.contains(name), "{name:?} stands, {:?}", written.body);
            }
        }
    }
}
