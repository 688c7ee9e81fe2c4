//! What a person has sent and the server has not yet acknowledged.

use super::conversation::RETRY_MOST;
use super::effects::Effects;
use super::random::Random;
use super::{Effect, Now, StatePart};
use crate::model::{Body, Code, ConversationId, Error, MessageId, Millis, UserId};
use crate::wire::ClientFrame;
use serde::{Deserialize, Serialize};

/// The most messages that wait at a time.
pub(super) const WAITING_MAX: usize = 500;
/// The most messages that are on the wire unacknowledged.
pub(super) const IN_FLIGHT_MAX: usize = 32;
/// After "not now", sending pauses for this unless the server says for how long (milliseconds).
const PAUSE: u64 = 1_000;

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub author: UserId,
    /// Normalised, as it is sent.
    pub body: String,
    /// When it was written, by this device's clock.
    pub at: Millis,
    pub state: PendingState,
}

/// How far a message on its way has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingState {
    /// Waits to be sent.
    Queued,
    /// On the wire, not yet acknowledged. Stored as `Queued`: after a restart nobody knows what became of it.
    #[serde(rename(serialize = "queued"), skip_deserializing)]
    Sent,
    /// Refused for good; a person decides.
    Failed(Error),
}

/// The messages on their way, in the order of sending. Those of another user are kept, but neither shown nor sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outbox {
    me: Option<UserId>,
    entries: Vec<Pending>,
    /// Nothing is sent before this.
    resume_at: Option<u64>,
    /// The time in the last identifier.
    minted: i64,
}

impl Outbox {
    /// Whose messages these are.
    pub(super) fn belongs_to(&mut self, me: UserId, out: &mut Effects) {
        if self.me != Some(me) {
            self.me = Some(me);
            self.entries.iter().for_each(|entry| out.changed(StatePart::Outbox(entry.conversation)));
        }
    }

    pub(super) fn mine(&self) -> impl Iterator<Item = &Pending> {
        self.entries.iter().filter(|entry| Some(entry.author) == self.me)
    }

    /// How many are neither acknowledged nor failed.
    pub(super) fn waiting(&self) -> usize {
        self.mine().filter(|entry| !matches!(entry.state, PendingState::Failed(_))).count()
    }

