//! What must be there before the first request.

use super::clock::Clock;
use super::store::conversations::{NewConversation, NewKind};
use super::store::{Db, StoreError, conversations, installation};
use crate::model::{Epoch, key};

/// The room that exists from the first start and that every user is in.
pub const GENERAL: &str = "General";
const GENERAL_TOPIC: &str = "Where everyone is";

/// A lifetime that no other database has: positive and below 2⁵³, like every number of the protocol.
pub fn new_epoch() -> Epoch {
    Epoch((rand::random::<u64>() >> 12) as i64 + 1)
}

/// Names a new database's lifetime and makes General; an old one is left as it is.
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
        kind: NewKind::Public,
        name: GENERAL,
        name_key: &key::lookalike_key(GENERAL),
        topic: GENERAL_TOPIC,
        owner: None,
    };
    conversations::insert(&mut tx.conn(), general, now).await?;
    tx.commit().await?;
    Ok(epoch)
}
