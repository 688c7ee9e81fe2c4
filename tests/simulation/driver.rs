//! A client's body: what its engine wants is carried out, and what happens to it is handed in.

use super::client::Browser;
use super::network::Down;
use super::world::{BEGINNING, World};
use hubbub::model::Millis;
use hubbub::sync::{Effect, Event, Now};
use hubbub::wire::{ClientFrame, ServerFrame, close};

impl World {
    /// Hands a client's engine an event and carries out what it wants.
    pub fn tell(&mut self, i: usize, event: Event) {
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
            Effect::Connect => client.dialing = true,
            Effect::Disconnect => self.hang_up(i),
            Effect::Send(frame) => match &mut client.link {
                Some(link) => {
                    link.greeted = true;
                    link.up.push_back(frame);
                }
                None => panic!("sent without a connection: {frame:?}"),
            },
            Effect::Store(operation) => {
                browser.keep(&operation);
                if posts {
                    self.ledger.write(self.mono, &operation);
                }
                self.tell_other_tabs(i, &Event::OutboxLoaded(vec![operation]));
            }
            Effect::Remove(id) => {
                browser.forget(id);
                self.tell_other_tabs(i, &Event::OutboxRemoved(id));
            }
            Effect::Wake(at) => client.wake = Some(at),
            Effect::Changed(_) => {}
            Effect::CheckSession => client.asks_who = true,
            Effect::SignIn => {
                client.signed_out = true;
                let gone = client.engine.tab();
                self.hang_up(i);
                // The page makes way for the one where one signs in.
                self.tell_other_tabs(i, &Event::TabClosed(gone));
            }
        }
    }

    /// The connection ends on the client's side, and whatever is on its way is lost.
    pub fn hang_up(&mut self, i: usize) {
        self.clients[i].dialing = false;
        if let Some(link) = self.clients[i].link.take() {
            self.left.push(link.other_end());
        }
    }

    /// What the other tabs of a browser hear of one of them.
    pub fn tell_other_tabs(&mut self, i: usize, event: &Event) {
        // One that is signed out has made way for the page where one signs in.
        let tabs = (0..self.clients.len()).filter(|tab| *tab != i && !self.clients[*tab].signed_out);
        let shared = tabs.filter(|tab| self.clients[*tab].browser == self.clients[i].browser);
        for tab in shared.collect::<Vec<_>>() {
            self.tell(tab, event.clone());
        }
    }

    /// The connection that a client wants comes to be, or does not.
    pub fn answer_dial(&mut self, i: usize, to: Option<usize>) {
        let Browser { user, session, .. } = self.browsers[self.clients[i].browser];
        self.clients[i].dialing = false;
        match to.filter(|_| !self.ledger.revoked.contains(&session)) {
            Some(to) => {
                self.note(format_args!("{i} is connected to server {to}"));
                self.clients[i].link = Some(self.node(to).accept(to, user, session));
                self.tell(i, Event::SocketOpened);
            }
            None => {
                self.note(format_args!("{i} is not connected"));
                self.tell(i, Event::SocketClosed { opened: false, code: None });
            }
        }
    }

    /// Gives the server up to so many frames of a client.
    pub fn carry_up(&mut self, i: usize, many: usize) {
        for _ in 0..many {
            let Some(link) = &mut self.clients[i].link else { return };
            let Some(frame) = link.up.pop_front() else { return };
            if link.dead || link.over {
                continue;
            }
            link.hand_over(&frame);
            if let ClientFrame::Post { id, .. } = &frame
                && !self.ledger.hand_over((link.user, *id))
            {
                self.meet("a post that was sent again");
            }
        }
    }

    /// Brings up to so many frames down to a client.
    pub fn carry_down(&mut self, i: usize, many: usize) {
        for _ in 0..many {
            let Some(link) = &mut self.clients[i].link else { return };
            match link.down.pop_front() {
                None => return,
                Some(Down::Frame(text)) => {
                    let frame = ServerFrame::decode(&text).unwrap();
                    if let ServerFrame::Posted { rows, .. } = &frame {
                        self.ledger.acknowledge(&rows.messages[0]);
                    }
                    match &frame {
                        ServerFrame::Changes { .. } => self.meet("catching up"),
                        ServerFrame::Reset { .. } => self.meet("a reset"),
                        ServerFrame::Window { .. } => self.meet("a window"),
                        ServerFrame::Head { .. } => self.meet("a head"),
                        ServerFrame::Refused { .. } => self.meet("a refusal"),
                        ServerFrame::ConversationDeleted { .. } => self.meet("an end that was told"),
                        ServerFrame::SummaryChanged { summary: None, .. } => self.meet("a summary that went"),
                        ServerFrame::SummaryChanged { summary: Some(_), .. } => self.meet("a summary that came"),
                        ServerFrame::UserHead { .. } => self.meet("a list that was changed elsewhere"),
                        ServerFrame::Typing { .. } => self.meet("a sign of typing"),
                        _ => {}
                    }
                    self.tell(i, Event::Frame(Box::new(frame)));
                }
                Some(Down::Closed(code)) => {
                    self.note(format_args!("{i} is closed with {code}"));
                    match code {
                        close::SESSION => self.meet("the end of a session"),
                        close::RESTART => self.meet("a restart"),
                        other => panic!("{i} is closed with {other}"),
                    }
                    self.cut(i, Some(code));
                }
                Some(Down::Broken) => self.cut(i, None),
            }
        }
    }

    /// The client learns that its connection is gone.
    pub fn cut(&mut self, i: usize, code: Option<u16>) {
        self.hang_up(i);
        self.tell(i, Event::SocketClosed { opened: true, code });
    }
}
