//! How much an engine holds: the messages of the conversations that were seen last.

use super::StatePart;
use super::effects::Effects;
use super::engine::Engine;
use super::replica::Replica;
use crate::model::{ConversationId, Seq, sorted};

/// The most messages that are held, of all conversations together. In a browser, one of a line or two takes about half a
/// kilobyte.
pub(super) const HELD_MAX: usize = 30_000;

impl Engine {
    /// The reader sees a conversation: it is the last one whose messages are dropped. `at` is the uppermost message that
    /// they see; `None` if they follow the newest one.
    pub(super) fn set_reading(&mut self, id: ConversationId, at: Option<Seq>) {
        self.note_seen(id);
        if let Some(sync) = self.conversations.get_mut(&id) {
            sync.reading = at;
        }
    }

    /// A conversation was opened. It is seen once the reader reports it: until then the one on the screen is.
    pub(super) fn note_opened(&mut self, id: ConversationId) {
        if !self.recently_seen.contains(&id) {
            self.recently_seen.insert(self.recently_seen.len().saturating_sub(1), id);
        }
    }

    fn note_seen(&mut self, id: ConversationId) {
        self.recently_seen.retain(|seen| *seen != id);
        self.recently_seen.push(id);
    }

    /// Drops what is held beyond the bound: first whole conversations, the least recently seen ones; then, of the one
    /// that is left, the messages farthest from its reader.
    pub(super) fn bound_memory(&mut self, out: &mut Effects) {
        let held = |replica: &Replica| replica.len();
        let mut total: usize = self.conversations.values().filter_map(|sync| sync.replica.as_ref()).map(held).sum();
        if total <= self.held_max {
            return;
        }
        let seen = self.recently_seen.last().copied();
        let rank = |id: &ConversationId| self.recently_seen.iter().position(|seen| seen == id);
        let others = self.conversations.keys().copied().filter(|id| Some(*id) != seen).collect();
        for id in sorted(others, |one, other| rank(one).cmp(&rank(other))) {
            if total <= self.held_max {
                return;
            }
            total -= self.replica(id).map_or(0, held);
            self.conversations.remove(&id);
            self.requests.forget_conversation(id);
            self.recently_seen.retain(|seen| *seen != id);
            out.changed(StatePart::Conversation(id));
        }
        for (id, sync) in self.conversations.iter_mut() {
            let reading = sync.reading;
            if let Some(replica) = sync.replica.as_mut().filter(|replica| replica.len() > self.held_max) {
                replica.trim(self.held_max, reading);
                out.changed(StatePart::Conversation(*id));
            }
        }
    }
}
