//! Read positions: up to where a member has read a conversation.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use crate::model::{ConversationId, Error, ReadPosition, Seq, UserId};
use crate::server::access;
use crate::server::error::Rejection;
use crate::server::hub::MembershipChange;
use crate::server::store::{members, messages};

/// Moves a user's read position, forwards or back.
#[derive(Clone, Copy, Debug)]
pub struct ReadPositionCommand {
    pub user: UserId,
    pub conversation: ConversationId,
    pub seq: Seq,
}

impl Writer {
    /// Moves a user's read position to a message's `seq`, or to 0.
    ///
    /// # Errors
    /// `NotFound` for those who are not in the conversation, `Invalid` for a `seq` that it has not reached.
    pub async fn set_read_position(&self, user: UserId, conversation: ConversationId, seq: Seq) -> Result<(), Error> {
        self.ask(Command::ReadPosition(ReadPositionCommand { user, conversation, seq })).await.map(drop)
    }
}

impl ReadPositionCommand {
    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        let ReadPositionCommand { user, conversation, seq } = *self;
        let head = batch.head(conversation).ok_or_else(Error::not_found)?;
        let conn = &mut batch.conn();
        let access = access::room(conn, user, conversation).await?.ok_or_else(Error::not_found)?;
        let membership = access.member()?;
        if seq < Seq(0) || seq > head.seq {
            return Err(Error::invalid("A read position is a message's place, or 0.").into());
        }
        let mut outcome = Outcome::done();
        if seq != membership.read.seq {
            let others_count = messages::others_count_up_to(conn, conversation, user, seq).await?;
            members::set_read(conn, conversation, user, ReadPosition { seq, others_count }).await?;
            outcome.summaries.push((user, conversation, MembershipChange::Unchanged));
        }
        Ok(outcome)
    }
}
