//! Detects dead connections (all times in milliseconds). A network that is gone reports nothing, so the client sends
//! pings.

use crate::wire::HEARTBEAT;

/// After a regular `Ping`, some frame must arrive within this time.
const HEARTBEAT_TIMEOUT: u64 = 10_000;
/// After a probe's `Ping`, its `Pong` must arrive within this time: other frames may have been on their way before.
const PROBE_TIMEOUT: u64 = 5_000;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Ping,
    /// The connection is dead, or was never established.
    Dead,
}

/// When frames were last received and sent, and by when the server must answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heartbeat {
    received_at: u64,
    sent_at: u64,
    /// Any frame must arrive by then.
    any_frame_by: Option<u64>,
    /// A `Pong` must arrive by then.
    pong_by: Option<u64>,
}

impl Heartbeat {
    /// Starts with a new connection.
    pub(super) fn new(now: u64) -> Self {
        Heartbeat { received_at: now, sent_at: now, any_frame_by: None, pong_by: None }
    }

    /// A frame has arrived.
    pub(super) fn frame_received(&mut self, now: u64) {
        (self.received_at, self.any_frame_by) = (now, None);
    }

    /// A `Pong` has arrived.
    pub(super) fn pong_received(&mut self) {
        self.pong_by = None;
    }

    /// A frame was sent.
    pub(super) fn frame_sent(&mut self, now: u64) {
        self.sent_at = now;
    }

    /// Starts a probe of the connection. Returns whether to send a `Ping`: not if a probe is running already.
    pub(super) fn probe(&mut self, now: u64) -> bool {
        let starts = self.pong_by.is_none();
        self.pong_by.get_or_insert(now.saturating_add(PROBE_TIMEOUT));
        starts
    }

    pub(super) fn due(&mut self, now: u64) -> Due {
        let passed = |moment: Option<u64>| moment.is_some_and(|moment| moment <= now);
        if passed(self.any_frame_by) || passed(self.pong_by) {
            return Due::Dead;
        }
        if self.any_frame_by.is_some() || self.next_ping() > now {
            return Due::Nothing;
        }
        self.any_frame_by = Some(now.saturating_add(HEARTBEAT_TIMEOUT));
        Due::Ping
    }

    /// When the next regular `Ping` is due: one side has been silent for [`HEARTBEAT`].
    fn next_ping(&self) -> u64 {
        self.received_at.min(self.sent_at).saturating_add(HEARTBEAT)
    }

    /// When `due` will have something to do.
    pub(super) fn deadline(&self) -> u64 {
        let beat = self.any_frame_by.unwrap_or_else(|| self.next_ping());
        self.pong_by.map_or(beat, |pong_by| pong_by.min(beat))
    }
}
