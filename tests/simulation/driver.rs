//! A client's driver: carries out the effects of its engine and passes events to it.

use super::client::Browser;
use super::network::Down;
use super::world::{BEGINNING, World};
use hubbub::model::{Error, Millis};
use hubbub::sync::{Effect, Event, Now, Operation};
use hubbub::wire::{ClientFrame, ServerFrame, close};

impl World {
    /// Passes an event to a client's engine and carries out the effects.
    pub fn dispatch(&mut self, i: usize, event: Event) {
        let client = &mut self.clients[i];
        let now = Now { mono: self.mono, wall: Millis(BEGINNING + self.mono as i64 + client.skew) };
        let posts = matches!(event, Event::Post { .. });
        for effect in client.engine.handle(now, event) {
            self.carry_out(i, effect, posts);
        }
    }

    fn carry_out(&mut self, i: usize, effect: Effect, posts: bool) {
        let client = &mut self.clients[i];
        let browser = &mut self.browsers[client.browser];
        match effect {
            Effect::Connect => client.is_connecting = true,
            Effect::Disconnect => self.disconnect(i),
            Effect::Send(frame) => match &mut client.connection {
                Some(connection) => {
                    connection.sent_hello = true;
                    connection.up.push_back(frame);
                }
                None => panic!("sent without a connection: {frame:?}"),
            },
            Effect::Store(operation) => {
                browser.store(&operation);
                let stored = format!("{i} stores {}", brief(&operation));
                if posts {
                    self.ledger.write(self.mono, &operation);
                }
                self.log(stored);
                self.notify_other_tabs(i, &Event::OutboxLoaded(vec![operation]));
            }
            Effect::Remove(id) => {
                browser.remove(id);
                self.log(format_args!("{i} removes {id}"));
                self.notify_other_tabs(i, &Event::OutboxRemoved(id));
            }
            Effect::Wake(at) => client.wake = Some(at),
            Effect::Changed(_) => {}
            Effect::CheckSession => client.is_checking_session = true,
            Effect::SignIn => {
                client.signed_out = true;
                let gone = client.engine.tab();
                self.disconnect(i);
                // The page is left for the sign-in page.
                self.notify_other_tabs(i, &Event::TabClosed(gone));
            }
        }
    }

    /// The connection ends on the client's side, and whatever is on its way is lost.
    pub fn disconnect(&mut self, i: usize) {
        self.clients[i].is_connecting = false;
        if let Some(connection) = self.clients[i].connection.take() {
            self.abandoned.push(connection.server_end());
        }
    }

    /// Queues an event for the other tabs of a browser: they learn of it some time later, as browsers do it.
    pub fn notify_other_tabs(&mut self, i: usize, event: &Event) {
        let browser = self.clients[i].browser;
        for (tab, client) in self.clients.iter_mut().enumerate() {
            // A signed-out tab shows the sign-in page and has no engine.
            if tab != i && client.browser == browser && !client.signed_out {
                client.storage_events.push_back(event.clone());
            }
        }
    }

    /// A tab learns what other tabs have done.
    pub fn deliver_storage_events(&mut self, i: usize) {
        for event in std::mem::take(&mut self.clients[i].storage_events) {
            if !self.clients[i].signed_out {
                match &event {
                    Event::OutboxLoaded(all) => {
                        all.iter().for_each(|held| self.log(format_args!("{i} learns of {}", brief(held))));
                    }
                    other => self.log(format_args!("{i} learns {other:?}")),
                }
                self.dispatch(i, event);
            }
        }
    }

    /// A requested connection is established or refused.
    pub fn answer_connect(&mut self, i: usize, to: Option<usize>) {
        let Browser { user, session, .. } = self.browsers[self.clients[i].browser];
        self.clients[i].is_connecting = false;
        match to.filter(|_| !self.ledger.revoked.contains(&session)) {
            Some(to) => {
                self.log(format_args!("{i} is connected to server {to}"));
                self.clients[i].connection = Some(self.node(to).accept(to, user, session));
                self.dispatch(i, Event::SocketOpened);
            }
            None => {
                self.log(format_args!("{i} is not connected"));
                self.dispatch(i, Event::SocketClosed { opened: false, code: None });
            }
        }
    }

    /// Delivers up to so many frames of a client to its server.
    pub fn send_frames(&mut self, i: usize, many: usize) {
        for _ in 0..many {
            let Some(connection) = &mut self.clients[i].connection else { return };
            let Some(frame) = connection.up.pop_front() else { return };
            if connection.is_blackholed || connection.is_closed {
                continue;
            }
            let post = if let ClientFrame::Post { id, .. } = &frame { Some(*id) } else { None };
            if let Some(id) = post.filter(|_| self.has_faults && self.rng.one_in(20)) {
                // As a server answers that is busy for a moment.
                let refusal = ServerFrame::Refused { request: None, id: Some(id), error: Error::unavailable() };
                connection.down.push_back(Down::Frame(refusal.encode()));
                self.cover("a post refused temporarily");
                continue;
            }
            connection.send(&frame);
            if let Some(id) = post
                && !self.ledger.record_sent((connection.user, id))
            {
                self.cover("a post sent again");
            }
        }
    }

    /// Delivers up to so many frames to a client.
    pub fn receive_frames(&mut self, i: usize, many: usize) {
        for _ in 0..many {
            let Some(connection) = &mut self.clients[i].connection else { return };
            match connection.down.pop_front() {
                None => return,
                Some(Down::Frame(text)) => {
                    let frame = ServerFrame::decode(&text).unwrap();
                    if let ServerFrame::Posted { rows, .. } = &frame {
                        self.ledger.acknowledge(&rows.messages[0]);
                    }
                    match &frame {
                        ServerFrame::Changes { .. } => self.cover("catching up"),
                        ServerFrame::Reset { .. } => self.cover("a reset"),
                        ServerFrame::Window { .. } => self.cover("a window"),
                        ServerFrame::ConversationRevision { .. } => self.cover("a conversation revision"),
                        ServerFrame::Refused { .. } => self.cover("a refusal"),
                        ServerFrame::ConversationDeleted { .. } => self.cover("a deletion announced"),
                        ServerFrame::SummaryChanged { summary: None, .. } => {
                            self.cover("a conversation summary removed")
                        }
                        ServerFrame::SummaryChanged { summary: Some(_), .. } => {
                            self.cover("a conversation summary added or changed")
                        }
                        ServerFrame::UserRevision { .. } => self.cover("a list changed by another server"),
                        ServerFrame::Typing { .. } => self.cover("a typing indicator"),
                        _ => {}
                    }
                    self.dispatch(i, Event::Frame(Box::new(frame)));
                }
                Some(Down::Closed(code)) => {
                    self.log(format_args!("{i} is closed with {code}"));
                    match code {
                        close::SESSION => self.cover("a session ended"),
                        close::RESTART => self.cover("a restart"),
                        other => panic!("{i} is closed with {other}"),
                    }
                    self.cut(i, Some(code));
                }
                Some(Down::Broken) => self.cut(i, None),
            }
        }
    }

    /// The client learns that its connection is lost.
    pub fn cut(&mut self, i: usize, code: Option<u16>) {
        self.disconnect(i);
        self.dispatch(i, Event::SocketClosed { opened: true, code });
    }
}

/// An operation in the trace.
pub fn brief(operation: &Operation) -> String {
    let Operation { id, tab, state, .. } = operation;
    format!("{id} of tab {tab}, {state:?}")
}
