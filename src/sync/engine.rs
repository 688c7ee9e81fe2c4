//! The machine itself: events in, effects out.

use super::{Effect, Event, Link, Now, Pending, Probe, Replica};
use crate::model::{ConversationId, Home};
use std::collections::BTreeMap;

/// A client's whole state. Give it events; carry out what it returns.
#[derive(Clone, Debug)]
pub struct Engine {
    home: Option<Home>,
    link: Link,
    replicas: BTreeMap<ConversationId, Replica>,
    pending: Vec<Pending>,
    probe: Probe,
}

impl Engine {
    /// `entropy` seeds the identifiers and the jitter; the same seed gives the same trace.
    pub fn new(entropy: [u8; 16]) -> Self {
        let _ = entropy;
        Engine {
            home: None,
            link: Link::Idle,
            replicas: BTreeMap::new(),
            pending: Vec::new(),
            probe: Probe::default(),
        }
    }

    pub fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let _ = (now, event);
        Vec::new()
    }

    /// The user and their list, kept live.
    pub fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }

    pub fn link(&self) -> &Link {
        &self.link
    }

    pub fn replica(&self, id: ConversationId) -> Option<&Replica> {
        self.replicas.get(&id)
    }

    /// What is on its way to a conversation, in the order of sending.
    pub fn pending(&self, id: ConversationId) -> impl Iterator<Item = &Pending> {
        self.pending.iter().filter(move |pending| pending.conversation == id)
    }

    /// How many messages are neither acknowledged nor failed, in all conversations.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    pub fn probe(&self) -> &Probe {
        &self.probe
    }
}
