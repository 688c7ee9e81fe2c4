//! Read positions: up to where a member has read a conversation.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use crate::model::{ConversationId, Error, ReadPosition, Seq, UserId};
use crate::server::access;
use crate::server::hub::MembershipChange;
use crate::server::store::members::{Membership, NewReadPosition};
use crate::server::store::{StoreError, conversations, members, messages};
use std::collections::{BTreeMap, BTreeSet};

/// Moves a user's read position.
#[derive(Clone, Copy, Debug)]
pub struct ReadPositionCommand {
    pub user: UserId,
    pub conversation: ConversationId,
    pub seq: Seq,
    /// The position that it replaces, which may lie on either side. Without it, the position only moves forward.
    pub replaces: Option<Seq>,
}

impl Writer {
    /// Moves a user's read position to a message's `seq`, or to 0: forward, or, from the position `replaces`, anywhere. One
    /// that lies behind what the user has read already changes nothing.
    ///
    /// # Errors
    /// `NotFound` for those who are not in the conversation, `Invalid` for a `seq` that it has not reached, `Conflict` if
    /// the position is not at `replaces` any more.
    pub async fn set_read_position(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
        replaces: Option<Seq>,
    ) -> Result<(), Error> {
        let command = ReadPositionCommand { user, conversation, seq, replaces };
        self.ask(Command::ReadPosition(command)).await.map(drop)
    }
}

/// Executes a run of commands together. It does not lock the conversations: their heads only rise, and whoever reads in a
/// busy room must not wait for those who write there.
pub(super) async fn set_all(batch: &mut Batch, commands: &[ReadPositionCommand]) -> Result<Vec<Outcome>, StoreError> {
    let pairs: BTreeSet<_> = commands.iter().map(|command| (command.conversation, command.user)).collect();
    let members = members::among(&mut batch.conn(), &pairs.into_iter().collect::<Vec<_>>()).await?;
    let position = |membership: Membership| {
        let pair = (membership.conversation, membership.member.person.id);
        (pair, access::may_read(Some(membership)).map(|membership| membership.read.seq))
    };
    let mut positions: BTreeMap<_, _> = members.into_iter().map(position).collect();
    let ids: BTreeSet<_> = commands.iter().map(|command| command.conversation).collect();
    let heads = conversations::head_seqs(&mut batch.conn(), &ids.into_iter().collect::<Vec<_>>()).await?;
    let mut heads: BTreeMap<ConversationId, Seq> = heads.into_iter().collect();
    // This batch writes the heads that it has moved when it ends.
    heads.iter_mut().for_each(|(id, head)| *head = batch.head(*id).map_or(*head, |moved| moved.seq));

    let mut moved = BTreeMap::new();
    let outcomes = commands.iter().map(|command| {
        let pair = (command.conversation, command.user);
        let (position, head) = match (positions.get_mut(&pair), heads.get(&command.conversation)) {
            (Some(Ok(position)), Some(head)) => (position, head),
            (Some(Err(error)), Some(_)) => return Outcome::refused(error.clone()),
            (None, _) | (_, None) => return Outcome::refused(Error::not_found()),
        };
        match command.moves(*position, *head) {
            Ok(false) => Outcome::done(),
            Ok(true) => {
                *position = command.seq;
                moved.insert(pair, command.seq);
                let summary = (command.user, command.conversation, MembershipChange::Unchanged);
                Outcome { summaries: vec![summary], ..Outcome::done() }
            }
            Err(error) => Outcome::refused(error),
        }
    });
    let outcomes = outcomes.collect();
    let moved: Vec<_> = moved.into_iter().map(|((conversation, user), seq)| (conversation, user, seq)).collect();
    let counts = messages::others_message_counts_up_to(&mut batch.conn(), &moved).await?;
    let read = counts.into_iter().map(|((conversation, user, seq), others_message_count)| NewReadPosition {
        conversation,
        user,
        read: ReadPosition { seq, others_message_count },
    });
    members::set_read_positions(&mut batch.conn(), &read.collect::<Vec<_>>()).await?;
    Ok(outcomes)
}

impl ReadPositionCommand {
    /// Whether it moves the position.
    fn moves(&self, position: Seq, head: Seq) -> Result<bool, Error> {
        if self.seq < Seq(0) || self.seq > head {
            return Err(Error::invalid("A read position is a message's place, or 0."));
        }
        match self.replaces {
            None => Ok(self.seq > position),
            // It is there already: sent again after the connection was lost.
            Some(_) if self.seq == position => Ok(false),
            Some(replaced) if replaced == position => Ok(true),
            Some(_) => Err(Error::outdated("You have read this conversation elsewhere in the meantime.")),
        }
    }
}
