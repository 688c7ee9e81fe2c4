//! Read access to the engine's state, for views.

use super::engine::Engine;
use super::replica::next_seq;
use super::{ConnectionState, Diagnostics, FetchState, Operation, Replica, TabId};
use crate::model::{
    ConversationId, ConversationSummary, Error, InitialState, Message, Person, Presence, ReadPosition, Seq, SortedMap,
    SortedSet, UserId,
};
use std::sync::Arc;

impl Engine {
    /// The user and their conversation list, kept up to date.
    pub fn initial_state(&self) -> Option<&InitialState> {
        self.list.initial_state()
    }

    /// A conversation's entry in the list.
    pub fn summary(&self, id: ConversationId) -> Option<&ConversationSummary> {
        self.list.summary(id)
    }

    /// A conversation's entry in the list as the user sees it: with the read position that they have set here, before the
    /// server has answered.
    pub fn shown_summary(&self, id: ConversationId) -> Option<ConversationSummary> {
        let mut summary = self.list.summary(id)?.clone();
        if let Some(seq) = self.read_positions.shown(id).filter(|seq| *seq != summary.read.seq)
            && let Some(others_message_count) = self.others_message_count_up_to(&summary, seq)
        {
            summary.read = ReadPosition { seq, others_message_count };
        }
        Some(summary)
    }

    /// How many messages others have written up to and including `seq`, if the newer ones are held.
    fn others_message_count_up_to(&self, summary: &ConversationSummary, seq: Seq) -> Option<i64> {
        if seq >= summary.head {
            return Some(summary.others_message_count);
        }
        let replica = self.replica(summary.conversation.id)?;
        if !replica.at_latest() || replica.span().low > Seq(seq.0.saturating_add(1)) {
            return None;
        }
        let me = self.list.me()?;
        let newer = replica.messages_after(seq).take_while(|message| message.seq <= summary.head);
        let of_others = newer.filter(|message| message.is_text() && message.author != me).count();
        Some(summary.others_message_count.saturating_sub(of_others as i64))
    }

    /// The first message above the read position `read` that somebody else wrote, if everything from there on is held.
    pub fn first_unread(&self, id: ConversationId, read: Seq) -> Option<&Message> {
        let (replica, me) = (self.replica(id)?, self.list.me()?);
        let mut newer = replica.messages_after(read).filter(|_| replica.span().low <= next_seq(read));
        newer.find(|message| message.is_text() && message.author != me).map(Arc::as_ref)
    }

    /// The other users who are typing in a conversation.
    pub fn typing(&self, id: ConversationId) -> impl Iterator<Item = &Person> {
        self.typing.people(id)
    }

    /// The presence of the watched users, as far as it is known.
    pub fn presences(&self) -> &SortedMap<UserId, Presence> {
        self.presence.known()
    }

    pub fn connection_state(&self) -> &ConnectionState {
        self.connection.state()
    }

    /// `None` while nothing of the conversation is held.
    pub fn replica(&self, id: ConversationId) -> Option<&Replica> {
        self.conversations.get(&id)?.replica.as_ref()
    }

    /// Whether a conversation is held, or is being fetched anew. If not, it was dropped: the user is not in it any more, or
    /// has not seen it for long.
    pub fn holds(&self, id: ConversationId) -> bool {
        self.conversations.contains_key(&id)
    }

    /// Whether the reader has asked for the newest messages and they have not arrived.
    pub fn jumps_to_latest(&self, id: ConversationId) -> bool {
        self.conversations.get(&id).is_some_and(|sync| {
            sync.to_latest && sync.replica.as_ref().is_some_and(|replica| *replica.newer() != FetchState::Idle)
        })
    }

    /// The unacknowledged operations of a conversation, in sending order.
    pub fn operations(&self, id: ConversationId) -> impl Iterator<Item = &Operation> {
        self.outbox.operations().filter(move |operation| operation.conversation == id)
    }

    /// The whole outbox of the user.
    pub fn outbox(&self) -> impl Iterator<Item = &Operation> {
        self.outbox.operations()
    }

    /// How many operations wait to be sent or acknowledged, in all conversations.
    pub fn waiting(&self) -> usize {
        self.outbox.waiting()
    }

    /// How many operations would be lost with the outbox: those waiting, and those that need the user's decision.
    pub fn unsent(&self) -> usize {
        self.outbox.operations().count()
    }

    /// Checks whether a message may be posted: the body is valid and the outbox is not full.
    ///
    /// # Errors
    /// What to show the user; the text stays in the composer.
    pub fn check_post(&self, body: &str) -> Result<(), Error> {
        self.outbox.check_post(body).map(drop)
    }

    /// The identifier of this tab in the outbox.
    pub fn tab(&self) -> TabId {
        self.outbox.tab()
    }

    /// The other tabs that have operations to send. The driver checks whether they are still alive, and reports
    /// `TabClosed` when one is not.
    pub fn other_tabs(&self) -> SortedSet<TabId> {
        self.outbox.other_tabs()
    }

    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}
