//! Whether a live connection is still alive (milliseconds throughout). A network that is gone says nothing, so the
//! client asks.

use crate::wire::HEARTBEAT;

/// After a heartbeat's `Ping`, something must be heard within this.
const HEARTBEAT_ANSWER: u64 = 10_000;
/// After a check's `Ping`, its `Pong` must come within this: what was on its way before proves nothing.
const CHECK_ANSWER: u64 = 5_000;

/// What the passing of time calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Ping,
    /// The connection is dead, or never came to be.
    Lost,
}

/// When a connection was last heard and spoken to, and by when it must answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heartbeat {
    heard_at: u64,
    said_at: u64,
    /// Anything must be heard until then.
    anything: Option<u64>,
    /// A `Pong` must come until then.
    pong: Option<u64>,
}

impl Heartbeat {
    /// A connection begins.
    pub(super) fn new(now: u64) -> Self {
        Heartbeat { heard_at: now, said_at: now, anything: None, pong: None }
    }

    /// A frame came.
    pub(super) fn heard(&mut self, now: u64) {
        (self.heard_at, self.anything) = (now, None);
    }

    /// A `Pong` came.
    pub(super) fn answered(&mut self) {
        self.pong = None;
    }

    /// A frame was sent.
    pub(super) fn said(&mut self, now: u64) {
        self.said_at = now;
    }

    /// There is a reason to doubt. Tells whether a `Ping` is to be sent, unless one is under way already.
    pub(super) fn check(&mut self, now: u64) -> bool {
        let starts = self.pong.is_none();
        self.pong.get_or_insert(now.saturating_add(CHECK_ANSWER));
        starts
    }

    pub(super) fn due(&mut self, now: u64) -> Due {
        let passed = |moment: Option<u64>| moment.is_some_and(|moment| moment <= now);
        if passed(self.anything) || passed(self.pong) {
            return Due::Lost;
        }
        if self.anything.is_some() || self.quiet() > now {
            return Due::Nothing;
        }
        self.anything = Some(now.saturating_add(HEARTBEAT_ANSWER));
        Due::Ping
    }

    /// When either side has been silent for too long.
    fn quiet(&self) -> u64 {
        self.heard_at.min(self.said_at).saturating_add(HEARTBEAT)
    }

    /// When `due` has something to say next.
    pub(super) fn deadline(&self) -> u64 {
        let beat = self.anything.unwrap_or_else(|| self.quiet());
        self.pong.map_or(beat, |pong| pong.min(beat))
    }
}
