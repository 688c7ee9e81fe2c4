//! One server: the real core on a runtime of its own, which stands still unless the schedule lets it work. So it can
//! be stopped between any two steps, and dropped there as a crash would.

use super::network::{Link, Pipe};
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

/// Who the bus between the servers is to a server: a user that is in every conversation, and never signs out.
#[derive(Clone, Copy)]
pub struct Carrier {
    pub user: UserId,
    pub session: SessionKey,
}

pub struct Node {
    pub core: Arc<Core>,
    runtime: Option<Runtime>,
    /// Told of everything that is written to a connection or done for the schedule.
    active: Arc<Notify>,
    /// Hears what the others are to be told of.
    tap: Option<Subscriber>,
}

impl Node {
    pub fn start(url: &str, clock: Clock) -> Self {
        // After each single step of a task it is asked whether the schedule wants it to stand still.
        let runtime = Builder::new_current_thread().enable_all().event_interval(1).build().unwrap();
        let core = runtime.block_on(Core::open(url, clock)).unwrap();
        Node { core, runtime: Some(runtime), active: Arc::default(), tap: None }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it runs until it is dropped")
    }

    /// Lets the server work until it has written something, or for this long.
    pub fn work(&self, at_most: Duration) {
        let active = Arc::clone(&self.active);
        // Whether it was the one or the other is seen by what was written.
        self.runtime().block_on(async move { timeout(at_most, active.notified()).map(drop).await });
    }

    /// Lets the server work for so long, wherever it is then. (A timer would be coarser than what a server does in a
    /// millisecond.)
    pub fn work_for(&self, time: Duration) {
        let begun = Instant::now();
        self.runtime().block_on(poll_fn(|context| {
            if begun.elapsed() >= time {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }));
    }

    /// Begins something on the server, to be finished as it works.
    pub fn begin<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
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
    pub fn accept(&self, node: usize, user: UserId, session: SessionKey) -> Link {
        let (link, pipe): (Link, Pipe) = Link::open(node, user, session, Arc::clone(&self.active));
        self.runtime().spawn(serve(Arc::clone(&self.core), Caller { user, session }, pipe));
        link
    }

    pub fn join_bus(&mut self, carrier: Carrier) {
        self.tap = Some(self.core.hub.register(carrier.user, carrier.session).unwrap());
    }

    /// What is told of these conversations goes onto the bus.
    pub fn carries(&self, conversations: &[ConversationId]) {
        if let Some(tap) = &self.tap {
            tap.subscribe(conversations.iter().copied());
        }
    }

    /// The changes that were published here since the last time.
    pub fn published(&self) -> Vec<(ConversationId, Rev, String)> {
        let Some(tap) = &self.tap else { return Vec::new() };
        match tap.queue.take().now_or_never() {
            Some(Taken::Frames(frames)) => frames.iter().filter_map(|text| change(text)).collect(),
            Some(Taken::Closed(_)) | None => Vec::new(),
        }
    }

    /// Brings a change that was published elsewhere to those who listen here.
    pub fn bring(&self, conversation: ConversationId, rev: Rev, text: &str) {
        self.core.hub.deliver(conversation, rev, &text.to_owned().into());
        // It is not to be carried further.
        self.published();
    }

    /// What the program does every three seconds.
    pub fn janitor(&self) -> impl Future<Output = ()> + Send + 'static {
        let core = Arc::clone(&self.core);
        async move {
            janitor::close_ended(&core).await.unwrap();
            janitor::deliver_heads(&core).await.unwrap();
            janitor::settle_subscriptions(&core).await.unwrap();
            janitor::sweep(&core).await.unwrap();
        }
    }
}

/// What a change tells, if it is one.
fn change(text: &str) -> Option<(ConversationId, Rev, String)> {
    match ServerFrame::decode(text) {
        Ok(ServerFrame::Changed { conversation, rev, .. }) => Some((conversation, rev, text.to_owned())),
        _ => None,
    }
}

/// Like a crash: nothing is finished, nothing is said.
impl Drop for Node {
    fn drop(&mut self) {
        self.tap = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
