//! The state machine: events in, effects out. Server frames are handled in `frames`, pages and `Welcome` in
//! `initial_state`, requests for older and newer messages in `history`, what is dropped in `memory`.

use super::connection::Connection;
use super::conversation::{ConversationSync, Delivered, Repair};
use super::conversation_list::ConversationList;
use super::effects::Effects;
use super::heartbeat::Due;
use super::memory::HELD_MAX;
use super::outbox::Outbox;
use super::presence::PresenceTracker;
use super::random::Random;
use super::read_position::{COLLECTED_FOR, ReadTracker};
use super::requests::{RequestKind, Requests};
use super::typing::Typing;
use super::{Diagnostics, Effect, Event, Now, Operation, Replica, StatePart, TabId};
use crate::model::{ConversationId, Error, SortedMap};
use crate::wire::ClientFrame;

/// A client's whole state. Pass events to [`Engine::handle`]; carry out the returned effects in their order.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(super) random: Random,
    pub(super) list: ConversationList,
    pub(super) read_positions: ReadTracker,
    pub(super) typing: Typing,
    pub(super) presence: PresenceTracker,
    pub(super) connection: Connection,
    pub(super) requests: Requests,
    pub(super) conversations: SortedMap<ConversationId, ConversationSync>,
    pub(super) outbox: Outbox,
    /// The conversations that the reader has seen, the latest last.
    pub(super) recently_seen: Vec<ConversationId>,
    /// The most messages that are held, of all conversations together.
    pub(super) held_max: usize,
    pub(super) diagnostics: Diagnostics,
    /// When the pending `Wake` is due.
    wake_at: Option<u64>,
}

impl Engine {
    /// `entropy` seeds identifiers and jitter: the same seed and events give the same effects.
    pub fn new(entropy: [u8; 16]) -> Self {
        let mut random = Random::new(entropy);
        let tab = TabId(random.number());
        Engine {
            random,
            list: ConversationList::default(),
            read_positions: ReadTracker::default(),
            typing: Typing::default(),
            presence: PresenceTracker::default(),
            connection: Connection::default(),
            requests: Requests::default(),
            conversations: SortedMap::new(),
            outbox: Outbox::new(tab),
            recently_seen: Vec::new(),
            held_max: HELD_MAX,
            diagnostics: Diagnostics::default(),
            wake_at: None,
        }
    }

