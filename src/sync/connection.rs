//! When to connect, when to wait, and how to notice that a connection is dead.

/// How the connection stands, as a person is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
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
