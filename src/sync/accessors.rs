//! What the engine holds, for whoever shows it.

use super::engine::Engine;
use super::{ConnectionState, Diagnostics, Operation, Replica, TabId};
use crate::model::{ConversationId, ConversationSummary, Error, InitialState, Person, Presence, UserId};
use std::collections::{BTreeMap, BTreeSet};

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
    pub fn presences(&self) -> &BTreeMap<UserId, Presence> {
        self.people.told()
    }

    pub fn link(&self) -> &ConnectionState {
        self.connection.link()
    }

    /// None while nothing of the conversation is held.
    pub fn replica(&self, id: ConversationId) -> Option<&Replica> {
        self.tracks.get(&id)?.replica.as_ref()
    }

    /// The operations of a conversation that are not acknowledged, in the order of sending.
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

    /// How many operations would be lost with the outbox: those that wait, and those that a person has to decide about.
    pub fn unsent(&self) -> usize {
        self.outbox.operations().count()
    }

    /// Whether a post may be sent off: its rules, and room in the outbox.
    ///
    /// # Errors
    /// What to tell the person, whose text stays in the composer.
    pub fn admit(&self, body: &str) -> Result<(), Error> {
        self.outbox.admit(body).map(drop)
    }

    /// The name of this tab in the outbox.
    pub fn tab(&self) -> TabId {
        self.outbox.tab()
    }

    /// The other tabs that have operations to send: whoever drives this engine watches whether they still live.
    pub fn other_tabs(&self) -> BTreeSet<TabId> {
        self.outbox.other_tabs()
    }

    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}
