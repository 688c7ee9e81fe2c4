//! A person's browser and its tabs, each with an engine.

use super::network::Link;
use hubbub::model::{MessageId, OpenedConversation, UserId};
use hubbub::server::store::sessions::SessionKey;
use hubbub::sync::{Engine, Operation};
use std::collections::{BTreeMap, VecDeque};

/// What the tabs of a browser share, and what outlives them.
pub struct Browser {
    pub user: UserId,
    pub session: SessionKey,
    /// Unsent messages as the storage keeps them: as text.
    storage: BTreeMap<MessageId, String>,
}

impl Browser {
    pub fn new(user: UserId, session: SessionKey) -> Self {
        Browser { user, session, storage: BTreeMap::new() }
    }

    pub fn keep(&mut self, pending: &Operation) {
        self.storage.insert(pending.id, serde_json::to_string(pending).unwrap());
    }

    pub fn forget(&mut self, id: MessageId) {
        self.storage.remove(&id);
    }

    pub fn kept(&self) -> Vec<Operation> {
        self.storage.values().map(|text| serde_json::from_str(text).unwrap()).collect()
    }
}

/// One tab: a body for the engine.
pub struct Client {
    pub browser: usize,
    pub engine: Engine,
    pub wake: Option<u64>,
    /// How far its wall clock is off (milliseconds).
    pub skew: i64,
    /// `Connect` was given and nothing has come of it yet.
    pub dialing: bool,
    pub link: Option<Link>,
    /// `CheckSession` was given and not answered yet.
    pub asks_who: bool,
    pub signed_out: bool,
    /// The device has no network.
    pub offline: bool,
    /// Pages that were rendered and have not arrived.
    pub late: VecDeque<OpenedConversation>,
}

impl Client {
    pub fn new(browser: usize, engine: Engine, skew: i64) -> Self {
        Client {
            browser,
            engine,
            wake: None,
            skew,
            dialing: false,
            link: None,
            asks_who: false,
            signed_out: false,
            offline: false,
            late: VecDeque::new(),
        }
    }
}
