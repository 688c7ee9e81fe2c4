//! When to connect, when to wait, and when to give up.

use super::backoff::{self, Backoff};
use super::effects::Effects;
use super::heartbeat::{Due, Heartbeat};
use super::random::Random;
use super::{Effect, SessionCheck, StatePart};
use crate::model::UserId;
use crate::wire::{ClientFrame, PROTOCOL, close};

/// How the engine names itself to the server.
const CLIENT: &str = concat!("hubbub/", env!("CARGO_PKG_VERSION"));
/// From `Connect` to `Welcome`, at most (milliseconds, as all times here).
const HANDSHAKE: u64 = 10_000;
/// The server's word on who one is, at most; then the connection is tried without it.
const WHO_ANSWER: u64 = 10_000;
/// A connection that lived this long has proven itself; one that did not counts as another failure.
const PROVEN: u64 = 5_000;
/// Nudges open connections no more often than this.
const NUDGE: u64 = 500;

/// How the connection stands, as a person is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConnectionState {
    /// Not wanted: nothing is shown yet, or the page goes away.
    #[default]
    Idle,
    /// Being opened. `since`: the monotonic milliseconds when the connection was last lost, or first wanted.
    Connecting { since: u64 },
    /// Live. `connection`: its number; `server`: the version that the server runs.
    Connected { connection: i64, server: String },
    /// Lost; tried again at `retry_at` (monotonic milliseconds).
    Waiting { since: u64, retry_at: u64 },
    /// The device says that there is no network. Still tried from time to time: devices are wrong at times.
    Offline { since: u64 },
    /// The session has ended.
    SignedOut,
    /// The server no longer speaks this page's protocol: it must be loaded anew.
    Outdated,
}

/// What the policy is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Idle,
    /// `Connect` was given.
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

/// The policy of one client's connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Connection {
    link: ConnectionState,
    phase: Phase,
    /// When the connection was last lost, or first wanted.
    lost_at: u64,
    backoff: Backoff,
    /// The device says that there is no network.
    offline: bool,
    tried_at: u64,
    pulse: Heartbeat,
    /// The server is being asked who one is, until then.
    who: Option<u64>,
}

impl Connection {
    pub(super) fn link(&self) -> &ConnectionState {
        &self.link
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// Whether frames are expected: the socket is open.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Greeting { .. } | Phase::Live { .. })
    }

    /// Whether a socket exists or is being made.
    pub(super) fn has_socket(&self) -> bool {
        self.is_open() || matches!(self.phase, Phase::Opening { .. })
    }

    /// A page is shown: be connected from now on.
    pub(super) fn want(&mut self, now: u64, out: &mut Effects) {
        if matches!(self.phase, Phase::Idle | Phase::SignedOut) {
            (self.lost_at, self.who) = (now, None);
            self.backoff.reset();
            self.connect(now, out);
        }
    }

    fn connect(&mut self, now: u64, out: &mut Effects) {
        self.tried_at = now;
        out.push(Effect::Connect);
        self.enter(Phase::Opening { until: now.saturating_add(HANDSHAKE) }, out);
    }

    pub(super) fn opened(&mut self, out: &mut Effects) {
        if let Phase::Opening { until } = self.phase {
            out.send(ClientFrame::Hello { protocol: PROTOCOL, client: CLIENT.into() });
            self.enter(Phase::Greeting { until }, out);
        }
    }

    pub(super) fn welcomed(&mut self, now: u64, connection: i64, server: String, out: &mut Effects) {
        if let Phase::Greeting { .. } = self.phase {
            (self.who, self.offline) = (None, false);
            self.pulse = Heartbeat::new(now);
            self.phase = Phase::Live { since: now };
            self.show(ConnectionState::Connected { connection, server }, out);
        }
    }

    /// A frame came.
    pub(super) fn heard(&mut self, now: u64) {
        self.pulse.heard(now);
    }

    /// A `Pong` came: the network is there, whatever the device says.
    pub(super) fn answered(&mut self) {
        self.pulse.answered();
        self.offline = false;
    }

    /// A frame was sent.
    pub(super) fn said(&mut self, now: u64) {
        self.pulse.said(now);
    }

