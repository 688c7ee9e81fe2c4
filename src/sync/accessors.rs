//! What the engine holds, for whoever shows it.

use super::engine::Engine;
use super::{ConnectionState, Diagnostics, Pending, Replica};
use crate::model::sorted::SortedMap;
use crate::model::{ConversationId, ConversationSummary, InitialState, Person, Presence, UserId};

impl Engine {
    /// The user and their list, kept live.
    pub fn initial_state(&self) -> Option<&InitialState> {
        self.list.initial_state()
    }

    /// A conversation's line in the list.
    pub fn summary(&self, id: ConversationId) -> Option<&ConversationSummary> {
        self.list.summary(id)
    }

    /// Who else is typing in a conversation.
    pub fn typing(&self, id: ConversationId) -> impl Iterator<Item = &Person> {
        self.typing.people(id)
    }

    /// Those whose presence is watched and has been told.
    pub fn presences(&self) -> &SortedMap<UserId, Presence> {
        self.people.told()
    }

    pub fn link(&self) -> &ConnectionState {
        self.connection.link()
    }

    /// None while nothing of the conversation is held.
    pub fn replica(&self, id: ConversationId) -> Option<&Replica> {
        self.tracks.get(&id)?.replica.as_ref()
    }

    /// What is on its way to a conversation, in the order of sending.
    pub fn pending(&self, id: ConversationId) -> impl Iterator<Item = &Pending> {
        self.outbox.mine().filter(move |pending| pending.conversation == id)
    }

    /// How many messages are neither acknowledged nor failed, in all conversations.
    pub fn waiting(&self) -> usize {
        self.outbox.waiting()
    }

    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}
