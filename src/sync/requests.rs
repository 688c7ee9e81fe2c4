//! Questions to the server that wait for their answers.

use crate::model::ConversationId;
use crate::wire::RequestId;
use std::collections::BTreeMap;

/// What was asked, and so what the answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What changed above the cursor.
    Changes(ConversationId),
    /// A fresh window, because too much changed or nothing is held any more.
    Afresh(ConversationId),
    /// The messages before the oldest held.
    Older(ConversationId),
    /// The messages after the newest held.
    Newer(ConversationId),
    /// The newest messages, for a reader who is elsewhere.
    Latest(ConversationId),
    /// One's own list.
    InitialState,
    /// The read position of a conversation is to be moved.
    Read(ConversationId),
    /// Who is there.
    Watch,
    /// Whether the connection is alive; the time is when it was sent (monotonic, as all here).
    Heartbeat(u64),
    Ping(u64),
    Echo(u64),
    Status,
}

impl Question {
    fn conversation(self) -> Option<ConversationId> {
        match self {
            Question::Changes(id)
            | Question::Afresh(id)
            | Question::Older(id)
            | Question::Newer(id)
            | Question::Latest(id)
            | Question::Read(id) => Some(id),
            Question::InitialState
            | Question::Watch
            | Question::Heartbeat(_)
            | Question::Ping(_)
            | Question::Echo(_)
            | Question::Status => None,
        }
    }

    /// Whether both are of one kind, so that the later makes the earlier pointless.
    fn supersedes(self, other: Question) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other) && self.conversation() == other.conversation()
    }
}

/// A request without an answer for this long (milliseconds) has failed. The server answers reads from its own database,
/// so even a slow one answers well within it.
pub(super) const ANSWER_WITHIN: u64 = 20_000;

/// The open requests of one connection: at most one of each kind, so their number is bounded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Requests {
    last: RequestId,
    open: BTreeMap<RequestId, OpenRequest>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct OpenRequest {
    question: Question,
    /// When it has failed without an answer (monotonic).
    until: u64,
}

impl Requests {
    /// Numbers a request. Numbers go on across connections, so that an answer can never meet another's request.
    pub(super) fn ask(&mut self, now: u64, question: Question) -> RequestId {
        self.open.retain(|_, open| !question.supersedes(open.question));
        self.last = self.last.wrapping_add(1);
        self.open.insert(self.last, OpenRequest { question, until: now.saturating_add(ANSWER_WITHIN) });
        self.last
    }

    /// The question that an answer belongs to, if it is open and the answer is of its kind.
    pub(super) fn answer(&mut self, request: RequestId, fits: impl Fn(Question) -> bool) -> Option<Question> {
        let question = self.open.get(&request).map(|open| open.question).filter(|question| fits(*question))?;
        self.open.remove(&request);
        Some(question)
    }

    /// Takes out the questions whose time is up.
    pub(super) fn overdue(&mut self, now: u64) -> Vec<Question> {
        let overdue: Vec<_> =
            self.open.iter().filter(|(_, open)| open.until <= now).map(|(id, open)| (*id, *open)).collect();
        self.open.retain(|_, open| open.until > now);
        overdue.into_iter().map(|(_, open)| open.question).collect()
    }

    /// When the next question's time is up.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.open.values().map(|open| open.until).min()
    }

    /// A question that is no longer of interest: its answer will be ignored.
    pub(super) fn forget(&mut self, gone: impl Fn(Question) -> bool) {
        self.open.retain(|_, open| !gone(open.question));
    }

    /// Forgets everything about a conversation.
    pub(super) fn forget_conversation(&mut self, id: ConversationId) {
        self.forget(|question| question.conversation() == Some(id));
    }

    /// The connection is gone, and with it every answer. Tells whether the diagnostics page waits for one.
    pub(super) fn lost(&mut self) -> bool {
        let open = std::mem::take(&mut self.open);
        open.into_values().any(|open| matches!(open.question, Question::Ping(_) | Question::Echo(_) | Question::Status))
    }
}
