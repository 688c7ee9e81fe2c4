//! The outbox: a queue of operations, shared by all tabs of a browser.
//!
//! Every tab holds and shows all operations of the user; each is sent by one tab, the one where it was made. When a tab
//! closes, another adopts its operations. If two tabs send the same one, the server recognises its identifier.

use super::conversation::RETRY_MOST;
use super::effects::Effects;
use super::operation::{Operation, OperationKind, OperationState, TabId};
use super::random::Random;
use super::{Effect, Now, StatePart};
use crate::model::{Body, Code, ConversationId, Error, MessageId, Millis, SortedMap, SortedSet, UserId};
use crate::wire::ClientFrame;

/// The most operations that wait at a time.
pub(super) const WAITING_MAX: usize = 500;
/// The most operations that are sent and not acknowledged.
pub(super) const IN_FLIGHT_MAX: usize = 32;
/// How long sending pauses after a temporary refusal without `retry_after` (milliseconds).
const PAUSE: u64 = 1_000;
/// An operation that is not acknowledged within this time is sent again (milliseconds). The server waits for its disk
/// and nothing else.
pub(super) const ANSWER_WITHIN: u64 = 20_000;
/// An operation that has waited for longer than this (milliseconds) is sent only after the user has confirmed it: they
/// may have posted it elsewhere in the meantime.
pub(super) const STALE_AFTER: i64 = 24 * 60 * 60 * 1_000;

/// How many completed operations are remembered: more than two tabs can pass to each other at a time.
const REMEMBERED_MAX: usize = 1_000;

/// The operations in sending order. Those of another user are kept, but neither shown nor sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outbox {
    tab: TabId,
    user: Option<UserId>,
    operations: Vec<Operation>,
    /// The operations that were completed or discarded last, at most [`REMEMBERED_MAX`]: another tab may store one again
    /// before it learns of that.
    completed: SortedSet<MessageId>,
    /// When each sent operation is overdue (monotonic).
    unanswered: SortedMap<MessageId, u64>,
    /// Sending is paused until then.
    resume_at: Option<u64>,
    /// The time in the last identifier that was made.
    last_id_at: i64,
}

impl Outbox {
    pub(super) fn new(tab: TabId) -> Self {
        Outbox {
            tab,
            user: None,
            operations: Vec::new(),
            completed: SortedSet::new(),
            unanswered: SortedMap::new(),
            resume_at: None,
            last_id_at: 0,
        }
    }

    pub(super) fn tab(&self) -> TabId {
        self.tab
    }

    /// Sets whose operations are shown and sent.
    pub(super) fn set_user(&mut self, user: UserId, out: &mut Effects) {
        if self.user != Some(user) {
            self.user = Some(user);
            self.operations.iter().for_each(|operation| changed(operation, out));
        }
    }

