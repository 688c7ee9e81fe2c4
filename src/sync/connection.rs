//! When to connect, how long to wait between attempts, and when to stop.

use super::backoff::{self, Backoff};
use super::effects::Effects;
use super::heartbeat::{Due, Heartbeat};
use super::random::Random;
use super::{Effect, SessionCheck, StatePart};
use crate::model::UserId;
use crate::wire::{ClientFrame, PROTOCOL, close};

/// The client name sent in `Hello`.
const CLIENT: &str = concat!("hubbub/", env!("CARGO_PKG_VERSION"));
/// The longest time from `Connect` to `Welcome` (all times here in milliseconds).
const HANDSHAKE_TIMEOUT: u64 = 10_000;
/// The longest time to wait for `SessionChecked`; then the connection is tried without it.
const SESSION_CHECK_TIMEOUT: u64 = 10_000;
/// A connection that lasted this long resets the back-off; a shorter one counts as another failure.
const PROVEN: u64 = 5_000;
/// `RetryNow` starts attempts no more often than this.
const RETRY_NOW_INTERVAL: u64 = 500;

/// The state of the connection, as shown to the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConnectionState {
    /// Not wanted: no page is loaded yet, or the page is going away.
    #[default]
    Idle,
    /// Being opened. `since`: when the connection was last lost, or first wanted (monotonic milliseconds).
    Connecting { since: u64 },
    /// Live. `connection`: its number on the server; `server`: the server's version.
    Connected { connection: i64, server: String },
    /// Lost; the next attempt is at `retry_at` (monotonic milliseconds).
    Waiting { since: u64, retry_at: u64 },
    /// The device reports no network. Attempts continue every thirty seconds, since devices can be wrong.
    Offline { since: u64 },
    /// The session has ended.
    SignedOut,
    /// The server no longer speaks this client's protocol: the page must be reloaded.
    Outdated,
}

/// The phase of connecting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Idle,
    /// `Connect` was emitted.
    Opening {
        until: u64,
    },
    /// `Hello` was sent.
    Greeting {
        until: u64,
    },
    Live {
        since: u64,
    },
    Waiting {
        retry_at: u64,
    },
    SignedOut,
    Outdated,
}

/// The state of one client's connection, and its reconnection policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Connection {
    state: ConnectionState,
    phase: Phase,
    /// When the connection was last lost, or first wanted.
    lost_at: u64,
    backoff: Backoff,
    /// The device reports no network.
    offline: bool,
    last_attempt: u64,
    heartbeat: Heartbeat,
    /// A session check is running; its answer is awaited until then.
    session_check: Option<u64>,
}

impl Connection {
    pub(super) fn state(&self) -> &ConnectionState {
        &self.state
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// Whether the socket is open, so that frames are expected.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Greeting { .. } | Phase::Live { .. })
    }

    /// Whether a socket is open or being opened.
    pub(super) fn has_socket(&self) -> bool {
        self.is_open() || matches!(self.phase, Phase::Opening { .. })
    }

    /// A page is loaded: stay connected from now on.
    pub(super) fn start(&mut self, now: u64, out: &mut Effects) {
        if matches!(self.phase, Phase::Idle | Phase::SignedOut) {
            (self.lost_at, self.session_check) = (now, None);
            self.backoff.reset();
            self.connect(now, out);
        }
    }

    fn connect(&mut self, now: u64, out: &mut Effects) {
        self.last_attempt = now;
        out.push(Effect::Connect);
        self.enter(Phase::Opening { until: now.saturating_add(HANDSHAKE_TIMEOUT) }, out);
    }

    pub(super) fn opened(&mut self, out: &mut Effects) {
        if let Phase::Opening { until } = self.phase {
            out.send(ClientFrame::Hello { protocol: PROTOCOL, client: CLIENT.into() });
            self.enter(Phase::Greeting { until }, out);
        }
    }

    pub(super) fn welcomed(&mut self, now: u64, connection: i64, server: String, out: &mut Effects) {
        if let Phase::Greeting { .. } = self.phase {
            (self.session_check, self.offline) = (None, false);
            self.heartbeat = Heartbeat::new(now);
            self.phase = Phase::Live { since: now };
            self.set_state(ConnectionState::Connected { connection, server }, out);
        }
    }

    /// A frame has arrived.
    pub(super) fn frame_received(&mut self, now: u64) {
        self.heartbeat.frame_received(now);
    }

    /// A `Pong` has arrived: the network works, whatever the device reports.
    pub(super) fn pong_received(&mut self) {
        self.heartbeat.pong_received();
        self.offline = false;
    }

    /// A frame was sent.
    pub(super) fn frame_sent(&mut self, now: u64) {
        self.heartbeat.frame_sent(now);
    }

    /// The connection was lost or could not be established.
    pub(super) fn closed(&mut self, now: u64, opened: bool, code: Option<u16>, random: &mut Random, out: &mut Effects) {
        if let Phase::Live { since } = self.phase {
            self.lost_at = now;
            if now.saturating_sub(since) >= PROVEN {
                self.backoff.reset();
            }
        }
        if code == Some(close::OUTDATED) {
            return self.enter(Phase::Outdated, out);
        }
        // A browser does not learn why an upgrade failed; an ended session is one of the reasons.
        if !opened || code == Some(close::SESSION) {
            self.check_session(now, out);
        }
        let wait = self.backoff.wait(code, random);
        let wait = if self.offline { backoff::MOST } else { wait };
        self.enter(Phase::Waiting { retry_at: now.saturating_add(wait) }, out);
    }

