//! A session that is revoked while its client reads nothing: nothing that it sends takes effect any more.

use crate::support::core::GENERAL;
use crate::support::{Chat, Person, message_id};
use axum::extract::ws::Utf8Bytes;
use hubbub::model::UserId;
use hubbub::server::auth::session_key;
use hubbub::server::chat::conversations;
use hubbub::server::hub::Verdict;
use hubbub::server::socket::{Caller, FrameReader, FrameWriter, Incoming, Transport, serve};
use hubbub::server::store::sessions::SessionKey;
use hubbub::wire::{Anchor, ClientFrame, PROTOCOL, ServerFrame, close};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const ANA: UserId = UserId(1);
const TOM: UserId = UserId(2);

/// The server's end of a connection whose client sends and does not read. A socket comes to that only when every
/// buffer on the way is full, which cannot be seen from outside; this one is there from the first frame on.
struct Jammed {
    inbox: Inbox,
    outlet: Outlet,
}

struct Inbox(mpsc::UnboundedReceiver<Incoming>);

struct Outlet(Option<oneshot::Sender<()>>);

impl Transport for Jammed {
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

impl FrameWriter for Outlet {
    async fn write(&mut self, _frames: Vec<Utf8Bytes>) -> bool {
        if let Some(stuck) = self.0.take() {
            stuck.send(()).unwrap();
        }
        std::future::pending().await
    }

    async fn close(&mut self, _code: u16) {}
}

/// The client's end.
struct Client {
    summaries: mpsc::UnboundedSender<Incoming>,
    serving: JoinHandle<()>,
}

impl Client {
    /// Comes back when the server is stuck in writing its welcome.
    async fn greeted(chat: &Chat, session: SessionKey) -> Self {
        let (summaries, inbox) = mpsc::unbounded_channel();
        let (stuck, is_stuck) = oneshot::channel();
        let transport = Jammed { inbox: Inbox(inbox), outlet: Outlet(Some(stuck)) };
        let serving = tokio::spawn(serve(Arc::clone(&chat.core), Caller { user: ANA, session }, transport));
        let client = Client { summaries, serving };
        client.send(&ClientFrame::Hello { protocol: PROTOCOL, client: "test".into() });
        is_stuck.await.unwrap();
        client
    }

    /// What nobody listens to any more is lost, as on a socket.
    fn send(&self, frame: &ClientFrame) {
        let _lost = self.summaries.send(Incoming::Text(frame.encode().into()));
    }

    fn post(&self, text: &str) {
        self.send(&ClientFrame::Post { id: message_id(), conversation: GENERAL, body: text.into(), after: None });
    }

    /// Hangs up; comes back when the server has read all that it will.
    async fn hang_up(self) {
        drop(self.summaries);
        timeout(Duration::from_secs(20), self.serving).await.expect("the connection did not end").unwrap();
    }
}

fn session(person: &Person) -> SessionKey {
    let (_, token) = person.cookie.split_once('=').unwrap();
    session_key(&token.parse().unwrap())
}

/// What stands in General, once all that the writer was given is done.
async fn standing(chat: &Chat) -> Vec<String> {
    crate::support::core::post(&chat.core, TOM, message_id(), GENERAL, "from tom").await.unwrap();
    let window = conversations::window(&chat.core, TOM, GENERAL, Anchor::Latest, 100).await.unwrap();
    window.messages.iter().map(|message| message.body().to_owned()).collect()
}

#[tokio::test]
async fn a_signed_out_session_posts_nothing_more_on_a_connection_that_cannot_be_written_to() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let mut tom = chat.connect(&chat.user("tom").await).await;
    tom.hello().await;
    let client = Client::greeted(&chat, session(&ana)).await;
    // Not to read is no reason to be unheard.
    client.post("signed in");
    tom.find(|frame| matches!(frame, ServerFrame::Changed { rows, .. } if !rows.messages.is_empty()).then_some(()))
        .await;
    assert!(ana.call("sign-out", &[]).await.status().is_success());
    client.post("signed out");
    client.hang_up().await;
    assert_eq!(standing(&chat).await, ["signed in", "from tom"]);
}

#[tokio::test]
async fn posts_that_arrive_together_with_the_end_of_their_session_are_not_posted() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    chat.user("tom").await;
    // The task of a connection finds both at once. Which one it looks at first must not be left to chance: twenty
    // connections, since one or two could be lucky.
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(Client::greeted(&chat, session(&ana)).await);
    }
    chat.core.hub.close_session(&session(&ana), close::SESSION);
    for client in &clients {
        client.post("too late");
    }
    for client in clients {
        client.hang_up().await;
    }
    assert_eq!(standing(&chat).await, ["from tom"]);
}

#[tokio::test]
async fn a_call_that_waits_for_its_turn_while_its_session_ends_is_not_answered() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    // Somebody asks faster than is good: their next calls wait.
    while !matches!(chat.core.hub.rate_limit(ANA, 20_000), Verdict::Wait(milliseconds) if milliseconds > 2_000) {}
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let call = ana.client.post(format!("{}/api/open-conversation", ana.site)).form(&[("conversation", "1")]);
            tokio::spawn(call.send())
        })
        .collect();
    // One more that waits shows that those before it are there. It is not made to wait for ending its own session.
    let waiting = chat.core.hub.rate_limit(ANA, 0);
    assert!(matches!(waiting, Verdict::Wait(_)), "{waiting:?}");
    assert!(ana.call("sign-out", &[]).await.status().is_success());
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 401);
    }
}

#[tokio::test]
async fn flooding_with_a_stolen_session_does_not_keep_its_user_from_ending_it() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let thief = chat.device("ana").await;
    while chat.core.hub.rate_limit(ANA, 20_000) != Verdict::Flood {}
    // Ending sessions is limited as well. Far beyond the limit, so that it has not recovered when the call arrives.
    let taken = (0..2_000).filter(|_| chat.core.hub.rate_limit_ending(session(&thief)) == Verdict::Take).count();
    assert!(taken < 1_000, "{taken}");
    assert_eq!(thief.call("sign-out-elsewhere", &[]).await.status(), 429);
    assert!(ana.call("sign-out-elsewhere", &[]).await.status().is_success());
    assert_eq!(thief.call("devices", &[]).await.status(), 401);
}
