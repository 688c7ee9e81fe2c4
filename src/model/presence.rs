//! Presence: whether a user is online.

use super::device::ago_text;
use super::{Millis, UserId, string_enum};
use serde::{Deserialize, Serialize};

/// A connected user who has not been active for this long (milliseconds) is away.
pub const AWAY_AFTER: i64 = 5 * 60_000;
/// A user whose last connection breaks keeps their presence for this long (milliseconds), so that a reload does not
/// flicker.
pub const GRACE: i64 = 10_000;

/// Whether a user is online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceState {
    /// Connected, and active in the last five minutes.
    Online,
    /// Connected, and not active for longer.
    Away,
    Offline,
    /// A state of a newer server.
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
    /// When they were last active, if they are away; when they were last connected, if they are offline and ever were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
}

impl Presence {
    /// A user who has never been seen.
    pub fn unseen(user: UserId) -> Self {
        Presence { user, state: PresenceState::Offline, since: None }
    }

    /// As a text, as of `now`.
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
    fn away_and_offline_are_shown_with_the_time_since() {
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
