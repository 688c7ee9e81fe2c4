//! Where a client starts from, and starts again from: the page that seeds it, and the server's `Welcome`.

use super::StatePart;
use super::conversation::{ConversationSync, Page};
use super::effects::Effects;
use super::engine::Engine;
use super::replica::{FetchState, Keep, Replica};
use super::requests::{Question, Requests};
use crate::model::{ConversationId, InitialState, OpenedConversation};

impl Engine {
    /// A page was rendered by the server or fetched.
    pub(super) fn seeded(&mut self, now: u64, opened: OpenedConversation, out: &mut Effects) {
        let OpenedConversation { initial_state, window } = opened;
        let id = window.conversation.id;
        self.outbox.belongs_to(initial_state.me.person.id, out);
        if self.list.initial_state().is_none_or(|held| is_another(held, &initial_state)) {
            self.start_afresh(out);
            self.list.replace(initial_state);
        } else {
            self.list.take(initial_state, false);
        }
        out.changed(StatePart::InitialState);
        // The page was read while it was theirs; the list knows better.
        let Some(summary) = self.list.summary(id).map(|summary| (summary.rev, summary.head)) else {
            self.drop_track(id, out);
            return self.connection.want(now, out);
        };

        let track = self.tracks.entry(id).or_default();
        let landed = match track.page(&window) {
            Page::Stale => Vec::new(),
            Page::Extends => track.extend(now, window, Keep::Newest),
            Page::Replaces => {
                self.requests.forget_conversation(id);
                track.replace(now, window)
            }
        };
        // Changes may have gone by between the page's reading and now, while nothing was held to take them.
        track.listed(now, summary.0, summary.1);
        out.changed(StatePart::Conversation(id));
        self.landed(landed, out);
        self.connection.want(now, out);
    }

    /// Another user, or another lifetime of the database: nothing that is held means anything. The outbox stays.
    fn start_afresh(&mut self, out: &mut Effects) {
        self.tracks.keys().for_each(|id| out.changed(StatePart::Conversation(*id)));
        self.tracks.clear();
        if self.connection.has_socket() {
            self.connection.stop(out);
            self.parted(out);
        }
        self.requests = Requests::default();
    }

    /// The server greets: what is held is measured against its list, and what is behind is asked for.
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
        let afresh = is_another(held, &initial_state) || self.goes_back(held, &initial_state);
        self.connection.welcomed(now, connection, server, out);
        if afresh {
            self.list.replace(initial_state);
            for (id, track) in self.tracks.iter_mut() {
                *track = ConversationSync::default();
                self.requests.forget_conversation(*id);
                out.changed(StatePart::Conversation(*id));
            }
        } else {
            self.list.take(initial_state, true);
        }
        self.measure(now, out);
        self.ask_again(now, out);
    }

    /// The list has come whole: what is held is measured against it, and what is not on it any more is let go.
    pub(super) fn measure(&mut self, now: u64, out: &mut Effects) {
        out.changed(StatePart::InitialState);
        let unlisted = |id: &ConversationId| self.list.summary(*id).is_none();
        for id in self.tracks.keys().copied().filter(unlisted).collect::<Vec<_>>() {
            self.drop_track(id, out);
        }
        for (id, track) in self.tracks.iter_mut() {
            if let Some(summary) = self.list.summary(*id) {
                track.listed(now, summary.rev, summary.head);
                out.changed(StatePart::Conversation(*id));
            }
        }
    }

    /// Whether the server knows less than it did: its database was put back from a copy. (Once in a while a page that
    /// was fetched beside the greeting knows more than it; then this starts afresh without need, and is right again
    /// by the next window.)
    fn goes_back(&self, held: &InitialState, initial_state: &InitialState) -> bool {
        let seen = |id: ConversationId| self.tracks.get(&id)?.replica.as_ref().map(Replica::rev);
        initial_state.user_rev < held.user_rev
            || initial_state.conversations.iter().any(|now| {
                let before = self.list.summary(now.conversation.id).map(|summary| summary.rev);
                before.max(seen(now.conversation.id)).is_some_and(|before| before > now.rev)
            })
    }

    /// Sends the readers' questions that the last connection left open.
    fn ask_again(&mut self, now: u64, out: &mut Effects) {
        let mut questions = Vec::new();
        for (&id, track) in self.tracks.iter() {
            let Some(replica) = &track.replica else { continue };
            if replica.older == FetchState::Loading {
                questions.push((id, Question::Older(id)));
            }
            if replica.newer == FetchState::Loading {
                questions.push((id, if track.to_latest { Question::Latest(id) } else { Question::Newer(id) }));
            }
        }
        for (id, question) in questions {
            self.ask_history(now, id, question, out);
        }
    }

    /// A conversation that is no longer this user's.
    pub(super) fn drop_track(&mut self, id: ConversationId, out: &mut Effects) {
        self.tracks.remove(&id);
        self.requests.forget_conversation(id);
        self.reading.forget(id);
        self.typing.forget(id);
        out.changed(StatePart::Conversation(id));
    }

    /// The same, while the list still shows it.
    pub(super) fn drop_summary(&mut self, id: ConversationId, out: &mut Effects) {
        self.list.remove(id);
        self.drop_track(id, out);
        out.changed(StatePart::InitialState);
    }
}

fn is_another(held: &InitialState, initial_state: &InitialState) -> bool {
    held.epoch != initial_state.epoch || held.me.person.id != initial_state.me.person.id
}
