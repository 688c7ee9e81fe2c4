//! The initial state: the page that seeds the engine, and the server's `Welcome`.

use super::StatePart;
use super::conversation::{ConversationSync, PageFit};
use super::effects::Effects;
use super::engine::Engine;
use super::replica::Replica;
use super::requests::Requests;
use crate::model::{ConversationId, InitialState, OpenedConversation};

impl Engine {
    /// Loads a page that the server rendered or that was fetched.
    pub(super) fn load_page(&mut self, now: u64, opened: OpenedConversation, out: &mut Effects) {
        let OpenedConversation { initial_state, window, invite_link: _ } = opened;
        let id = window.conversation.id;
        self.outbox.set_user(initial_state.me.person.id, out);
        if self.list.initial_state().is_none_or(|held| is_another(held, &initial_state)) {
            self.reset(out);
            self.list.replace(initial_state);
        } else {
            self.list.merge(initial_state, false);
        }
        out.changed(StatePart::InitialState);
        self.drop_unlisted(out);
        // The page was read when the user was a member; the list is newer.
        let Some(summary) = self.list.summary(id).map(|summary| (summary.rev, summary.head)) else {
            self.drop_conversation(id, out);
            return self.connection.start(now, out);
        };

        self.note_opened(id);
        let sync = self.conversations.get_or_default(id);
        let delivered = match sync.page_fit(&window) {
            PageFit::Stale => Vec::new(),
            PageFit::Extends => sync.extend(now, window),
            PageFit::Replaces => {
                self.requests.forget_conversation(id);
                sync.replace(now, window)
            }
        };
        // Changes may have arrived after the page was read and before the conversation was held.
        sync.summary_received(now, summary.0, summary.1);
        out.changed(StatePart::Conversation(id));
        self.complete_delivered(delivered, out);
        self.connection.start(now, out);
    }

    /// Another user, or another epoch of the database: everything that is held is invalid. The outbox stays.
    fn reset(&mut self, out: &mut Effects) {
        self.conversations.keys().for_each(|id| out.changed(StatePart::Conversation(*id)));
        self.conversations.clear();
        self.recently_seen.clear();
        if self.connection.has_socket() {
            self.connection.stop(out);
            self.connection_lost(out);
        }
        self.requests = Requests::default();
    }

    /// Handles `Welcome`: compares what is held with the server's list, and requests what is missing.
    pub(super) fn welcomed(
        &mut self,
        now: u64,
        connection: i64,
        server: String,
        initial_state: InitialState,
        out: &mut Effects,
    ) {
        let Some(held) = self.list.initial_state() else { return };
        if held.me.person.id != initial_state.me.person.id {
            return self.connection.sign_in(out);
        }
        let reset = is_another(held, &initial_state) || self.goes_back(held, &initial_state);
        self.connection.welcomed(now, connection, server, out);
        if reset {
            self.list.replace(initial_state);
            for (id, sync) in self.conversations.iter_mut() {
                *sync = ConversationSync::default();
                self.requests.forget_conversation(*id);
                out.changed(StatePart::Conversation(*id));
            }
        } else {
            self.list.merge(initial_state, true);
        }
        self.reconcile(now, out);
        self.resend_history_requests(now, out);
    }

    /// The whole list has arrived: compares what is held with it, and drops conversations that are no longer on it.
    pub(super) fn reconcile(&mut self, now: u64, out: &mut Effects) {
        out.changed(StatePart::InitialState);
        self.drop_unlisted(out);
        for (id, sync) in self.conversations.iter_mut() {
            if let Some(summary) = self.list.summary(*id) {
                sync.summary_received(now, summary.rev, summary.head);
                out.changed(StatePart::Conversation(*id));
            }
        }
    }

    /// Drops the replicas of conversations that are not on the list any more.
    fn drop_unlisted(&mut self, out: &mut Effects) {
        let unlisted = |id: &ConversationId| self.list.summary(*id).is_none();
        for id in self.conversations.keys().copied().filter(unlisted).collect::<Vec<_>>() {
            self.drop_conversation(id, out);
        }
    }

    /// Whether the server knows less than before: its database was restored from a copy. (Rarely, a page that was
    /// fetched while connecting is newer than `Welcome`; then this resets needlessly, and the next window repairs it.)
    fn goes_back(&self, held: &InitialState, initial_state: &InitialState) -> bool {
        let seen = |id: ConversationId| self.conversations.get(&id)?.replica.as_ref().map(Replica::rev);
        initial_state.user_rev < held.user_rev
            || initial_state.conversations.iter().any(|now| {
                let before = self.list.summary(now.conversation.id).map(|summary| summary.rev);
                before.max(seen(now.conversation.id)).is_some_and(|before| before > now.rev)
            })
    }

    /// The user is no longer a member of a conversation: drops its replica.
    pub(super) fn drop_conversation(&mut self, id: ConversationId, out: &mut Effects) {
        self.conversations.remove(&id);
        self.recently_seen.retain(|seen| *seen != id);
        self.requests.forget_conversation(id);
        self.read_positions.forget(id);
        self.typing.forget(id);
        out.changed(StatePart::Conversation(id));
    }

    /// The same, and removes it from the list.
    pub(super) fn remove_conversation(&mut self, id: ConversationId, out: &mut Effects) {
        self.list.remove(id);
        self.drop_conversation(id, out);
        out.changed(StatePart::InitialState);
    }
}

fn is_another(held: &InitialState, initial_state: &InitialState) -> bool {
    held.epoch != initial_state.epoch || held.me.person.id != initial_state.me.person.id
}
