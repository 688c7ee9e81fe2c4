//! The bus between the servers: it may lose, repeat and reorder messages.

use super::world::World;
use hubbub::model::{ConversationId, Rev};

/// A change on its way from one server to another.
pub struct BusMessage {
    to: usize,
    conversation: ConversationId,
    rev: Rev,
    text: String,
}

impl World {
    pub fn publish(&mut self, from: usize, conversation: ConversationId, rev: Rev, text: String) {
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            let copies = match self.rng.below(20) {
                _ if self.bus_is_down => 0,
                0 | 1 if self.has_faults => 0,
                2 if self.has_faults => 2,
                _ => 1,
            };
            if copies != 1 {
                self.cover(if copies == 0 { "a change lost by the bus" } else { "a change repeated by the bus" });
                self.log(format_args!("the bus carries {conversation}/{rev} to server {to} {copies} times"));
            }
            for _ in 0..copies {
                let place = if self.has_faults && self.rng.one_in(4) {
                    self.rng.between(0, self.bus.len())
                } else {
                    self.bus.len()
                };
                self.bus.insert(place, BusMessage { to, conversation, rev, text: text.clone() });
            }
        }
    }

    /// Delivers the next messages of the bus.
    pub fn deliver_bus(&mut self, many: usize) {
        for BusMessage { to, conversation, rev, text } in self.bus.drain(..many.min(self.bus.len())).collect::<Vec<_>>()
        {
            // Changes that arrive over the bus must not be published on it again.
            self.collect();
            if let Some(node) = &self.nodes[to] {
                node.deliver_from_bus(conversation, rev, &text);
            }
        }
    }
}
