//! A user's browser and its tabs, each with an engine.

use super::network::Connection;
use hubbub::model::{MessageId, OpenedConversation, UserId};
use hubbub::server::store::sessions::SessionKey;
use hubbub::sync::{Engine, Event, Operation};
use std::collections::{BTreeMap, VecDeque};

/// What the tabs of a browser share, and what outlives them.
pub struct Browser {
    pub user: UserId,
    pub session: SessionKey,
    /// The stored operations, as JSON.
    storage: BTreeMap<MessageId, String>,
}

impl Browser {
    pub fn new(user: UserId, session: SessionKey) -> Self {
        Browser { user, session, storage: BTreeMap::new() }
    }

    pub fn store(&mut self, pending: &Operation) {
        self.storage.insert(pending.id, serde_json::to_string(pending).unwrap());
    }

    pub fn remove(&mut self, id: MessageId) {
        self.storage.remove(&id);
    }

    pub fn stored(&self) -> Vec<Operation> {
        self.storage.values().map(|text| serde_json::from_str(text).unwrap()).collect()
    }
}

/// One tab: the state of an engine's driver.
pub struct Client {
    pub browser: usize,
    pub engine: Engine,
    pub wake: Option<u64>,
    /// The offset of its wall clock (milliseconds).
    pub skew: i64,
    /// `Connect` was emitted and has not been answered.
    pub is_connecting: bool,
    pub connection: Option<Connection>,
    /// `CheckSession` was emitted and has not been answered.
    pub is_checking_session: bool,
    pub signed_out: bool,
    /// The device has no network.
    pub offline: bool,
    /// Pages that were rendered and have not arrived.
    pub delayed_pages: VecDeque<OpenedConversation>,
    /// What other tabs of the browser have done to the outbox, in the order in which they did it.
    pub storage_events: VecDeque<Event>,
}

impl Client {
    pub fn new(browser: usize, engine: Engine, skew: i64) -> Self {
        Client {
            browser,
            engine,
            wake: None,
            skew,
            is_connecting: false,
            connection: None,
            is_checking_session: false,
            signed_out: false,
            offline: false,
            delayed_pages: VecDeque::new(),
            storage_events: VecDeque::new(),
        }
    }
}
