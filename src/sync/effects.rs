//! What one call of the engine returns, as it gathers.

use super::{Effect, StatePart};
use crate::wire::ClientFrame;
use std::collections::BTreeSet;

/// Effects in the order of their making; what changed is said once and last, when everything stands.
#[derive(Default)]
pub(super) struct Effects {
    done: Vec<Effect>,
    changed: BTreeSet<StatePart>,
}

impl Effects {
    pub(super) fn push(&mut self, effect: Effect) {
        self.done.push(effect);
    }

    pub(super) fn send(&mut self, frame: ClientFrame) {
        self.push(Effect::Send(frame));
    }

    pub(super) fn changed(&mut self, what: StatePart) {
        self.changed.insert(what);
    }

    /// Whether this has changed.
    pub(super) fn tells(&self, what: StatePart) -> bool {
        self.changed.contains(&what)
    }

    /// Whether anything goes out on the socket.
    pub(super) fn sends(&self) -> bool {
        self.done.iter().any(|effect| matches!(effect, Effect::Send(_)))
    }

    pub(super) fn into_vec(self) -> Vec<Effect> {
        let mut effects = self.done;
        effects.extend(self.changed.into_iter().map(Effect::Changed));
        effects
    }
}
