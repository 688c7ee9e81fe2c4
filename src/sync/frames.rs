//! Handles server frames. Answers to requests that are no longer open are ignored.

use super::StatePart;
use super::conversation::{ConversationSync, Delivered};
use super::conversation_list::ListChange;
use super::diagnostics::DiagnosticAnswer;
use super::effects::Effects;
use super::engine::Engine;
use super::replica::FetchState;
use super::requests::RequestKind;
use crate::model::{Code, ConversationId, Error, MessageId, Rev, Rows, Seq, Window};
use crate::wire::{RequestId, ServerFrame};

impl Engine {
    pub(super) fn frame_received(&mut self, now: u64, frame: ServerFrame, out: &mut Effects) {
        match frame {
            ServerFrame::Welcome { connection, server, initial_state } => {
                self.welcomed(now, connection, server, initial_state, out)
            }
            ServerFrame::Changed { conversation, rev, rows } => self.change_received(now, conversation, rev, rows, out),
            ServerFrame::Changes { request, conversation, since, through, head, rows } => {
                if self.requests.complete(request, |kind| kind == RequestKind::Changes(conversation)).is_some() {
                    self.changes_received(conversation, since, through, head, rows, out);
                }
            }
            ServerFrame::Reset { request, conversation } => {
                let answered = self.requests.complete(request, |kind| kind == RequestKind::Changes(conversation));
                if let Some(sync) = self.conversations.get_mut(&conversation).filter(|_| answered.is_some()) {
                    sync.reset();
                }
            }
            ServerFrame::Window { request, window } => self.window_received(now, request, window, out),
            ServerFrame::Posted { id, conversation, rows } => self.posted(now, id, conversation, rows, out),
            ServerFrame::Refused { request, id, error } => {
                if let Some(id) = id {
                    self.post_refused(now, id, error.clone(), out);
                }
                if let Some(kind) = request.and_then(|request| self.requests.complete(request, |_| true)) {
                    self.request_refused(now, kind, error, out);
                }
            }
            ServerFrame::SummaryChanged { user_rev, conversation, summary } => {
                let change = self.list.apply_summary(user_rev, conversation, summary);
                if let Some(summary) = self.list.summary(conversation).filter(|_| change == ListChange::Updated) {
                    self.read_positions.summary_received(conversation, summary.read.seq);
                }
                match change {
                    ListChange::Unchanged => {}
                    ListChange::Updated => out.changed(StatePart::Summary(conversation)),
                    ListChange::Added => out.changed(StatePart::InitialState),
                    ListChange::Removed => self.remove_conversation(conversation, out),
                }
            }
            ServerFrame::UserRevision { user_rev } => self.list.user_revision(user_rev),
            ServerFrame::InitialState { request, initial_state } => {
                if self.requests.complete(request, |kind| kind == RequestKind::InitialState).is_some() {
                    self.list.answered();
                    self.list.merge(initial_state, true);
                    self.reconcile(now, out);
                }
            }
            ServerFrame::Workspace { name } => {
                self.list.set_workspace(name);
                out.changed(StatePart::InitialState);
            }
            ServerFrame::ConversationDeleted { conversation } => {
                self.list.mark_deleted(conversation);
                self.remove_conversation(conversation, out);
            }
            ServerFrame::Typing { conversation, person } => {
                if self.typing.started(now, conversation, person) {
                    out.changed(StatePart::Typing(conversation));
                }
            }
            ServerFrame::Presence { request: None, people } => {
                self.presence.changed(people);
                out.changed(StatePart::Presence);
            }
            ServerFrame::Presence { request: Some(request), people } => {
                if self.requests.complete(request, |kind| kind == RequestKind::Watch).is_some() {
                    self.presence.answered(people);
                    out.changed(StatePart::Presence);
                }
            }
            ServerFrame::Done { request } => {
                if let Some(RequestKind::Read(id)) =
                    self.requests.complete(request, |kind| matches!(kind, RequestKind::Read(_)))
                {
                    let position = self.list.summary(id).map_or(Seq(0), |summary| summary.read.seq);
                    self.read_positions.accepted(id, position);
                }
            }
            ServerFrame::ConversationRevision { conversation, rev } => {
                self.list.raise_known_rev(conversation, rev);
                if let Some(sync) = self.conversations.get_mut(&conversation) {
                    sync.raise_known_rev(rev);
                }
            }
            // If it carried a change, the revision numbers reveal that something is missing.
            ServerFrame::Unknown => {}
            ServerFrame::Pong { request } => self.diagnostic_answered(now, request, DiagnosticAnswer::Pong, out),
            ServerFrame::Echoed { request, text } => {
                self.diagnostic_answered(now, request, DiagnosticAnswer::Echoed(text), out)
            }
            ServerFrame::Status { request, status } => {
                if self.requests.complete(request, |kind| kind == RequestKind::Status).is_some() {
                    (self.diagnostics.status, self.diagnostics.error) = (Some(status), None);
                    out.changed(StatePart::Diagnostics);
                }
            }
        }
    }