    /// The connection is gone, or did not come to be.
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
        // A browser is not told why an upgrade failed; a session that has ended is one of the reasons.
        if !opened || code == Some(close::SESSION) {
            self.ask_who(now, out);
        }
        let wait = self.backoff.wait(code, random);
        let wait = if self.offline { backoff::MOST } else { wait };
        self.enter(Phase::Waiting { retry_at: now.saturating_add(wait) }, out);
    }

    /// A good moment to try. Tells whether the live connection is to be checked by a `Ping`.
    pub(super) fn nudged(&mut self, now: u64, out: &mut Effects) -> bool {
        self.offline = false;
        let soonest = self.tried_at.saturating_add(NUDGE);
        match self.phase {
            Phase::Waiting { .. } if now >= soonest => self.connect(now, out),
            Phase::Waiting { retry_at } => self.enter(Phase::Waiting { retry_at: retry_at.min(soonest) }, out),
            Phase::Opening { .. } | Phase::Greeting { .. } => self.enter(self.phase, out),
            Phase::Live { .. } => return self.pulse.check(now),
            Phase::Idle | Phase::SignedOut | Phase::Outdated => {}
        }
        false
    }

    /// The device says that the network is gone. Tells whether the live connection is to be checked by a `Ping`.
    pub(super) fn offline(&mut self, now: u64, out: &mut Effects) -> bool {
        let already = std::mem::replace(&mut self.offline, true);
        match self.phase {
            Phase::Waiting { .. } if !already => {
                self.enter(Phase::Waiting { retry_at: now.saturating_add(backoff::MOST) }, out);
            }
            Phase::Opening { .. } | Phase::Greeting { .. } => self.enter(self.phase, out),
            Phase::Live { .. } => return self.pulse.check(now),
            Phase::Waiting { .. } | Phase::Idle | Phase::SignedOut | Phase::Outdated => {}
        }
        false
    }

    /// Asks the server who one is, unless that is being asked already.
    pub(super) fn ask_who(&mut self, now: u64, out: &mut Effects) {
        if self.who.is_none_or(|until| until <= now) {
            self.who = Some(now.saturating_add(WHO_ANSWER));
            out.push(Effect::CheckSession);
        }
    }

    /// The server's word on who one is. An answer that nobody waits for any more says nothing.
    pub(super) fn who(&mut self, now: u64, who: SessionCheck, me: Option<UserId>, out: &mut Effects) {
        if self.who.take().is_none() {
            return;
        }
        match (who, self.phase) {
            (SessionCheck::SignedOut, _) => self.sign_in(out),
            (SessionCheck::SignedIn(user), _) if me.is_some_and(|me| me != user) => self.sign_in(out),
            (SessionCheck::SignedIn(_) | SessionCheck::Unknown, Phase::Waiting { retry_at }) if retry_at <= now => {
                self.connect(now, out)
            }
            (SessionCheck::SignedIn(_) | SessionCheck::Unknown, _) => {}
        }
    }

    /// There is no session, or another user's: the page must be loaded anew.
    pub(super) fn sign_in(&mut self, out: &mut Effects) {
        self.disconnect(Phase::SignedOut, out);
        out.push(Effect::SignIn);
    }

    /// The server speaks a protocol that this client does not: only loading the page anew helps.
    pub(super) fn outdated(&mut self, out: &mut Effects) {
        self.disconnect(Phase::Outdated, out);
    }

    /// Not wanted any more.
    pub(super) fn stop(&mut self, out: &mut Effects) {
        self.disconnect(Phase::Idle, out);
    }

    fn disconnect(&mut self, phase: Phase, out: &mut Effects) {
        if self.has_socket() || phase == Phase::Idle {
            out.push(Effect::Disconnect);
        }
        self.who = None;
        self.enter(phase, out);
    }

    /// What is due now. A wait that has passed ends by itself in a new attempt.
    pub(super) fn tick(&mut self, now: u64, out: &mut Effects) -> Due {
        if self.deadline().is_none_or(|moment| moment > now) {
            return Due::Nothing;
        }
        match self.phase {
            Phase::Opening { .. } | Phase::Greeting { .. } => Due::Lost,
            Phase::Live { .. } => self.pulse.due(now),
            Phase::Waiting { .. } => {
                self.connect(now, out);
                Due::Nothing
            }
            Phase::Idle | Phase::SignedOut | Phase::Outdated => Due::Nothing,
        }
    }

    /// When `tick` has something to do next.
    pub(super) fn deadline(&self) -> Option<u64> {
        match self.phase {
            Phase::Opening { until } | Phase::Greeting { until } => Some(until),
            Phase::Live { .. } => Some(self.pulse.deadline()),
            // Who one is decides whether trying makes sense; but a lost answer must not hold it up for ever.
            Phase::Waiting { retry_at } => Some(self.who.map_or(retry_at, |until| until.max(retry_at))),
            Phase::Idle | Phase::SignedOut | Phase::Outdated => None,
        }
    }

    fn enter(&mut self, phase: Phase, out: &mut Effects) {
        self.phase = phase;
        let since = self.lost_at;
        let link = match phase {
            Phase::Idle => ConnectionState::Idle,
            Phase::SignedOut => ConnectionState::SignedOut,
            Phase::Outdated => ConnectionState::Outdated,
            Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Waiting { .. } if self.offline => {
                ConnectionState::Offline { since }
            }
            Phase::Opening { .. } | Phase::Greeting { .. } => ConnectionState::Connecting { since },
            Phase::Waiting { retry_at } => ConnectionState::Waiting { since, retry_at },
            // Said by `welcomed`, which knows the connection's number.
            Phase::Live { .. } => self.link.clone(),
        };
        self.show(link, out);
    }

    fn show(&mut self, link: ConnectionState, out: &mut Effects) {
        if self.link != link {
            self.link = link;
            out.changed(StatePart::Connection);
        }
    }
}