    /// The user's operations, whichever tab sends them.
    pub(super) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| Some(operation.author) == self.user)
    }

    /// How many will be sent without a decision of the user.
    pub(super) fn waiting(&self) -> usize {
        self.operations().filter(|operation| operation.is_waiting()).count()
    }

    /// The other tabs that send operations of this user.
    pub(super) fn other_tabs(&self) -> SortedSet<TabId> {
        self.operations().map(|operation| operation.tab).filter(|tab| *tab != self.tab).collect()
    }

    fn position(&self, id: MessageId) -> Option<usize> {
        self.operations.iter().position(|operation| operation.id == id && Some(operation.author) == self.user)
    }

    /// Makes an identifier. Identifiers of one engine rise even if the clock is set back, so their order is the order of
    /// posting.
    fn new_id(&mut self, now: Now, random: &mut Random) -> MessageId {
        self.last_id_at = now.wall.0.max(self.last_id_at.saturating_add(1));
        MessageId::new(Millis(self.last_id_at), random.bytes())
    }

    /// The normalised body of a post, if it is valid and the outbox is not full.
    ///
    /// # Errors
    /// `Invalid` for a body that breaks its rules, `TooMany` when [`WAITING_MAX`] operations wait already.
    pub(super) fn check_post(&self, body: &str) -> Result<Body, Error> {
        let body = Body::parse(body)?;
        if self.waiting() >= WAITING_MAX {
            let message =
                format!("{WAITING_MAX} messages are waiting to be sent already. Try again when some have gone.");
            return Err(Error { code: Code::TooMany, message, fields: Vec::new(), retry_after: None });
        }
        Ok(body)
    }

    /// Adds a post. What [`Outbox::check_post`] refuses is ignored: the caller checks first and keeps the text. (Before
    /// the first page is loaded there is no user and no composer.)
    pub(super) fn post(
        &mut self,
        now: Now,
        conversation: ConversationId,
        body: &str,
        random: &mut Random,
        out: &mut Effects,
    ) {
        let (Some(author), Ok(body)) = (self.user, self.check_post(body)) else { return };
        let id = self.new_id(now, random);
        let kind = OperationKind::Post { body: body.into_string() };
        let operation =
            Operation { id, conversation, author, at: now.wall, tab: self.tab, kind, state: OperationState::Queued };
        out.push(Effect::Store(operation.clone()));
        changed(&operation, out);
        self.operations.push(operation);
    }

    /// Sends a failed or stale operation again at the user's request: it moves to the end, and this tab sends it.
    pub(super) fn retry(&mut self, now: Now, id: MessageId, random: &mut Random, out: &mut Effects) {
        let Some(position) = self.position(id) else { return };
        let used_before = match &self.operations[position].state {
            OperationState::Failed(error) => error.code == Code::Conflict,
            OperationState::Stale => false,
            OperationState::Queued | OperationState::Sent => return,
        };
        let mut operation = self.operations.remove(position);
        changed(&operation, out);
        if let Err(error) = self.check_post(operation.body()) {
            operation.state = OperationState::Failed(error);
            return self.operations.insert(position, operation);
        }
        if used_before {
            out.push(Effect::Remove(operation.id));
            operation.id = self.new_id(now, random);
        }
        (operation.at, operation.tab, operation.state) = (now.wall, self.tab, OperationState::Queued);
        out.push(Effect::Store(operation.clone()));
        self.operations.push(operation);
    }

    /// Discards an operation at the user's request. One that is sent can no longer be discarded.
    pub(super) fn discard(&mut self, id: MessageId, out: &mut Effects) {
        let is_sent = |operation: &Operation| operation.state == OperationState::Sent;
        if self.position(id).is_some_and(|position| !is_sent(&self.operations[position])) {
            self.complete(id, out);
        }
    }

    /// The server has made the change: the replica shows it from now on, and storage drops the operation.
    pub(super) fn complete(&mut self, id: MessageId, out: &mut Effects) {
        if self.drop_operation(id, out).is_some() {
            out.push(Effect::Remove(id));
        }
    }

    /// Another tab has completed or discarded the operation and removed it from storage. A claim of this tab may have
    /// been stored after that, and is removed as well.
    pub(super) fn removed_elsewhere(&mut self, id: MessageId, out: &mut Effects) {
        if self.drop_operation(id, out).is_some_and(|operation| operation.tab == self.tab) {
            out.push(Effect::Remove(id));
        }
    }

    fn drop_operation(&mut self, id: MessageId, out: &mut Effects) -> Option<Operation> {
        self.completed.insert(id);
        if self.completed.len() > REMEMBERED_MAX {
            // Identifiers begin with the time: the oldest goes.
            self.completed.pop_first();
        }
        self.unanswered.remove(&id);
        let operation = self.operations.remove(self.position(id)?);
        changed(&operation, out);
        Some(operation)
    }

    /// Merges operations read from storage: at start, or when another tab has stored them.
    pub(super) fn load(&mut self, operations: Vec<Operation>, out: &mut Effects) {
        for mut operation in operations {
            // Whether it arrived is known to the tab that sent it alone.
            if operation.state == OperationState::Sent {
                operation.state = OperationState::Queued;
            }
            // A claim of another tab that was made before it learned of the completion.
            if Some(operation.author) == self.user && self.completed.contains(&operation.id) {
                out.push(Effect::Remove(operation.id));
                continue;
            }
            if Some(operation.author) == self.user {
                changed(&operation, out);
            }
            match self.operations.iter_mut().find(|held| held.id == operation.id) {
                // This tab sends it, so its own state is newer.
                Some(held) if held.tab == self.tab && operation.tab == self.tab => {}
                // Two tabs that claim the same operation agree on the tab with the lower number, without a round trip. One
                // that a person has retried is later, and stays with the tab where they did.
                Some(held) if held.tab == self.tab && operation.tab > self.tab && operation.at <= held.at => {
                    out.push(Effect::Store(held.clone()));
                }
                Some(held) => {
                    self.unanswered.remove(&operation.id);
                    *held = operation;
                }
                None => {
                    // Ordered by creation: identifiers begin with the time.
                    let index = self.operations.partition_point(|held| held.id < operation.id);
                    self.operations.insert(index, operation);
                }
            }
        }
    }

    /// Adopts the operations of a tab that has closed: this tab sends them from now on.
    pub(super) fn adopt(&mut self, tab: TabId, out: &mut Effects) {
        if tab == self.tab {
            return;
        }
        for operation in self.operations.iter_mut().filter(|operation| operation.tab == tab) {
            operation.tab = self.tab;
            out.push(Effect::Store(operation.clone()));
            changed(operation, out);
        }
    }

    /// The server refused an operation, temporarily or for good. Returns whether it requires a session.
    pub(super) fn refused(&mut self, now: u64, id: MessageId, error: Error, out: &mut Effects) -> bool {
        let Some(position) = self.position(id) else {
            return false;
        };
        let operation = &mut self.operations[position];
        if operation.state != OperationState::Sent {
            return false;
        }
        self.unanswered.remove(&id);
        changed(operation, out);
        match error.code {
            Code::Unavailable | Code::TooMany | Code::SignInRequired => {
                operation.state = OperationState::Queued;
                let pause = error.retry_after.unwrap_or(PAUSE).min(RETRY_MOST);
                self.resume_at = self.resume_at.max(Some(now.saturating_add(pause)));
                error.code == Code::SignInRequired
            }
            Code::Invalid
            | Code::WrongCredentials
            | Code::Forbidden
            | Code::NotFound
            | Code::NotMember
            | Code::Conflict
            | Code::Internal
            | Code::Unknown => {
                operation.state = OperationState::Failed(error);
                out.push(Effect::Store(operation.clone()));
                false
            }
        }
    }

    /// The connection is lost. Whether the sent operations arrived is unknown: they are sent again with their identifiers.
    pub(super) fn connection_lost(&mut self, out: &mut Effects) {
        self.resume_at = None;
        self.unanswered.clear();
        self.requeue(|_| true, out);
    }

    fn requeue(&mut self, which: impl Fn(MessageId) -> bool, out: &mut Effects) {
        let sent = |operation: &&mut Operation| operation.state == OperationState::Sent && which(operation.id);
        for operation in self.operations.iter_mut().filter(sent) {
            operation.state = OperationState::Queued;
            changed(operation, out);
        }
    }

    /// Sends queued operations in order, up to [`IN_FLIGHT_MAX`] unacknowledged ones. Call it only while connected.
    ///
    /// While an earlier post of the same conversation is not acknowledged, a post names it (`after`), so that the server
    /// refuses the later one if the earlier one has to be sent again.
    pub(super) fn flush(&mut self, now: Now, out: &mut Effects) {
        let late = |moment: &u64| *moment <= now.mono;
        if self.unanswered.values().any(late) {
            let late: SortedSet<_> = self.unanswered.iter().filter(|(_, at)| late(at)).map(|(id, _)| *id).collect();
            self.unanswered.retain(|id, _| !late.contains(id));
            self.requeue(|id| late.contains(&id), out);
        }
        if self.resume_at.is_some_and(|moment| moment > now.mono) {
            return;
        }
        self.resume_at = None;
        let (user, tab) = (self.user, self.tab);
        let mut capacity = IN_FLIGHT_MAX.saturating_sub(self.unanswered.len());
        let mut previous: SortedMap<ConversationId, MessageId> = SortedMap::new();
        for operation in
            self.operations.iter_mut().filter(|operation| Some(operation.author) == user && operation.tab == tab)
        {
            if operation.state == OperationState::Queued && now.wall.0.saturating_sub(operation.at.0) > STALE_AFTER {
                operation.state = OperationState::Stale;
                out.push(Effect::Store(operation.clone()));
                changed(operation, out);
            }
            match operation.state {
                OperationState::Stale | OperationState::Failed(_) => continue,
                OperationState::Queued if capacity == 0 => break,
                OperationState::Queued => {
                    capacity -= 1;
                    operation.state = OperationState::Sent;
                    self.unanswered.insert(operation.id, now.mono.saturating_add(ANSWER_WITHIN));
                    let (id, conversation, body) = (operation.id, operation.conversation, operation.body().to_owned());
                    let after = previous.get(&conversation).copied();
                    out.send(ClientFrame::Post { id, conversation, body, after });
                    changed(operation, out);
                }
                OperationState::Sent => {}
            }
            previous.insert(operation.conversation, operation.id);
        }
    }

    /// When a pause of sending ends or an answer is overdue, whichever is first.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.resume_at.into_iter().chain(self.unanswered.values().copied()).min()
    }
}

fn changed(operation: &Operation, out: &mut Effects) {
    out.changed(StatePart::Outbox(operation.conversation));
}
