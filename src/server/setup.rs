//! What a new database gets before the first request: its epoch, and General.

use super::clock::Clock;
use super::store::conversations::NewConversation;
use super::store::{Db, StoreError, conversations, installation};
use crate::model::{ConversationKind, Epoch, key};

/// The name of the room that exists from the first start and that every user is in, until the owner renames it.
pub const GENERAL: &str = "General";
const GENERAL_TOPIC: &str = "Where everyone is";

/// A random epoch, which no other database has: positive and below 2⁵³, like every number of the protocol.
pub fn new_epoch() -> Epoch {
    Epoch((rand::random::<u64>() >> 12) as i64 + 1)
}

/// Gives a new database its epoch and General. Returns the epoch.
pub async fn initialize(db: &Db, clock: &Clock) -> Result<Epoch, StoreError> {
    let mut tx = db.write().await?;
    if let Some(epoch) = installation::epoch(&mut tx.conn()).await? {
        tx.rollback().await?;
        return Ok(epoch);
    }
    let epoch = new_epoch();
    let now = clock.now();
    installation::insert(&mut tx.conn(), epoch, now).await?;
    let general = NewConversation {
        kind: ConversationKind::General,
        name: GENERAL,
        name_key: &key::lookalike_key(GENERAL),
        topic: GENERAL_TOPIC,
        owner: None,
    };
    conversations::insert(&mut tx.conn(), general, now).await?;
    tx.commit().await?;
    Ok(epoch)
}
