//! Requests for more of a conversation's history, as its reader scrolls.

use super::StatePart;
use super::effects::Effects;
use super::engine::Engine;
use super::replica::FetchState;
use super::requests::RequestKind;
use crate::model::conversation::WINDOW;
use crate::model::{ConversationId, Seq};
use crate::wire::{Anchor, ClientFrame};

impl Engine {
    pub(super) fn load_older(&mut self, now: u64, id: ConversationId, out: &mut Effects) {
        let Some(replica) = self.conversations.get_mut(&id).and_then(|sync| sync.replica.as_mut()) else {
            return;
        };
        if replica.older != FetchState::Loading && replica.span().low.0 > 1 {
            replica.older = FetchState::Loading;
            out.changed(StatePart::Conversation(id));
            self.request_history(now, id, RequestKind::Older(id), out);
        }
    }

    pub(super) fn load_newer(&mut self, now: u64, id: ConversationId, latest: bool, out: &mut Effects) {
        let Some(sync) = self.conversations.get_mut(&id) else { return };
        let Some(replica) = &mut sync.replica else { return };
        let already_requested = replica.newer == FetchState::Loading && (sync.to_latest || !latest);
        if already_requested || replica.follows_latest() {
            return;
        }
        replica.newer = FetchState::Loading;
        sync.to_latest = latest;
        if latest && sync.cancel_around() {
            self.requests.forget(|kind| kind == RequestKind::FreshWindow(id));
        }
        out.changed(StatePart::Conversation(id));
        // `Latest` replaces `Newer`: only one of the two answers is wanted.
        self.requests.forget(|kind| kind == RequestKind::Newer(id));
        self.request_history(now, id, if latest { RequestKind::Latest(id) } else { RequestKind::Newer(id) }, out);
    }

    /// The window around a message is requested as if everything else were outdated.
    pub(super) fn load_around(&mut self, id: ConversationId, seq: Seq) {
        if let Some(sync) = self.conversations.get_mut(&id) {
            sync.load_around(seq);
        }
    }

    /// Requests messages for the reader. While disconnected it is sent after the next `Welcome`.
    pub(super) fn request_history(
        &mut self,
        now: u64,
        conversation: ConversationId,
        kind: RequestKind,
        out: &mut Effects,
    ) {
        let Some(replica) = self.replica(conversation) else {
            return;
        };
        let at = match kind {
            RequestKind::Older(_) => Anchor::Before(replica.span().low),
            RequestKind::Newer(_) => Anchor::After(replica.span().high),
            _ => Anchor::Latest,
        };
        if self.connection.is_live() {
            let request = self.requests.open(now, kind);
            out.send(ClientFrame::History { request, conversation, at, limit: WINDOW as u32 });
        }
    }

    /// Repeats the reader's requests that were open when the connection was lost.
    pub(super) fn resend_history_requests(&mut self, now: u64, out: &mut Effects) {
        let mut kinds = Vec::new();
        for (&id, sync) in self.conversations.iter() {
            let Some(replica) = &sync.replica else { continue };
            if replica.older == FetchState::Loading {
                kinds.push((id, RequestKind::Older(id)));
            }
            if replica.newer == FetchState::Loading {
                kinds.push((id, if sync.to_latest { RequestKind::Latest(id) } else { RequestKind::Newer(id) }));
            }
        }
        for (id, kind) in kinds {
            self.request_history(now, id, kind, out);
        }
    }
}
