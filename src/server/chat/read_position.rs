//! Read positions: up to where a member has read a conversation.

use crate::model::{ConversationId, Error, Seq, UserId};
use crate::server::Core;

/// Moves the user's read position in a conversation, forwards or back. The writer decides.
///
/// # Errors
/// `NotFound` for those who are not in the conversation, `Invalid` for a `seq` that it has not reached.
pub async fn set(core: &Core, user: UserId, conversation: ConversationId, seq: Seq) -> Result<(), Error> {
    core.writer.set_read_position(user, conversation, seq).await
}
