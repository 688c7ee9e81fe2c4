//! The bounded queue of frames that wait to be written to one connection.

use crate::model::ConversationId;
use crate::wire::close;
use axum::extract::ws::Utf8Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The most bytes of live frames that wait for one connection. One that falls further behind is closed and reconnects:
/// its cursors let it catch up, so nothing is lost.
pub const LIVE_MAX: usize = 512 * 1024;
/// No further frame is read from a client while this many bytes of answers wait for it.
const ANSWERS_MAX: usize = 256 * 1024;

#[derive(Debug, Default)]
pub struct Queue {
    state: Mutex<State>,
    filled: Notify,
    emptied: Notify,
    closing: Notify,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Queued>,
    live: usize,
    answers: usize,
    closed: Option<u16>,
}

#[derive(Debug)]
struct Queued {
    /// What it is about, if it is a live frame and no answer.
    live: Option<Source>,
    text: Utf8Bytes,
}

/// What a live frame is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Conversation(ConversationId),
    /// The user's own state: memberships, read positions.
    UserState,
    Presence,
    /// What concerns everybody.
    Workspace,
}

/// What [`Queue::take`] gives.
#[derive(Debug)]
pub enum Taken {
    Frames(Vec<Utf8Bytes>),
    /// The connection is to be closed with this code.
    Closed(u16),
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a live frame; a queue that overflows closes instead.
    pub fn push_live(&self, source: Source, text: Utf8Bytes) {
        let mut state = self.state();
        if state.closed.is_some() {
            return;
        }
        state.live += text.len();
        state.frames.push_back(Queued { live: Some(source), text });
        if state.live > LIVE_MAX {
            state.close(close::LAGGED);
            self.closing.notify_one();
        }
        drop(state);
        self.filled.notify_one();
    }

    /// Adds an answer. How much can wait is bounded because no request is read until [`Queue::has_capacity`] returns.
    pub fn push_answer(&self, text: Utf8Bytes) {
        let mut state = self.state();
        if state.closed.is_some() {
            return;
        }
        state.answers += text.len();
        state.frames.push_back(Queued { live: None, text });
        drop(state);
        self.filled.notify_one();
    }

    /// Adds the welcome, ahead of the live frames that came while it was made.
    pub fn push_first(&self, text: Utf8Bytes) {
        let mut state = self.state();
        if state.closed.is_some() {
            return;
        }
        state.answers += text.len();
        state.frames.push_front(Queued { live: None, text });
        drop(state);
        self.filled.notify_one();
    }

    /// Drops the live frames of a conversation.
    pub fn drop_conversation(&self, conversation: ConversationId) {
        let mut state = self.state();
        state.frames.retain(|queued| queued.live != Some(Source::Conversation(conversation)));
        state.live = state.frames.iter().filter(|queued| queued.live.is_some()).map(|queued| queued.text.len()).sum();
    }

    /// Closes: nothing that waits is written any more.
    pub fn close(&self, code: u16) {
        self.state().close(code);
        self.filled.notify_one();
        self.emptied.notify_one();
        self.closing.notify_one();
    }

    pub fn is_closed(&self) -> bool {
        self.state().closed.is_some()
    }

    /// Returns when the connection is to be closed, with the code.
    pub async fn closed(&self) -> u16 {
        loop {
            let closing = self.closing.notified();
            if let Some(code) = self.state().closed {
                return code;
            }
            closing.await;
        }
    }

    /// Takes everything that waits, or waits until something does.
    pub async fn take(&self) -> Taken {
        loop {
            {
                let mut state = self.state();
                if let Some(code) = state.closed {
                    return Taken::Closed(code);
                }
                if !state.frames.is_empty() {
                    state.live = 0;
                    state.answers = 0;
                    let frames = state.frames.drain(..).map(|queued| queued.text).collect();
                    drop(state);
                    self.emptied.notify_one();
                    return Taken::Frames(frames);
                }
            }
            self.filled.notified().await;
        }
    }

    /// Returns when few enough answers wait that the next request may be read.
    pub async fn has_capacity(&self) {
        loop {
            {
                let state = self.state();
                if state.answers < ANSWERS_MAX || state.closed.is_some() {
                    return;
                }
            }
            self.emptied.notified().await;
        }
    }
}

impl State {
    fn close(&mut self, code: u16) {
        self.closed.get_or_insert(code);
        self.frames.clear();
        self.live = 0;
        self.answers = 0;
    }
}
