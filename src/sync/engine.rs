//! The machine itself: events in, effects out. What a person does is handled here; what the server says in
//! `frames`, and where both start from in `home`.

use super::connection::Connection;
use super::conversation::{ConversationSync, Delivered, Need};
use super::conversation_list::ConversationList;
use super::effects::Effects;
use super::heartbeat::Due;
use super::outbox::Outbox;
use super::presence::PresenceTracker;
use super::random::Random;
use super::read_position::ReadTracker;
use super::replica::FetchState;
use super::requests::{Question, Requests};
use super::typing::Typing;
use super::{Diagnostics, Effect, Event, Now, Operation, Replica, StatePart, TabId};
use crate::model::conversation::WINDOW;
use crate::model::{ConversationId, Error};
use crate::wire::{Anchor, ClientFrame, ECHO_MAX, RequestId};
use std::collections::BTreeMap;

/// A client's whole state. Give it events; carry out what it returns, in its order.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(super) random: Random,
    pub(super) list: ConversationList,
    pub(super) reading: ReadTracker,
    pub(super) typing: Typing,
    pub(super) people: PresenceTracker,
    pub(super) connection: Connection,
    pub(super) requests: Requests,
    pub(super) tracks: BTreeMap<ConversationId, ConversationSync>,
    pub(super) outbox: Outbox,
    pub(super) diagnostics: Diagnostics,
    /// The moment of the `Wake` that is still to come.
    wake_at: Option<u64>,
}

impl Engine {
    /// `entropy` seeds the identifiers and the jitter; the same seed gives the same trace.
    pub fn new(entropy: [u8; 16]) -> Self {
        let mut random = Random::new(entropy);
        let tab = TabId(random.number());
        Engine {
            random,
            list: ConversationList::default(),
            reading: ReadTracker::default(),
            typing: Typing::default(),
            people: PresenceTracker::default(),
            connection: Connection::default(),
            requests: Requests::default(),
            tracks: BTreeMap::new(),
            outbox: Outbox::new(tab),
            diagnostics: Diagnostics::default(),
            wake_at: None,
        }
    }

