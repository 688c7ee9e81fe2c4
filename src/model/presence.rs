//! Presence: whether somebody is there.

use super::device::ago_text;
use super::{Millis, UserId, string_enum};
use serde::{Deserialize, Serialize};

/// Without a sign of a person for this long (milliseconds), somebody who is connected is away.
pub const AWAY_AFTER: i64 = 5 * 60_000;
/// A user whose last connection breaks stays as they were for this long (milliseconds), so that a reload does not
/// flicker.
pub const GRACE: i64 = 10_000;

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceState {
    /// Connected, and has done something in the last five minutes.
    Online,
    /// Connected, and has done nothing for longer.
    Away,
    Offline,
    /// A word of a newer server.
    Unknown,
}

string_enum!(PresenceState {
    Online => "online",
    Away => "away",
    Offline => "offline",
} else Unknown);

/// A user's presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub user: UserId,
    pub state: PresenceState,
    /// When they last did something, for who is away; when they were last connected, for who is offline, if they ever
    /// were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
}

impl Presence {
    /// Somebody who has not been seen, as far as is known.
    pub fn unseen(user: UserId) -> Self {
        Presence { user, state: PresenceState::Offline, since: None }
    }

    /// In words, as of `now`.
    pub fn text(&self, now: Millis) -> String {
        let ago = |since: Millis| if now.0 - since.0 < 60_000 { "a moment ago".into() } else { ago_text(now, since) };
        match (self.state, self.since) {
            (PresenceState::Online, _) => "Online".into(),
            (PresenceState::Away, None) => "Away".into(),
            (PresenceState::Away, Some(since)) => format!("Away, last active {}", ago(since)),
            (PresenceState::Offline, None) => "Offline".into(),
            (PresenceState::Unknown, _) => String::new(),
            (PresenceState::Offline, Some(since)) => format!("Offline, last seen {}", ago(since)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_there_is_told_with_the_time_since() {
        let now = Millis(1_000 * 60_000);
        let at = |minutes: i64| Some(Millis(now.0 - minutes * 60_000));
        let text = |state, since| Presence { user: UserId(1), state, since }.text(now);
        assert_eq!(text(PresenceState::Online, None), "Online");
        assert_eq!(text(PresenceState::Away, at(6)), "Away, last active 6 minutes ago");
        assert_eq!(text(PresenceState::Offline, at(180)), "Offline, last seen 3 hours ago");
        assert_eq!(text(PresenceState::Offline, at(0)), "Offline, last seen a moment ago");
        assert_eq!(text(PresenceState::Offline, None), "Offline");
    }
}