    /// A good moment to reconnect. Returns whether to test the live connection with a `Ping`.
    pub(super) fn retry_now(&mut self, now: u64, out: &mut Effects) -> bool {
        self.offline = false;
        let earliest = self.last_attempt.saturating_add(RETRY_NOW_INTERVAL);
        match self.phase {
            Phase::Waiting { .. } if now >= earliest => self.connect(now, out),
            Phase::Waiting { retry_at } => self.enter(Phase::Waiting { retry_at: retry_at.min(earliest) }, out),
            Phase::Opening { .. } | Phase::Greeting { .. } => self.enter(self.phase, out),
            Phase::Live { .. } => return self.heartbeat.probe(now),
            Phase::Idle | Phase::SignedOut | Phase::Outdated => {}
        }
        false
    }

    /// The device reports no network. Returns whether to test the live connection with a `Ping`.
    pub(super) fn offline(&mut self, now: u64, out: &mut Effects) -> bool {
        let already = std::mem::replace(&mut self.offline, true);
        match self.phase {
            Phase::Waiting { .. } if !already => {
                self.enter(Phase::Waiting { retry_at: now.saturating_add(backoff::MOST) }, out);
            }
            Phase::Opening { .. } | Phase::Greeting { .. } => self.enter(self.phase, out),
            Phase::Live { .. } => return self.heartbeat.probe(now),
            Phase::Waiting { .. } | Phase::Idle | Phase::SignedOut | Phase::Outdated => {}
        }
        false
    }

    /// Asks the server whose session this is, unless that is being checked already.
    pub(super) fn check_session(&mut self, now: u64, out: &mut Effects) {
        if self.session_check.is_none_or(|until| until <= now) {
            self.session_check = Some(now.saturating_add(SESSION_CHECK_TIMEOUT));
            out.push(Effect::CheckSession);
        }
    }

    /// The result of a session check. It is ignored if none is running.
    pub(super) fn session_checked(&mut self, now: u64, check: SessionCheck, me: Option<UserId>, out: &mut Effects) {
        if self.session_check.take().is_none() {
            return;
        }
        match (check, self.phase) {
            (SessionCheck::SignedOut, _) => self.sign_in(out),
            (SessionCheck::SignedIn(user), _) if me.is_some_and(|me| me != user) => self.sign_in(out),
            (SessionCheck::SignedIn(_) | SessionCheck::Unknown, Phase::Waiting { retry_at }) if retry_at <= now => {
                self.connect(now, out)
            }
            (SessionCheck::SignedIn(_) | SessionCheck::Unknown, _) => {}
        }
    }

    /// There is no session, or it is another user's: the page must be loaded again.
    pub(super) fn sign_in(&mut self, out: &mut Effects) {
        self.disconnect(Phase::SignedOut, out);
        out.push(Effect::SignIn);
    }

    /// The server speaks a protocol that this client does not know: only a reload helps.
    pub(super) fn outdated(&mut self, out: &mut Effects) {
        self.disconnect(Phase::Outdated, out);
    }

    /// The connection is no longer wanted.
    pub(super) fn stop(&mut self, out: &mut Effects) {
        self.disconnect(Phase::Idle, out);
    }

    fn disconnect(&mut self, phase: Phase, out: &mut Effects) {
        if self.has_socket() || phase == Phase::Idle {
            out.push(Effect::Disconnect);
        }
        self.session_check = None;
        self.enter(phase, out);
    }

    /// Returns what is due now. Starts the next attempt when its waiting time is over.
    pub(super) fn tick(&mut self, now: u64, out: &mut Effects) -> Due {
        if self.deadline().is_none_or(|moment| moment > now) {
            return Due::Nothing;
        }
        match self.phase {
            Phase::Opening { .. } | Phase::Greeting { .. } => Due::Dead,
            Phase::Live { .. } => self.heartbeat.due(now),
            Phase::Waiting { .. } => {
                self.connect(now, out);
                Due::Nothing
            }
            Phase::Idle | Phase::SignedOut | Phase::Outdated => Due::Nothing,
        }
    }

    /// When `tick` will have something to do.
    pub(super) fn deadline(&self) -> Option<u64> {
        match self.phase {
            Phase::Opening { until } | Phase::Greeting { until } => Some(until),
            Phase::Live { .. } => Some(self.heartbeat.deadline()),
            // The session check decides whether an attempt makes sense, but a lost answer must not delay it for ever.
            Phase::Waiting { retry_at } => Some(self.session_check.map_or(retry_at, |until| until.max(retry_at))),
            Phase::Idle | Phase::SignedOut | Phase::Outdated => None,
        }
    }

    fn enter(&mut self, phase: Phase, out: &mut Effects) {
        self.phase = phase;
        let since = self.lost_at;
        let state = match phase {
            Phase::Idle => ConnectionState::Idle,
            Phase::SignedOut => ConnectionState::SignedOut,
            Phase::Outdated => ConnectionState::Outdated,
            Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Waiting { .. } if self.offline => {
                ConnectionState::Offline { since }
            }
            Phase::Opening { .. } | Phase::Greeting { .. } => ConnectionState::Connecting { since },
            Phase::Waiting { retry_at } => ConnectionState::Waiting { since, retry_at },
            // Set by `welcomed`, which knows the connection's number.
            Phase::Live { .. } => self.state.clone(),
        };
        self.set_state(state, out);
    }

    fn set_state(&mut self, state: ConnectionState, out: &mut Effects) {
        if self.state != state {
            self.state = state;
            out.changed(StatePart::Connection);
        }
    }
}