    /// Takes in what happened, and says what is to be done about it.
    pub fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let mut out = Effects::default();
        let had_socket = self.connection.has_socket();
        self.take(now, event, &mut out);
        if had_socket && !self.connection.has_socket() {
            self.parted(&mut out);
        }
        if out.tells(StatePart::InitialState) {
            self.people.look(self.list.initial_state());
        }
        if self.connection.is_live() {
            self.give_up_overdue(now.mono, &mut out);
            self.repair(now.mono, &mut out);
            self.attend(now, &mut out);
            self.read_on(now.mono, &mut out);
            self.outbox.flush(now, &mut out);
        }
        if out.sends() {
            self.connection.said(now.mono);
        }
        self.wake(now.mono, &mut out);
        out.into_vec()
    }

    fn take(&mut self, now: Now, event: Event, out: &mut Effects) {
        match event {
            Event::Loaded(opened) => self.seeded(now.mono, *opened, out),
            Event::OutboxLoaded(entries) => self.restored(entries, out),
            Event::OutboxRemoved(id) => self.outbox.removed_elsewhere(id, out),
            Event::TabClosed(tab) => self.outbox.adopt(tab, out),
            Event::SocketOpened => self.connection.opened(out),
            Event::Frame(frame) => {
                if self.connection.is_open() {
                    self.connection.heard(now.mono);
                    self.frame(now.mono, *frame, out);
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
                let check = self.connection.nudged(now.mono, out);
                self.check(check, now.mono, out);
            }
            Event::Offline => {
                let check = self.connection.offline(now.mono, out);
                self.check(check, now.mono, out);
            }
            Event::Who(who) => {
                let me = self.list.me();
                self.connection.who(now.mono, who, me, out);
            }
            Event::Stopped => self.connection.stop(out),
            Event::Post { conversation, body } => {
                self.outbox.post(now, conversation, &body, &mut self.random, out);
                self.typing.sent(conversation);
            }
            Event::Retry(id) => self.outbox.retry(now, id, &mut self.random, out),
            Event::Discard(id) => self.outbox.discard(id, out),
            Event::LoadOlder(id) => self.load_older(now.mono, id, out),
            Event::LoadNewer(id) => self.load_newer(now.mono, id, false, out),
            Event::LoadLatest(id) => self.load_newer(now.mono, id, true, out),
            Event::Viewing(at) => self.reading.look(at),
            Event::MarkRead(id) => {
                if let Some(summary) = self.list.summary(id) {
                    self.reading.mark_read(summary);
                }
            }
            Event::MarkUnread(id, from) => self.reading.mark_unread(id, from),
            Event::WatchPresence(people) => {
                self.people.show(people);
                self.people.look(self.list.initial_state());
            }
            Event::Active => self.people.act(now.wall),
            Event::Typing(conversation) => {
                if self.connection.is_live() && self.typing.says(now.mono, conversation) {
                    out.send(ClientFrame::Typing { conversation });
                }
            }
            Event::Ping => self.ask(now.mono, Question::Ping(now.mono), |request| ClientFrame::Ping { request }, out),
            Event::Status => self.ask(now.mono, Question::Status, |request| ClientFrame::Status { request }, out),
            Event::Echo(text) => self.echo(now.mono, text, out),
        }
    }

    fn restored(&mut self, entries: Vec<Operation>, out: &mut Effects) {
        self.outbox.load(entries, out);
        // Some may have been acknowledged to a page that did not live to hear it.
        let held = self.tracks.values().filter_map(|track| track.replica.as_ref());
        let landed = held.flat_map(Replica::messages).cloned().collect();
        self.landed(landed, out);
    }

    /// Messages whose rows are in: the outbox lets go of one's own.
    pub(super) fn landed(&mut self, messages: Delivered, out: &mut Effects) {
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
            Due::Ping => self.check(true, now, out),
            Due::Lost => {
                out.push(Effect::Disconnect);
                let opened = self.connection.is_open();
                self.connection.closed(now, opened, None, &mut self.random, out);
            }
        }
    }

    fn check(&mut self, wanted: bool, now: u64, out: &mut Effects) {
        if wanted {
            let request = self.requests.ask(now, Question::Heartbeat(now));
            out.send(ClientFrame::Ping { request });
        }
    }

    /// The connection is gone: nothing that was asked over it will be answered.
    pub(super) fn parted(&mut self, out: &mut Effects) {
        if self.requests.lost() {
            self.diagnostics.error = Some(Error::unreachable());
            out.changed(StatePart::Diagnostics);
        }
        self.tracks.values_mut().for_each(ConversationSync::lost);
        self.list.lost();
        self.reading.lost();
        self.people.lost();
        self.outbox.lost(out);
    }

    /// Requests that were not answered in time have failed, as if the server had said "not now".
    fn give_up_overdue(&mut self, now: u64, out: &mut Effects) {
        // A heartbeat has a time of its own, after which the connection is taken for dead.
        let overdue = self.requests.overdue(now).into_iter();
        for question in overdue.filter(|question| !matches!(question, Question::Heartbeat(_))) {
            self.refused(now, question, Error::no_answer(), out);
        }
    }

    /// Asks for what is known to be missing.
    fn repair(&mut self, now: u64, out: &mut Effects) {
        let tracks = &self.tracks;
        if self.list.need(now, |id| tracks.get(&id).is_some_and(ConversationSync::is_behind)) {
            let request = self.requests.ask(now, Question::InitialState);
            out.send(ClientFrame::InitialState { request });
        }
        for (&conversation, track) in self.tracks.iter_mut() {
            match track.need(now) {
                Some(Need::Changes { since }) => {
                    let request = self.requests.ask(now, Question::Changes(conversation));
                    out.send(ClientFrame::Changes { request, conversation, since });
                }
                Some(Need::Afresh { at, limit }) => {
                    let request = self.requests.ask(now, Question::Afresh(conversation));
                    out.send(ClientFrame::History { request, conversation, at, limit });
                }
                None => {}
            }
        }
    }

    /// Asks who is there, and tells that somebody is here.
    fn attend(&mut self, now: Now, out: &mut Effects) {
        if let Some(users) = self.people.need(now.mono) {
            let request = self.requests.ask(now.mono, Question::Watch);
            out.send(ClientFrame::WatchPresence { request, users });
        }
        if self.people.says(now.mono, now.wall) {
            out.send(ClientFrame::Active {});
        }
    }

    /// Tells the server up to where the reader has read.
    fn read_on(&mut self, now: u64, out: &mut Effects) {
        if let Some(id) = self.reading.reads()
            && self.tracks.get(&id).and_then(|track| track.replica.as_ref()).is_some_and(Replica::at_latest)
            && let Some(summary) = self.list.summary(id)
        {
            self.reading.mark_read(summary);
        }
        while let Some((conversation, seq)) = self.reading.next(now) {
            let request = self.requests.ask(now, Question::Read(conversation));
            out.send(ClientFrame::Read { request, conversation, seq });
        }
    }

    /// Asks for the next `Tick`, if the one to come would be too late. One that comes too early does no harm, so a moment that moves away is left alone:
    /// otherwise every frame would set the body's timer anew.
    fn wake(&mut self, now: u64, out: &mut Effects) {
        let live = self.connection.is_live();
        let tracks = self.tracks.values().filter_map(ConversationSync::deadline);
        let of_live = tracks
            .chain(self.outbox.deadline())
            .chain(self.requests.deadline())
            .chain(self.reading.deadline())
            .chain(self.list.deadline())
            .chain(self.people.deadline())
            .filter(|_| live);
        let Some(next) = of_live.chain(self.connection.deadline()).chain(self.typing.deadline()).min() else {
            return;
        };
        if self.wake_at.is_none_or(|moment| next < moment || moment <= now) {
            self.wake_at = Some(next);
            out.push(Effect::Wake(next));
        }
    }

    fn load_older(&mut self, now: u64, id: ConversationId, out: &mut Effects) {
        let Some(replica) = self.tracks.get_mut(&id).and_then(|track| track.replica.as_mut()) else {
            return;
        };
        if replica.older != FetchState::Loading && replica.span().low.0 > 1 {
            replica.older = FetchState::Loading;
            out.changed(StatePart::Conversation(id));
            self.ask_history(now, id, Question::Older(id), out);
        }
    }

    fn load_newer(&mut self, now: u64, id: ConversationId, latest: bool, out: &mut Effects) {
        let Some(track) = self.tracks.get_mut(&id) else { return };
        let Some(replica) = &mut track.replica else { return };
        let asked = replica.newer == FetchState::Loading && (track.to_latest || !latest);
        if asked || replica.is_attached() {
            return;
        }
        replica.newer = FetchState::Loading;
        track.to_latest = latest;
        out.changed(StatePart::Conversation(id));
        // Of the two questions only one is of interest.
        self.requests.forget(|question| question == Question::Newer(id));
        self.ask_history(now, id, if latest { Question::Latest(id) } else { Question::Newer(id) }, out);
    }

    /// Sends a reader's question; while not connected it waits for the next `Welcome`.
    pub(super) fn ask_history(
        &mut self,
        now: u64,
        conversation: ConversationId,
        question: Question,
        out: &mut Effects,
    ) {
        let Some(replica) = self.replica(conversation) else {
            return;
        };
        let at = match question {
            Question::Older(_) => Anchor::Before(replica.span().low),
            Question::Newer(_) => Anchor::After(replica.span().high),
            _ => Anchor::Latest,
        };
        if self.connection.is_live() {
            let request = self.requests.ask(now, question);
            out.send(ClientFrame::History { request, conversation, at, limit: WINDOW as u32 });
        }
    }

    fn echo(&mut self, now: u64, text: String, out: &mut Effects) {
        if text.chars().count() > ECHO_MAX {
            self.diagnostics.error = Some(Error::invalid(format!("An echo holds up to {ECHO_MAX} characters.")));
            out.changed(StatePart::Diagnostics);
            return;
        }
        self.ask(now, Question::Echo(now), |request| ClientFrame::Echo { request, text }, out);
    }

    /// A person's diagnostics of the connection.
    fn ask(&mut self, now: u64, question: Question, frame: impl FnOnce(RequestId) -> ClientFrame, out: &mut Effects) {
        if self.connection.is_live() {
            let request = self.requests.ask(now, question);
            out.send(frame(request));
        } else {
            self.diagnostics.error = Some(Error::unreachable());
            out.changed(StatePart::Diagnostics);
        }
    }
}