    /// Applies an event and returns what the driver has to do.
    pub fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let mut out = Effects::default();
        let had_socket = self.connection.has_socket();
        self.apply(now, event, &mut out);
        if had_socket && !self.connection.has_socket() {
            self.connection_lost(&mut out);
        }
        if out.has_changed(StatePart::InitialState) {
            self.read_positions.list_received(&self.list);
            self.presence.update_wanted(self.list.initial_state());
        }
        self.note_reading(now.mono, &mut out);
        self.bound_memory(&mut out);
        if self.connection.is_live() {
            self.fail_overdue_requests(now.mono, &mut out);
            self.request_missing(now.mono, &mut out);
            self.send_presence(now, &mut out);
            self.send_read_positions(now.mono, &mut out);
            self.outbox.flush(now, &mut out);
        }
        if out.has_frames() {
            self.connection.frame_sent(now.mono);
        }
        self.schedule_tick(now.mono, &mut out);
        out.into_vec()
    }

    fn apply(&mut self, now: Now, event: Event, out: &mut Effects) {
        match event {
            Event::Loaded(opened) => self.load_page(now.mono, *opened, out),
            Event::OutboxLoaded(entries) => self.outbox_loaded(entries, out),
            Event::OutboxRemoved(id) => self.outbox.removed_elsewhere(id, out),
            Event::TabClosed(tab) => self.outbox.adopt(tab, out),
            Event::SocketOpened => self.connection.opened(out),
            Event::Frame(frame) => {
                if self.connection.is_open() {
                    self.connection.frame_received(now.mono);
                    self.frame_received(now.mono, *frame, out);
                }
            }
            Event::UnreadableFrame => {
                if self.connection.is_open() {
                    self.connection.outdated(out);
                }
            }
            Event::SocketClosed { opened, code } => {
                if self.connection.has_socket() {
                    self.connection.closed(now.mono, opened, code, &mut self.random, out);
                }
            }
            Event::Tick => self.tick(now.mono, out),
            Event::RetryNow => {
                let probe = self.connection.retry_now(now.mono, out);
                self.send_heartbeat(probe, now.mono, out);
            }
            Event::Offline => {
                let probe = self.connection.offline(now.mono, out);
                self.send_heartbeat(probe, now.mono, out);
            }
            Event::SessionChecked(check) => {
                let me = self.list.me();
                self.connection.session_checked(now.mono, check, me, out);
            }
            Event::Stopped => {
                if self.connection.is_live() {
                    self.read_positions.hurry();
                    self.send_read_positions(now.mono, out);
                }
                self.connection.stop(out);
            }
            Event::Resumed if self.list.initial_state().is_some() => self.connection.start(now.mono, out),
            Event::Resumed => {}
            Event::Post { conversation, body } => {
                self.outbox.post(now, conversation, &body, &mut self.random, out);
                self.typing.sent(conversation);
            }
            Event::Retry(id) => self.outbox.retry(now, id, &mut self.random, out),
            Event::Discard(id) => self.outbox.discard(id, out),
            Event::LoadOlder(id) => self.load_older(now.mono, id, out),
            Event::LoadNewer(id) => self.load_newer(now.mono, id, false, out),
            Event::LoadLatest(id) => self.load_newer(now.mono, id, true, out),
            Event::LoadAround(id, seq) => self.load_around(id, seq),
            Event::Reading(id, at) => self.set_reading(id, at),
            Event::Viewing(at) => self.read_positions.set_viewing(at),
            Event::MarkRead(id) => {
                if self.list.summary(id).is_some_and(|summary| self.read_positions.mark_read(now.mono, summary)) {
                    out.changed(StatePart::Summary(id));
                }
            }
            Event::MarkUnread(id, from) => {
                let marked = |summary| self.read_positions.mark_unread(now.mono, summary, from);
                if self.list.summary(id).is_some_and(marked) {
                    out.changed(StatePart::Summary(id));
                }
            }
            Event::WatchPresence(people) => {
                self.presence.set_shown(people);
                self.presence.update_wanted(self.list.initial_state());
            }
            Event::Active => self.presence.user_active(now.wall),
            Event::Typing(conversation) => {
                if self.connection.is_live() && self.typing.should_send(now.mono, conversation) {
                    out.send(ClientFrame::Typing { conversation });
                }
            }
            Event::Ping => self.send_diagnostic(
                now.mono,
                RequestKind::Ping(now.mono),
                |request| ClientFrame::Ping { request },
                out,
            ),
            Event::Status => {
                self.send_diagnostic(now.mono, RequestKind::Status, |request| ClientFrame::Status { request }, out)
            }
            Event::Echo(text) => self.echo(now.mono, text, out),
        }
    }

    fn outbox_loaded(&mut self, entries: Vec<Operation>, out: &mut Effects) {
        self.outbox.load(entries, out);
        // Some may have been acknowledged to a page that closed before the acknowledgement arrived.
        let held = self.conversations.values().filter_map(|sync| sync.replica.as_ref());
        let delivered = held.flat_map(Replica::messages).cloned().collect();
        self.complete_delivered(delivered, out);
    }

    /// These messages have been applied: the user's own among them leave the outbox.
    pub(super) fn complete_delivered(&mut self, messages: Delivered, out: &mut Effects) {
        let Some(me) = self.list.me() else { return };
        for message in messages.iter().filter(|message| message.author == me) {
            self.outbox.complete(message.id, out);
        }
    }

    fn tick(&mut self, now: u64, out: &mut Effects) {
        self.wake_at = None;
        for id in self.typing.expire(now) {
            out.changed(StatePart::Typing(id));
        }
        match self.connection.tick(now, out) {
            Due::Nothing => {}
            Due::Ping => self.send_heartbeat(true, now, out),
            Due::Dead => {
                out.push(Effect::Disconnect);
                let opened = self.connection.is_open();
                self.connection.closed(now, opened, None, &mut self.random, out);
            }
        }
    }

    fn send_heartbeat(&mut self, wanted: bool, now: u64, out: &mut Effects) {
        if wanted {
            let request = self.requests.open(now, RequestKind::Heartbeat(now));
            out.send(ClientFrame::Ping { request });
        }
    }

    /// The connection is lost: its open requests will not be answered.
    pub(super) fn connection_lost(&mut self, out: &mut Effects) {
        if self.requests.connection_lost() {
            self.diagnostics.error = Some(Error::unreachable());
            out.changed(StatePart::Diagnostics);
        }
        self.conversations.values_mut().for_each(ConversationSync::connection_lost);
        self.list.connection_lost();
        self.read_positions.connection_lost();
        self.presence.connection_lost();
        self.outbox.connection_lost(out);
    }

    /// Fails requests that were not answered in time, as if the server had answered `unavailable`.
    fn fail_overdue_requests(&mut self, now: u64, out: &mut Effects) {
        // A heartbeat has its own timeout, after which the connection counts as dead.
        let overdue = self.requests.overdue(now).into_iter();
        for kind in overdue.filter(|kind| !matches!(kind, RequestKind::Heartbeat(_))) {
            self.request_refused(now, kind, Error::no_answer(), out);
        }
    }

    /// Requests what is known to be missing.
    fn request_missing(&mut self, now: u64, out: &mut Effects) {
        let conversations = &self.conversations;
        if self.list.should_request(now, |id| conversations.get(&id).is_some_and(ConversationSync::is_behind)) {
            let request = self.requests.open(now, RequestKind::InitialState);
            out.send(ClientFrame::InitialState { request });
        }
        for (&conversation, sync) in self.conversations.iter_mut() {
            match sync.next_repair(now) {
                Some(Repair::Changes { since }) => {
                    let request = self.requests.open(now, RequestKind::Changes(conversation));
                    out.send(ClientFrame::Changes { request, conversation, since });
                }
                Some(Repair::FreshWindow { at, limit }) => {
                    let request = self.requests.open(now, RequestKind::FreshWindow(conversation));
                    out.send(ClientFrame::History { request, conversation, at, limit });
                }
                None => {}
            }
        }
    }

    /// Subscribes to presence, and reports the user's own activity.
    fn send_presence(&mut self, now: Now, out: &mut Effects) {
        if let Some(users) = self.presence.next_watch(now.mono) {
            let request = self.requests.open(now.mono, RequestKind::Watch);
            out.send(ClientFrame::WatchPresence { request, users });
        }
        if self.presence.should_send_active(now.mono, now.wall) {
            out.send(ClientFrame::Active {});
        }
    }

    /// What the user is viewing is read.
    fn note_reading(&mut self, now: u64, out: &mut Effects) {
        if let Some(id) = self.read_positions.being_read()
            && self.conversations.get(&id).and_then(|sync| sync.replica.as_ref()).is_some_and(Replica::at_latest)
            && let Some(summary) = self.list.summary(id)
            && self.read_positions.mark_read(now.saturating_add(COLLECTED_FOR), summary)
        {
            out.changed(StatePart::Summary(id));
        }
    }

    /// Sends the read positions that are due.
    fn send_read_positions(&mut self, now: u64, out: &mut Effects) {
        while let Some((conversation, seq, replaces)) = self.read_positions.next_to_send(now) {
            let request = self.requests.open(now, RequestKind::Read(conversation));
            out.send(ClientFrame::Read { request, conversation, seq, replaces });
        }
    }

    /// Requests a `Tick` for the next deadline, unless the pending one comes early enough. An early tick is harmless, so
    /// a deadline that moves later changes nothing: otherwise every frame would reset the driver's timer.
    fn schedule_tick(&mut self, now: u64, out: &mut Effects) {
        let live = self.connection.is_live();
        let conversations = self.conversations.values().filter_map(ConversationSync::deadline);
        let while_live = conversations
            .chain(self.outbox.deadline())
            .chain(self.requests.deadline())
            .chain(self.read_positions.deadline())
            .chain(self.list.deadline())
            .chain(self.presence.deadline())
            .filter(|_| live);
        let Some(next) = while_live.chain(self.connection.deadline()).chain(self.typing.deadline()).min() else {
            return;
        };
        if self.wake_at.is_none_or(|moment| next < moment || moment <= now) {
            self.wake_at = Some(next);
            out.push(Effect::Wake(next));
        }
    }
}
