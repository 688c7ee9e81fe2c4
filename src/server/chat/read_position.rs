//! Read positions: up to where a member has read a conversation.

use crate::model::{ConversationId, Error, Seq, UserId};
use crate::server::Core;

/// Moves the user's read position in a conversation. The writer decides.
///
/// # Errors
/// As [`Writer::set_read_position`](crate::server::writer::Writer::set_read_position).
pub async fn set(
    core: &Core,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
    replaces: Option<Seq>,
) -> Result<(), Error> {
    core.writer.set_read_position(user, conversation, seq, replaces).await
}
