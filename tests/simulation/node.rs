//! One server: the real core on its own runtime, which is paused unless the schedule runs it. So it can be stopped
//! between any two steps, and dropped there as in a crash.

use super::network::{Connection, Pipe};
use futures::FutureExt;
use hubbub::model::{ConversationId, Rev, UserId};
use hubbub::server::clock::Clock;
use hubbub::server::hub::{Subscriber, Taken};
use hubbub::server::socket::{Caller, serve};
use hubbub::server::store::sessions::SessionKey;
use hubbub::server::{Core, janitor};
use hubbub::wire::ServerFrame;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The user as whom the bus is connected to a server: a member of every conversation who never signs out.
#[derive(Clone, Copy)]
pub struct BusUser {
    pub user: UserId,
    pub session: SessionKey,
}

pub struct Node {
    pub core: Arc<Core>,
    runtime: Option<Runtime>,
    /// Notified of everything that is written to a connection or done for the schedule.
    active: Arc<Notify>,
    /// Receives the changes that go onto the bus.
    tap: Option<Subscriber>,
}

impl Node {
    pub fn start(url: &str, clock: Clock) -> Self {
        // After every single poll of a task the runtime checks whether it should pause.
        let runtime = Builder::new_current_thread().enable_all().event_interval(1).build().unwrap();
        let core = runtime.block_on(Core::open(url, clock)).unwrap();
        Node { core, runtime: Some(runtime), active: Arc::default(), tap: None }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it runs until it is dropped")
    }

    /// Runs the server until it has written something, or for this long.
    pub fn run_until_output(&self, at_most: Duration) {
        let active = Arc::clone(&self.active);
        // Which of the two it was shows in what was written.
        self.runtime().block_on(async move { timeout(at_most, active.notified()).map(drop).await });
    }

    /// Runs the server for this long, whatever it is doing then. (A timer would be coarser than what a server does in a
    /// millisecond.)
    pub fn run_for(&self, time: Duration) {
        let begun = Instant::now();
        self.runtime().block_on(poll_fn(|context| {
            if begun.elapsed() >= time {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }));
    }

    /// Spawns a task on the server; it advances as the server runs.
    pub fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        let active = Arc::clone(&self.active);
        self.runtime().spawn(async move {
            let done = task.await;
            active.notify_one();
            done
        })
    }

    pub fn result<T>(&self, task: JoinHandle<T>) -> T {
        self.runtime().block_on(task).unwrap()
    }

    /// Accepts a connection.
    pub fn accept(&self, node: usize, user: UserId, session: SessionKey) -> Connection {
        let (connection, pipe): (Connection, Pipe) = Connection::open(node, user, session, Arc::clone(&self.active));
        self.runtime().spawn(serve(Arc::clone(&self.core), Caller { user, session }, pipe));
        connection
    }

    pub fn join_bus(&mut self, bus_user: BusUser) {
        self.tap = Some(self.core.hub.register(bus_user.user, bus_user.session).unwrap());
    }

    /// Puts the changes of these conversations onto the bus.
    pub fn subscribe_bus(&self, conversations: &[ConversationId]) {
        if let Some(tap) = &self.tap {
            tap.subscribe(conversations.iter().copied());
        }
    }

    /// The changes that were published here since the last call.
    pub fn published(&self) -> Vec<(ConversationId, Rev, String)> {
        let Some(tap) = &self.tap else { return Vec::new() };
        match tap.queue.take().now_or_never() {
            Some(Taken::Frames(frames)) => frames.iter().filter_map(|text| change(text)).collect(),
            Some(Taken::Closed(_)) | None => Vec::new(),
        }
    }

    /// Delivers a change that was published by another server.
    pub fn deliver_from_bus(&self, conversation: ConversationId, rev: Rev, text: &str) {
        self.core.hub.deliver(conversation, rev, &text.to_owned().into());
        // It must not be published on the bus again.
        self.published();
    }

    /// What the program does every three seconds.
    pub fn janitor(&self) -> impl Future<Output = ()> + Send + 'static {
        let core = Arc::clone(&self.core);
        async move {
            janitor::close_ended(&core).await.unwrap();
            janitor::announce_revisions(&core).await.unwrap();
            janitor::settle_subscriptions(&core).await.unwrap();
            janitor::sweep(&core).await.unwrap();
        }
    }
}

/// The change in a frame, if it is one.
fn change(text: &str) -> Option<(ConversationId, Rev, String)> {
    match ServerFrame::decode(text) {
        Ok(ServerFrame::Changed { conversation, rev, .. }) => Some((conversation, rev, text.to_owned())),
        _ => None,
    }
}

/// As in a crash: nothing is finished or sent.
impl Drop for Node {
    fn drop(&mut self) {
        self.tap = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
