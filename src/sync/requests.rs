//! Requests to the server that wait for an answer.

use crate::model::{ConversationId, SortedMap};
use crate::wire::RequestId;

/// What was requested, and so what the answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// What changed above the cursor.
    Changes(ConversationId),
    /// A new window, because too much changed or nothing is held any more.
    FreshWindow(ConversationId),
    /// The messages before the oldest held.
    Older(ConversationId),
    /// The messages after the newest held.
    Newer(ConversationId),
    /// The newest messages, for a reader who is further up.
    Latest(ConversationId),
    /// The user's conversation list.
    InitialState,
    /// Moves the read position of a conversation.
    Read(ConversationId),
    /// Subscribes to presence.
    Watch,
    /// A ping that tests the connection. The number is when it was sent (monotonic, as everywhere here).
    Heartbeat(u64),
    Ping(u64),
    Echo(u64),
    Status,
}

impl RequestKind {
    fn conversation(self) -> Option<ConversationId> {
        match self {
            RequestKind::Changes(id)
            | RequestKind::FreshWindow(id)
            | RequestKind::Older(id)
            | RequestKind::Newer(id)
            | RequestKind::Latest(id)
            | RequestKind::Read(id) => Some(id),
            RequestKind::InitialState
            | RequestKind::Watch
            | RequestKind::Heartbeat(_)
            | RequestKind::Ping(_)
            | RequestKind::Echo(_)
            | RequestKind::Status => None,
        }
    }

    /// Whether both request the same, so that the later replaces the earlier.
    fn supersedes(self, other: RequestKind) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other) && self.conversation() == other.conversation()
    }
}

/// A request that is not answered within this time (milliseconds) has failed. The server answers reads from its own
/// database, so even a slow one is well within it.
pub(super) const ANSWER_WITHIN: u64 = 20_000;

/// The open requests of one connection: at most one of each kind, so their number is bounded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Requests {
    last: RequestId,
    open: SortedMap<RequestId, OpenRequest>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct OpenRequest {
    kind: RequestKind,
    /// When it times out (monotonic).
    until: u64,
}

impl Requests {
    /// Opens a request and returns its number. Numbers continue across connections, so that a late answer never matches a
    /// request of another connection.
    pub(super) fn open(&mut self, now: u64, kind: RequestKind) -> RequestId {
        self.open.retain(|_, open| !kind.supersedes(open.kind));
        self.last = self.last.wrapping_add(1);
        self.open.insert(self.last, OpenRequest { kind, until: now.saturating_add(ANSWER_WITHIN) });
        self.last
    }

    /// Closes the request that an answer belongs to, if it is open and `fits` accepts its kind.
    pub(super) fn complete(&mut self, request: RequestId, fits: impl Fn(RequestKind) -> bool) -> Option<RequestKind> {
        let kind = self.open.get(&request).map(|open| open.kind).filter(|kind| fits(*kind))?;
        self.open.remove(&request);
        Some(kind)
    }

    /// Removes and returns the requests that have timed out.
    pub(super) fn overdue(&mut self, now: u64) -> Vec<RequestKind> {
        let overdue: Vec<_> =
            self.open.iter().filter(|(_, open)| open.until <= now).map(|(id, open)| (*id, *open)).collect();
        self.open.retain(|_, open| open.until > now);
        overdue.into_iter().map(|(_, open)| open.kind).collect()
    }

    /// When the next request times out.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.open.values().map(|open| open.until).min()
    }

    /// Forgets requests whose answers are no longer wanted.
    pub(super) fn forget(&mut self, gone: impl Fn(RequestKind) -> bool) {
        self.open.retain(|_, open| !gone(open.kind));
    }

    /// Forgets the requests for a conversation's messages. The answer to a read position is still wanted.
    pub(super) fn forget_conversation(&mut self, id: ConversationId) {
        self.forget(|kind| kind.conversation() == Some(id) && kind != RequestKind::Read(id));
    }

    /// The connection is lost, and every answer with it. Returns whether the diagnostics page was waiting for one.
    pub(super) fn connection_lost(&mut self) -> bool {
        let open = std::mem::take(&mut self.open);
        open.into_values()
            .any(|open| matches!(open.kind, RequestKind::Ping(_) | RequestKind::Echo(_) | RequestKind::Status))
    }
}