    fn change_received(&mut self, now: u64, id: ConversationId, rev: Rev, rows: Rows, out: &mut Effects) {
        for message in &rows.messages {
            if self.typing.stopped(id, message.author) {
                out.changed(StatePart::Typing(id));
            }
        }
        let delivered = if self.conversations.contains_key(&id) {
            self.list.raise_known_rev(id, rev);
            self.update_conversation(id, out, |sync| sync.apply_change(now, rev, rows))
        } else {
            if self.list.apply_change(id, rev, &rows) {
                out.changed(StatePart::Summary(id));
            }
            rows.messages
        };
        self.complete_delivered(delivered, out);
    }

    /// Changes a conversation's replica, and its summary in the list with it.
    fn update_conversation(
        &mut self,
        id: ConversationId,
        out: &mut Effects,
        change: impl FnOnce(&mut ConversationSync) -> Delivered,
    ) -> Delivered {
        let Some(sync) = self.conversations.get_mut(&id) else { return Delivered::new() };
        let before = sync.cursor();
        let delivered = change(sync);
        out.changed(StatePart::Conversation(id));
        if let (Some(since), Some(replica)) = (before, &sync.replica)
            && since < replica.rev()
        {
            let conversation = Some(replica.conversation().clone());
            let rows = Rows { conversation, members: Vec::new(), messages: delivered.clone() };
            if self.list.apply_changes(id, since, replica.rev(), &rows) {
                out.changed(StatePart::Summary(id));
            }
        }
        delivered
    }

    fn changes_received(
        &mut self,
        id: ConversationId,
        since: Rev,
        through: Rev,
        head: Seq,
        rows: Rows,
        out: &mut Effects,
    ) {
        self.list.raise_known_rev(id, through);
        let delivered = self.update_conversation(id, out, |sync| sync.apply_changes(since, through, head, rows));
        self.complete_delivered(delivered, out);
    }

    fn window_received(&mut self, now: u64, request: RequestId, window: Window, out: &mut Effects) {
        let id = window.conversation.id;
        let windows =
            [RequestKind::FreshWindow(id), RequestKind::Older(id), RequestKind::Newer(id), RequestKind::Latest(id)];
        let Some(kind) = self.requests.complete(request, |kind| windows.contains(&kind)) else {
            return;
        };
        self.list.raise_known_rev(id, window.through);
        let Some(sync) = self.conversations.get_mut(&id) else { return };
        out.changed(StatePart::Conversation(id));
        let delivered = match kind {
            RequestKind::Older(_) => {
                sync.set_fetch_state(kind, FetchState::Idle);
                sync.extend(now, window)
            }
            RequestKind::Newer(_) => {
                sync.set_fetch_state(kind, FetchState::Idle);
                sync.extend(now, window)
            }
            _ => {
                // Other open requests were for the window that this one replaces.
                self.requests.forget_conversation(id);
                sync.replace(now, window)
            }
        };
        self.complete_delivered(delivered, out);
    }

    /// The post leaves the outbox and its message enters the replica in one step, so that it never disappears from
    /// view.
    fn posted(&mut self, now: u64, id: MessageId, conversation: ConversationId, rows: Rows, out: &mut Effects) {
        let rev = rows.messages.iter().map(|message| message.rev).max().unwrap_or_default();
        self.list.raise_known_rev(conversation, rev);
        if let Some(sync) = self.conversations.get_mut(&conversation) {
            sync.merge(now, rows);
            out.changed(StatePart::Conversation(conversation));
        }
        self.outbox.complete(id, out);
    }

    fn post_refused(&mut self, now: u64, id: MessageId, error: Error, out: &mut Effects) {
        if self.outbox.refused(now, id, error, out) {
            self.connection.check_session(now, out);
        }
    }

    pub(super) fn request_refused(&mut self, now: u64, kind: RequestKind, error: Error, out: &mut Effects) {
        if error.code == Code::SignInRequired {
            self.connection.check_session(now, out);
        }
        match kind {
            RequestKind::Changes(id) | RequestKind::FreshWindow(id) => {
                if matches!(error.code, Code::NotFound | Code::Forbidden) {
                    self.drop_conversation(id, out);
                } else if let Some(sync) = self.conversations.get_mut(&id) {
                    sync.refused(now, &error);
                }
            }
            RequestKind::Older(id) | RequestKind::Newer(id) | RequestKind::Latest(id) => {
                if let Some(sync) = self.conversations.get_mut(&id) {
                    sync.set_fetch_state(kind, FetchState::Failed(error));
                    out.changed(StatePart::Conversation(id));
                }
            }
            RequestKind::InitialState => self.list.refused(now, &error),
            RequestKind::Watch => self.presence.refused(now, &error),
            RequestKind::Read(id) => match error.code {
                Code::Unavailable | Code::TooMany | Code::SignInRequired => {
                    self.read_positions.refused(now, id, &error)
                }
                _ => {
                    self.read_positions.rejected(now, id);
                    out.changed(StatePart::Summary(id));
                }
            },
            RequestKind::Ping(_) | RequestKind::Echo(_) | RequestKind::Status => {
                self.diagnostics.error = Some(error);
                out.changed(StatePart::Diagnostics);
            }
            // A refusal is an answer, too: the connection is alive.
            RequestKind::Heartbeat(_) => self.connection.pong_received(),
        }
    }
}
