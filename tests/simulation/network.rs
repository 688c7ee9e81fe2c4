//! The transport of a connection: ordered in both directions, as TCP is, delayed for any time and cut at any point.
//! What is on its way when it is cut is lost in both directions.

use hubbub::model::{ConversationId, UserId};
use hubbub::server::socket::{FrameReader, FrameWriter, Incoming, Transport};
use hubbub::server::store::sessions::SessionKey;
use hubbub::wire::ClientFrame;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// What travels down to a client.
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
    /// Notified whenever something is written, so that the schedule can pause the server there.
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
    fn push(&self, all: impl IntoIterator<Item = Down>) -> bool {
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
        self.push(frames.into_iter().map(|frame| Down::Frame(frame.to_string())))
    }

    async fn close(&mut self, code: u16) {
        self.push([Down::Closed(code)]);
    }
}

/// The client's end, and the frames on their way.
pub struct Connection {
    /// The server that it leads to.
    pub node: usize,
    pub user: UserId,
    pub session: SessionKey,
    pub up: VecDeque<ClientFrame>,
    pub down: VecDeque<Down>,
    /// Frames that the server has received and not answered.
    pub unanswered: usize,
    /// The network drops everything silently.
    pub is_blackholed: bool,
    /// The server's side has ended.
    pub is_closed: bool,
    /// `Hello` is on its way: other frames may follow it.
    pub sent_hello: bool,
    /// The call that revoked the session has returned: the server must not write any more.
    pub revoked: bool,
    /// Conversations that the server has removed from this user's list over this connection, with the user's join count
    /// then.
    pub known_removals: BTreeMap<ConversationId, usize>,
    inbox: UnboundedSender<Incoming>,
    shared: Arc<Shared>,
}

impl Connection {
    pub fn open(node: usize, user: UserId, session: SessionKey, written: Arc<Notify>) -> (Self, Pipe) {
        let (inbox, receiver) = mpsc::unbounded_channel();
        let shared = Arc::<Shared>::default();
        let pipe = Pipe { inbox: Inbox(receiver), outlet: Outlet { shared: Arc::clone(&shared), written } };
        let connection = Connection {
            node,
            user,
            session,
            up: VecDeque::new(),
            down: VecDeque::new(),
            unanswered: 0,
            is_blackholed: false,
            is_closed: false,
            sent_hello: false,
            revoked: false,
            known_removals: BTreeMap::new(),
            inbox,
            shared,
        };
        (connection, pipe)
    }

    /// Delivers a frame to the server. One that the server no longer reads is lost.
    pub fn send(&mut self, frame: &ClientFrame) {
        if !self.is_closed && self.inbox.send(Incoming::Text(frame.encode().into())).is_ok() {
            self.unanswered += usize::from(!matches!(frame, ClientFrame::Typing { .. } | ClientFrame::Active {}));
        }
    }

    /// What the server wrote since the last call.
    pub fn written(&mut self) -> Vec<Down> {
        std::mem::take(&mut *self.shared.written.lock().unwrap())
    }

    /// The server has crashed: what it sent before may still arrive.
    pub fn server_is_gone(&mut self) {
        if !self.is_closed {
            (self.is_closed, self.unanswered) = (true, 0);
            self.down.push_back(Down::Broken);
        }
    }

    /// Lives as long as the server's side.
    pub fn server_end(&self) -> ServerEnd {
        ServerEnd { node: self.node, shared: Arc::downgrade(&self.shared) }
    }

    /// Whether the server owes answers.
    pub fn is_busy(&self) -> bool {
        self.unanswered > 0 && !self.is_closed
    }
}

/// The server's side of a connection whose client is gone.
pub struct ServerEnd {
    pub node: usize,
    shared: Weak<Shared>,
}

impl ServerEnd {
    pub fn is_alive(&self) -> bool {
        self.shared.strong_count() > 0
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.shared.broken.store(true, Ordering::Relaxed);
    }
}
