//! What carries a connection: two ways without loss of order, as TCP has them, that can be held up for any time and
//! cut at any point. What is on its way when they are cut is lost, in both directions.

use hubbub::model::{ConversationId, UserId};
use hubbub::server::socket::{FrameReader, FrameWriter, Incoming, Transport};
use hubbub::server::store::sessions::SessionKey;
use hubbub::wire::ClientFrame;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// What comes down to a client.
#[derive(Clone, Debug)]
pub enum Down {
    Frame(String),
    /// The server closed with this code.
    Closed(u16),
    /// The connection broke.
    Broken,
}

/// The server's end.
pub struct Pipe {
    inbox: Inbox,
    outlet: Outlet,
}

pub struct Inbox(UnboundedReceiver<Incoming>);

pub struct Outlet {
    shared: Arc<Shared>,
    /// Told whenever something is written, so that the schedule can stop the server there.
    written: Arc<Notify>,
}

#[derive(Default)]
struct Shared {
    written: Mutex<Vec<Down>>,
    broken: AtomicBool,
}

impl Transport for Pipe {
    type Reader = Inbox;
    type Writer = Outlet;

    fn split(self) -> (Inbox, Outlet) {
        (self.inbox, self.outlet)
    }
}

impl FrameReader for Inbox {
    async fn read(&mut self) -> Incoming {
        self.0.recv().await.unwrap_or(Incoming::Gone)
    }
}

impl Outlet {
    fn put(&self, all: impl IntoIterator<Item = Down>) -> bool {
        if self.shared.broken.load(Ordering::Relaxed) {
            return false;
        }
        self.shared.written.lock().unwrap().extend(all);
        self.written.notify_one();
        true
    }
}

impl FrameWriter for Outlet {
    async fn write(&mut self, frames: Vec<axum::extract::ws::Utf8Bytes>) -> bool {
        self.put(frames.into_iter().map(|frame| Down::Frame(frame.to_string())))
    }

    async fn close(&mut self, code: u16) {
        self.put([Down::Closed(code)]);
    }
}

/// The client's end, and what is on its way.
pub struct Link {
    /// Which server it leads to.
    pub node: usize,
    pub user: UserId,
    pub session: SessionKey,
    pub up: VecDeque<ClientFrame>,
    pub down: VecDeque<Down>,
    /// Frames that the server was given and has not answered.
    pub unanswered: usize,
    /// The network swallows everything, and tells nobody.
    pub dead: bool,
    /// The server's side is over.
    pub over: bool,
    /// The greeting is on its way: other frames may follow it.
    pub greeted: bool,
    /// The call that revoked the session has returned: the server must not write any more.
    pub revoked: bool,
    /// Conversations that the server said are not theirs any more.
    pub told_out: BTreeMap<ConversationId, usize>,
    inbox: UnboundedSender<Incoming>,
    shared: Arc<Shared>,
}

impl Link {
    pub fn open(node: usize, user: UserId, session: SessionKey, written: Arc<Notify>) -> (Self, Pipe) {
        let (inbox, receiver) = mpsc::unbounded_channel();
        let shared = Arc::<Shared>::default();
        let pipe = Pipe { inbox: Inbox(receiver), outlet: Outlet { shared: Arc::clone(&shared), written } };
        let link = Link {
            node,
            user,
            session,
            up: VecDeque::new(),
            down: VecDeque::new(),
            unanswered: 0,
            dead: false,
            over: false,
            greeted: false,
            revoked: false,
            told_out: BTreeMap::new(),
            inbox,
            shared,
        };
        (link, pipe)
    }

    /// Gives the server a frame. One that the server no longer listens for is lost.
    pub fn hand_over(&mut self, frame: &ClientFrame) {
        if !self.over && self.inbox.send(Incoming::Text(frame.encode().into())).is_ok() {
            self.unanswered += usize::from(!matches!(frame, ClientFrame::Typing { .. } | ClientFrame::Active {}));
        }
    }

    /// What the server wrote since the last time.
    pub fn written(&mut self) -> Vec<Down> {
        std::mem::take(&mut *self.shared.written.lock().unwrap())
    }

    /// The server is gone: what it sent before may still arrive.
    pub fn server_is_gone(&mut self) {
        if !self.over {
            (self.over, self.unanswered) = (true, 0);
            self.down.push_back(Down::Broken);
        }
    }

    /// Lives as long as the server's side.
    pub fn other_end(&self) -> OtherEnd {
        OtherEnd { node: self.node, shared: Arc::downgrade(&self.shared) }
    }

    /// Waits for the server's side.
    pub fn is_busy(&self) -> bool {
        self.unanswered > 0 && !self.over
    }
}

/// The server's side of a connection whose client is gone.
pub struct OtherEnd {
    pub node: usize,
    shared: Weak<Shared>,
}

impl OtherEnd {
    pub fn is_there(&self) -> bool {
        self.shared.strong_count() > 0
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shared.broken.store(true, Ordering::Relaxed);
    }
}
