//! Devices: the browsers and programs in which a user is signed in. Each one is a session.

use super::{DeviceId, Millis};
use serde::{Deserialize, Serialize};

/// The most devices in the list; the last used come first.
pub const DEVICES_MAX: usize = 100;

/// A signed-in device, as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    /// The browser and the system, such as "Firefox on Linux".
    pub name: String,
    /// The IP address that it signed in from.
    pub address: String,
    /// When it was last used, to within five minutes.
    pub used_at: Millis,
    /// Whether the request came from this device.
    pub is_current: bool,
}

/// A user's devices, the last used first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    pub devices: Vec<Device>,
    /// The server's time when the list was read.
    pub now: Millis,
}

/// A part of the `User-Agent` header and the browser that it identifies. The order matters: most browsers also name
/// the ones below them.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The same for systems.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// The browser and the system of a `User-Agent` header, in words. Only the server uses it.
pub fn name_of_agent(agent: &str) -> String {
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name);
    let browser = find(BROWSERS).unwrap_or("An unknown browser");
    match find(SYSTEMS) {
        Some(system) => format!("{browser} on {system}"),
        None => browser.to_owned(),
    }
}

/// How long ago `at` was, in words.
pub fn ago_text(now: Millis, at: Millis) -> String {
    let minutes = (now.0 - at.0) / 60_000;
    match (minutes, minutes / 60, minutes / (24 * 60)) {
        (..1, ..) => "now".into(),
        (1, ..) => "1 minute ago".into(),
        (_, 0, _) => format!("{minutes} minutes ago"),
        (_, 1, _) => "1 hour ago".into(),
        (_, hours, 0) => format!("{hours} hours ago"),
        (.., 1) => "1 day ago".into(),
        (.., days) => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_systems_are_named_in_words() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 \
                 Safari/537.36 Edg/141.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 \
                 Mobile/15E148 Safari/604.1",
                "Chrome on iPad",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 \
                 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
        ] {
            assert_eq!(name_of_agent(agent), name, "{agent}");
        }
    }

    #[test]
    fn an_unknown_agent_is_called_unknown() {
        assert_eq!(name_of_agent(""), "An unknown browser");
        assert_eq!(name_of_agent("curl/8.5.0"), "An unknown browser");
        assert_eq!(name_of_agent("Lynx/2.9 (Linux)"), "An unknown browser on Linux");
    }

    #[test]
    fn the_time_ago_is_given_in_the_largest_unit() {
        const MINUTE: i64 = 60_000;
        for (millis, text) in [
            (-5, "now"),
            (MINUTE - 1, "now"),
            (MINUTE, "1 minute ago"),
            (59 * MINUTE, "59 minutes ago"),
            (60 * MINUTE, "1 hour ago"),
            (23 * 60 * MINUTE, "23 hours ago"),
            (24 * 60 * MINUTE, "1 day ago"),
            (30 * 24 * 60 * MINUTE, "30 days ago"),
        ] {
            assert_eq!(ago_text(Millis(millis), Millis(0)), text);
        }
    }
}
