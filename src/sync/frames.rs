//! What the server says. An answer to a question that nobody asks any more is ignored.

use super::What;
use super::effects::Effects;
use super::engine::Engine;
use super::replica::{Ask, Keep};
use super::requests::Question;
use crate::model::{Code, ConversationId, Error, MessageId, Rev, Rows, Seq, Window};
use crate::wire::{RequestId, ServerFrame};

impl Engine {
    pub(super) fn frame(&mut self, now: u64, frame: ServerFrame, out: &mut Effects) {
        match frame {
            ServerFrame::Welcome { connection, server, home } => self.welcomed(now, connection, server, home, out),
            ServerFrame::Changed { conversation, rev, rows } => self.changed(now, conversation, rev, rows, out),
            ServerFrame::Changes { request, conversation, since, through, head, rows } => {
                if self.requests.answer(request, |question| question == Question::Changes(conversation)).is_some() {
                    self.caught_up(conversation, since, through, head, rows, out);
                }
            }
            ServerFrame::Reset { request, conversation } => {
                let answered = self.requests.answer(request, |question| question == Question::Changes(conversation));
                if let Some(track) = self.tracks.get_mut(&conversation).filter(|_| answered.is_some()) {
                    track.reset();
                }
            }
            ServerFrame::Window { request, window } => self.window(now, request, window, out),
            ServerFrame::Posted { id, conversation, rows } => self.posted(now, id, conversation, rows, out),
            ServerFrame::Refused { request, id, error } => {
                if let Some(id) = id {
                    self.post_refused(now, id, error.clone(), out);
                }
                if let Some(question) = request.and_then(|request| self.requests.answer(request, |_| true)) {
                    self.refused(now, question, error, out);
                }
            }
            ServerFrame::Head { conversation, rev } => {
                if let Some(track) = self.tracks.get_mut(&conversation) {
                    track.exists(rev);
                }
            }
            ServerFrame::Pong { request } => self.probed(now, request, Probed::Pong, out),
            ServerFrame::Echoed { request, text } => self.probed(now, request, Probed::Echoed(text), out),
            ServerFrame::Status { request, status } => {
                if self.requests.answer(request, |question| question == Question::Status).is_some() {
                    (self.probe.status, self.probe.error) = (Some(status), None);
                    out.changed(What::Probe);
                }
            }
        }
    }

    fn changed(&mut self, now: u64, id: ConversationId, rev: Rev, rows: Rows, out: &mut Effects) {
        self.noted(id, rev, newest(&rows), rows.conversation.as_ref(), out);
        let landed = match self.tracks.get_mut(&id) {
            Some(track) => {
                out.changed(What::Conversation(id));
                track.changed(now, rev, rows)
            }
            None => rows.messages,
        };
        self.landed(landed, out);
    }

    fn caught_up(&mut self, id: ConversationId, since: Rev, through: Rev, head: Seq, rows: Rows, out: &mut Effects) {
        self.noted(id, through, head, rows.conversation.as_ref(), out);
        if let Some(track) = self.tracks.get_mut(&id) {
            let landed = track.caught_up(since, through, head, rows);
            out.changed(What::Conversation(id));
            self.landed(landed, out);
        }
    }

    fn window(&mut self, now: u64, request: RequestId, window: Window, out: &mut Effects) {
        let id = window.conversation.id;
        let windows = [Question::Afresh(id), Question::Older(id), Question::Newer(id), Question::Latest(id)];
        let Some(question) = self.requests.answer(request, |question| windows.contains(&question)) else {
            return;
        };
        self.noted(id, window.through, window.head, Some(&window.conversation), out);
        let Some(track) = self.tracks.get_mut(&id) else { return };
        out.changed(What::Conversation(id));
        let landed = match question {
            Question::Older(_) => {
                track.answered(question, Ask::Idle);
                track.extend(now, window, Keep::Oldest)
            }
            Question::Newer(_) => {
                track.answered(question, Ask::Idle);
                track.extend(now, window, Keep::Newest)
            }
            _ => {
                // Whatever else was asked was asked for what this replaces.
                self.requests.forget_conversation(id);
                track.replace(now, window)
            }
        };
        self.landed(landed, out);
    }

    /// The message leaves the outbox and stands in its place in one step: it is never out of sight.
    fn posted(&mut self, now: u64, id: MessageId, conversation: ConversationId, rows: Rows, out: &mut Effects) {
        let rev = rows.messages.iter().map(|message| message.rev).max().unwrap_or_default();
        self.noted(conversation, rev, newest(&rows), rows.conversation.as_ref(), out);
        if let Some(track) = self.tracks.get_mut(&conversation) {
            track.merge(now, rows);
            out.changed(What::Conversation(conversation));
        }
        self.outbox.retire(id, out);
    }

    fn post_refused(&mut self, now: u64, id: MessageId, error: Error, out: &mut Effects) {
        if self.outbox.refused(now, id, error, out) {
            self.connection.ask_who(now, out);
        }
    }

    fn refused(&mut self, now: u64, question: Question, error: Error, out: &mut Effects) {
        if error.code == Code::SignInRequired {
            self.connection.ask_who(now, out);
        }
        match question {
            Question::Changes(id) | Question::Afresh(id) => {
                if matches!(error.code, Code::NotFound | Code::Forbidden) {
                    self.drop_track(id, out);
                } else if let Some(track) = self.tracks.get_mut(&id) {
                    track.refused(now, &error);
                }
            }
            Question::Older(id) | Question::Newer(id) | Question::Latest(id) => {
                if let Some(track) = self.tracks.get_mut(&id) {
                    track.answered(question, Ask::Failed(error));
                    out.changed(What::Conversation(id));
                }
            }
            Question::Ping(_) | Question::Echo(_) | Question::Status => {
                self.probe.error = Some(error);
                out.changed(What::Probe);
            }
            // It was answered, if not kindly: the connection lives.
            Question::Heartbeat(_) => self.connection.answered(),
        }
    }

    fn probed(&mut self, now: u64, request: RequestId, probed: Probed, out: &mut Effects) {
        let fits = |question| match probed {
            Probed::Pong => matches!(question, Question::Ping(_) | Question::Heartbeat(_)),
            Probed::Echoed(_) => matches!(question, Question::Echo(_)),
        };
        let Some(question) = self.requests.answer(request, fits) else {
            return;
        };
        match (question, probed) {
            (Question::Ping(at), _) => {
                self.connection.answered();
                (self.probe.round_trip, self.probe.error) = (Some(now.saturating_sub(at)), None);
            }
            (Question::Heartbeat(at), _) => {
                self.connection.answered();
                self.probe.round_trip = Some(now.saturating_sub(at));
            }
            (Question::Echo(at), Probed::Echoed(text)) => {
                (self.probe.echo, self.probe.error) = (Some((text, now.saturating_sub(at))), None);
            }
            _ => return,
        }
        out.changed(What::Probe);
    }
}

/// An answer to a probe that tells a round trip.
enum Probed {
    Pong,
    Echoed(String),
}

/// The highest place among some messages.
fn newest(rows: &Rows) -> Seq {
    rows.messages.iter().map(|message| message.seq).max().unwrap_or_default()
}
