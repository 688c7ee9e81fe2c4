//! The bus between the servers: it may lose, repeat and reorder what it carries.

use super::world::World;
use hubbub::model::{ConversationId, Rev};

/// A change on its way from one server to another.
pub struct Bulletin {
    to: usize,
    conversation: ConversationId,
    rev: Rev,
    text: String,
}

impl World {
    pub fn publish(&mut self, from: usize, conversation: ConversationId, rev: Rev, text: String) {
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            let copies = match self.chance.below(20) {
                _ if self.bus_is_down => 0,
                0 | 1 if self.stormy => 0,
                2 if self.stormy => 2,
                _ => 1,
            };
            if copies != 1 {
                self.meet(if copies == 0 { "a change that the bus lost" } else { "a change that the bus repeated" });
                self.note(format_args!("the bus carries {conversation}/{rev} to server {to} {copies} times"));
            }
            for _ in 0..copies {
                let place = if self.stormy && self.chance.one_in(4) {
                    self.chance.between(0, self.bus.len())
                } else {
                    self.bus.len()
                };
                self.bus.insert(place, Bulletin { to, conversation, rev, text: text.clone() });
            }
        }
    }

    /// The bus brings the next so many.
    pub fn carry(&mut self, many: usize) {
        for Bulletin { to, conversation, rev, text } in self.bus.drain(..many.min(self.bus.len())).collect::<Vec<_>>() {
            // What stands on a server's own bus is not its own to carry further.
            self.collect();
            if let Some(node) = &self.nodes[to] {
                node.bring(conversation, rev, &text);
            }
        }
    }
}
