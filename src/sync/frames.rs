//! What the server says. An answer to a question that nobody asks any more is ignored.

use super::StatePart;
use super::conversation::{ConversationSync, Delivered};
use super::conversation_list::ListChange;
use super::effects::Effects;
use super::engine::Engine;
use super::replica::{FetchState, Keep};
use super::requests::Question;
use crate::model::{Code, ConversationId, Error, MessageId, Rev, Rows, Seq, Window};
use crate::wire::{RequestId, ServerFrame};

impl Engine {
    pub(super) fn frame(&mut self, now: u64, frame: ServerFrame, out: &mut Effects) {
        match frame {
            ServerFrame::Welcome { connection, server, initial_state } => {
                self.welcomed(now, connection, server, initial_state, out)
            }
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
            ServerFrame::SummaryChanged { user_rev, conversation, summary } => {
                match self.list.mine(user_rev, conversation, summary) {
                    ListChange::Nothing => {}
                    ListChange::Moved => out.changed(StatePart::InitialState),
                    ListChange::Gone => self.drop_summary(conversation, out),
                }
            }
            ServerFrame::UserHead { user_rev } => self.list.was_changed_elsewhere(user_rev),
            ServerFrame::InitialState { request, initial_state } => {
                if self.requests.answer(request, |question| question == Question::InitialState).is_some() {
                    self.list.answered();
                    self.list.take(initial_state, true);
                    self.measure(now, out);
                }
            }
            ServerFrame::ConversationDeleted { conversation } => {
                self.list.ends(conversation);
                self.drop_summary(conversation, out);
            }
            ServerFrame::Typing { conversation, person } => {
                if self.typing.heard(now, conversation, person) {
                    out.changed(StatePart::Typing(conversation));
                }
            }
            ServerFrame::Presence { request: None, people } => {
                self.people.changed(people);
                out.changed(StatePart::Presence);
            }
            ServerFrame::Presence { request: Some(request), people } => {
                if self.requests.answer(request, |question| question == Question::Watch).is_some() {
                    self.people.answered(people);
                    out.changed(StatePart::Presence);
                }
            }
            ServerFrame::Done { request } => {
                if let Some(Question::Read(id)) =
                    self.requests.answer(request, |question| matches!(question, Question::Read(_)))
                {
                    self.reading.done(id);
                }
            }
            ServerFrame::Head { conversation, rev } => {
                self.list.exists(conversation, rev);
                if let Some(track) = self.tracks.get_mut(&conversation) {
                    track.exists(rev);
                }
            }
            // Whatever it told, the numbers of what is known show whether something is missing.
            ServerFrame::Unknown => {}
            ServerFrame::Pong { request } => self.probed(now, request, Probed::Pong, out),
            ServerFrame::Echoed { request, text } => self.probed(now, request, Probed::Echoed(text), out),
            ServerFrame::Status { request, status } => {
                if self.requests.answer(request, |question| question == Question::Status).is_some() {
                    (self.diagnostics.status, self.diagnostics.error) = (Some(status), None);
                    out.changed(StatePart::Diagnostics);
                }
            }
        }
    }

    fn changed(&mut self, now: u64, id: ConversationId, rev: Rev, rows: Rows, out: &mut Effects) {
        for message in &rows.messages {
            if self.typing.stopped(id, message.author) {
                out.changed(StatePart::Typing(id));
            }
        }
        let landed = if self.tracks.contains_key(&id) {
            self.list.exists(id, rev);
            self.follow(id, out, |track| track.changed(now, rev, rows))
        } else {
            if self.list.changed(id, rev, &rows) {
                out.changed(StatePart::InitialState);
            }
            rows.messages
        };
        self.landed(landed, out);
    }

    /// Changes what is held of a conversation; its line in the list moves along.
    fn follow(
        &mut self,
        id: ConversationId,
        out: &mut Effects,
        change: impl FnOnce(&mut ConversationSync) -> Delivered,
    ) -> Delivered {
        let Some(track) = self.tracks.get_mut(&id) else { return Delivered::new() };
        let before = track.cursor();
        let landed = change(track);
        out.changed(StatePart::Conversation(id));
        if let (Some(since), Some(replica)) = (before, &track.replica)
            && since < replica.rev()
        {
            let conversation = Some(replica.conversation().clone());
            let rows = Rows { conversation, members: Vec::new(), messages: landed.clone() };
            if self.list.caught_up(id, since, replica.rev(), &rows) {
                out.changed(StatePart::InitialState);
            }
        }
        landed
    }

    fn caught_up(&mut self, id: ConversationId, since: Rev, through: Rev, head: Seq, rows: Rows, out: &mut Effects) {
        self.list.exists(id, through);
        let landed = self.follow(id, out, |track| track.caught_up(since, through, head, rows));
        self.landed(landed, out);
    }

    fn window(&mut self, now: u64, request: RequestId, window: Window, out: &mut Effects) {
        let id = window.conversation.id;
        let windows = [Question::Afresh(id), Question::Older(id), Question::Newer(id), Question::Latest(id)];
        let Some(question) = self.requests.answer(request, |question| windows.contains(&question)) else {
            return;
        };
        self.list.exists(id, window.through);
        let Some(track) = self.tracks.get_mut(&id) else { return };
        out.changed(StatePart::Conversation(id));
        let landed = match question {
            Question::Older(_) => {
                track.answered(question, FetchState::Idle);
                track.extend(now, window, Keep::Oldest)
            }
            Question::Newer(_) => {
                track.answered(question, FetchState::Idle);
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
        self.list.exists(conversation, rev);
        if let Some(track) = self.tracks.get_mut(&conversation) {
            track.merge(now, rows);
            out.changed(StatePart::Conversation(conversation));
        }
        self.outbox.complete(id, out);
    }

    fn post_refused(&mut self, now: u64, id: MessageId, error: Error, out: &mut Effects) {
        if self.outbox.refused(now, id, error, out) {
            self.connection.ask_who(now, out);
        }
    }

    pub(super) fn refused(&mut self, now: u64, question: Question, error: Error, out: &mut Effects) {
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
                    track.answered(question, FetchState::Failed(error));
                    out.changed(StatePart::Conversation(id));
                }
            }
            Question::InitialState => self.list.refused(now, &error),
            Question::Watch => self.people.refused(now, &error),
            Question::Read(id) => match error.code {
                Code::Unavailable | Code::TooMany | Code::SignInRequired => self.reading.refused(now, id, &error),
                // It is no position there: the next one sets it right.
                _ => self.reading.done(id),
            },
            Question::Ping(_) | Question::Echo(_) | Question::Status => {
                self.diagnostics.error = Some(error);
                out.changed(StatePart::Diagnostics);
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
                (self.diagnostics.round_trip, self.diagnostics.error) = (Some(now.saturating_sub(at)), None);
            }
            (Question::Heartbeat(at), _) => {
                self.connection.answered();
                self.diagnostics.round_trip = Some(now.saturating_sub(at));
            }
            (Question::Echo(at), Probed::Echoed(text)) => {
                (self.diagnostics.echo, self.diagnostics.error) = (Some((text, now.saturating_sub(at))), None);
            }
            _ => return,
        }
        out.changed(StatePart::Diagnostics);
    }
}

/// An answer to a diagnostics that tells a round trip.
enum Probed {
    Pong,
    Echoed(String),
}