    fn position(&self, id: MessageId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id && Some(entry.author) == self.me)
    }

    /// Identifiers of one engine rise, so that their order is the order of writing even when a clock is set back.
    fn mint(&mut self, now: Now, random: &mut Random) -> MessageId {
        self.minted = now.wall.0.max(self.minted.saturating_add(1));
        MessageId::new(Millis(self.minted), random.bytes())
    }

    /// A person sends a message. One that breaks a rule is shown as failed with the reason, and is not stored.
    /// (Before the first page there is no user, and nothing to write in.)
    pub(super) fn post(
        &mut self,
        now: Now,
        conversation: ConversationId,
        body: &str,
        random: &mut Random,
        out: &mut Effects,
    ) {
        let Some(author) = self.me else { return };
        let id = self.mint(now, random);
        let (body, state) = match self.admit(body) {
            Ok(body) => (body, PendingState::Queued),
            Err(error) => (body.to_owned(), PendingState::Failed(error)),
        };
        let entry = Pending { id, conversation, author, body, at: now.wall, state };
        if entry.state == PendingState::Queued {
            out.push(Effect::Store(entry.clone()));
        }
        self.entries.push(entry);
        out.changed(StatePart::Outbox(conversation));
    }

    /// The normalised text, if there is room for it.
    fn admit(&self, body: &str) -> Result<String, Error> {
        let body = Body::parse(body)?;
        if self.waiting() >= WAITING_MAX {
            let message =
                format!("{WAITING_MAX} messages are waiting to be sent already. Try again when some have gone.");
            return Err(Error { code: Code::TooMany, message, fields: Vec::new(), retry_after: None });
        }
        Ok(body.into_string())
    }

    /// A person wants a failed message tried again: it goes to the end.
    pub(super) fn retry(&mut self, now: Now, id: MessageId, random: &mut Random, out: &mut Effects) {
        let Some(position) = self.position(id) else { return };
        let PendingState::Failed(error) = &self.entries[position].state else {
            return;
        };
        let taken = error.code == Code::Conflict;
        let mut entry = self.entries.remove(position);
        out.changed(StatePart::Outbox(entry.conversation));
        match self.admit(&entry.body) {
            Ok(body) => {
                (entry.body, entry.state) = (body, PendingState::Queued);
                if taken {
                    out.push(Effect::Remove(entry.id));
                    entry.id = self.mint(now, random);
                }
                out.push(Effect::Store(entry.clone()));
                self.entries.push(entry);
            }
            Err(error) => {
                entry.state = PendingState::Failed(error);
                self.entries.insert(position, entry);
            }
        }
    }

    /// A person gives a message up. One that is on the wire can no longer be held back.
    pub(super) fn discard(&mut self, id: MessageId, out: &mut Effects) {
        let on_the_wire = |entry: &Pending| entry.state == PendingState::Sent;
        if self.position(id).is_some_and(|position| !on_the_wire(&self.entries[position])) {
            self.retire(id, out);
        }
    }

    /// The message stands: it is shown as a message from now on, and no longer kept here.
    pub(super) fn retire(&mut self, id: MessageId, out: &mut Effects) {
        if self.drop_entry(id, out) {
            out.push(Effect::Remove(id));
        }
    }

    /// Another page has dealt with it; its storage entry is gone.
    pub(super) fn forget(&mut self, id: MessageId, out: &mut Effects) {
        self.drop_entry(id, out);
    }

    fn drop_entry(&mut self, id: MessageId, out: &mut Effects) -> bool {
        let position = self.position(id);
        if let Some(position) = position {
            out.changed(StatePart::Outbox(self.entries.remove(position).conversation));
        }
        position.is_some()
    }

    /// What the body's storage kept: older than anything written since, so it takes its place by identifier.
    pub(super) fn restore(&mut self, entries: Vec<Pending>, out: &mut Effects) {
        for mut entry in entries {
            if self.entries.iter().any(|held| held.id == entry.id) {
                continue;
            }
            if entry.state == PendingState::Sent {
                entry.state = PendingState::Queued;
            }
            if Some(entry.author) == self.me {
                out.changed(StatePart::Outbox(entry.conversation));
            }
            // In the order of their making, which their identifiers begin with.
            let place = self.entries.partition_point(|held| held.id < entry.id);
            self.entries.insert(place, entry);
        }
    }

    /// The server refused a message: for now, or for good. Tells whether it wants a session first.
    pub(super) fn refused(&mut self, now: u64, id: MessageId, error: Error, out: &mut Effects) -> bool {
        let Some(position) = self.position(id) else {
            return false;
        };
        let entry = &mut self.entries[position];
        if entry.state != PendingState::Sent {
            return false;
        }
        out.changed(StatePart::Outbox(entry.conversation));
        match error.code {
            Code::Unavailable | Code::TooMany | Code::SignInRequired => {
                entry.state = PendingState::Queued;
                let pause = error.retry_after.unwrap_or(PAUSE).min(RETRY_MOST);
                self.resume_at = self.resume_at.max(Some(now.saturating_add(pause)));
                error.code == Code::SignInRequired
            }
            Code::Invalid
            | Code::WrongCredentials
            | Code::Forbidden
            | Code::NotFound
            | Code::Conflict
            | Code::Internal
            | Code::Unknown => {
                entry.state = PendingState::Failed(error);
                out.push(Effect::Store(entry.clone()));
                false
            }
        }
    }

    /// The connection is gone. What was on the wire may have arrived or not: it is sent again with its identifier.
    pub(super) fn lost(&mut self, out: &mut Effects) {
        self.resume_at = None;
        for entry in self.entries.iter_mut().filter(|entry| entry.state == PendingState::Sent) {
            entry.state = PendingState::Queued;
            out.changed(StatePart::Outbox(entry.conversation));
        }
    }

    /// Sends what waits, in order, as far as the wire has room. Only while connected.
    pub(super) fn flush(&mut self, now: u64, out: &mut Effects) {
        if self.resume_at.is_some_and(|moment| moment > now) {
            return;
        }
        self.resume_at = None;
        let in_flight = self.mine().filter(|entry| entry.state == PendingState::Sent).count();
        let me = self.me;
        let queued = |entry: &&mut Pending| entry.state == PendingState::Queued && Some(entry.author) == me;
        for entry in self.entries.iter_mut().filter(queued).take(IN_FLIGHT_MAX.saturating_sub(in_flight)) {
            entry.state = PendingState::Sent;
            let (id, conversation, body) = (entry.id, entry.conversation, entry.body.clone());
            out.send(ClientFrame::Post { id, conversation, body, after: None });
            out.changed(StatePart::Outbox(conversation));
        }
    }

    /// When sending goes on after a pause.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.resume_at
    }
}
