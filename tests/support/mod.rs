//! Helpers: servers, people, databases, live connections.

pub mod chat;
pub mod core;
pub mod databases;
pub mod live;
pub mod recount;

pub use chat::{Chat, Person};
pub(crate) use databases::each_database;
pub use databases::sqlite;
pub use live::Live;
pub use recount::wrong_counts;

use hubbub::model::{Body, MessageId, Millis};
use std::sync::atomic::{AtomicU64, Ordering};

/// A fresh identifier, different each time within this run.
pub fn message_id() -> MessageId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    MessageId::new(Millis(1_700_000_000_000), random)
}

pub fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}
