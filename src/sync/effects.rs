//! Collects the effects of one call of the engine.

use super::{Effect, StatePart};
use crate::model::SortedSet;
use crate::wire::ClientFrame;

/// Effects in the order in which they were added. `Changed` effects come last and once each, when the state is
/// complete.
#[derive(Default)]
pub(super) struct Effects {
    effects: Vec<Effect>,
    changed: SortedSet<StatePart>,
}

impl Effects {
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn send(&mut self, frame: ClientFrame) {
        self.push(Effect::Send(frame));
    }

    pub(super) fn changed(&mut self, what: StatePart) {
        self.changed.insert(what);
    }

    /// Whether this part has been marked as changed.
    pub(super) fn has_changed(&self, what: StatePart) -> bool {
        self.changed.contains(&what)
    }

    /// Whether any frame is to be sent.
    pub(super) fn has_frames(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Send(_)))
    }

    pub(super) fn into_vec(self) -> Vec<Effect> {
        let mut effects = self.effects;
        effects.extend(self.changed.into_iter().map(Effect::Changed));
        effects
    }
}
