//! Presence: who receives it, when, and who does not.

use crate::support::{Chat, Live, message_id};
use hubbub::model::presence::{AWAY_AFTER, GRACE};
use hubbub::model::{Code, Millis, Presence, PresenceState, UserId};
use hubbub::server::clock::Clock;
use hubbub::server::presence;
use hubbub::wire::{ClientFrame, ServerFrame, WATCH_MAX};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::time::timeout;

const ANA: UserId = UserId(1);
const TOM: UserId = UserId(2);

/// A server whose time stands still until it is moved.
struct ManualServer {
    chat: Chat,
    beginning: i64,
    time: Arc<AtomicI64>,
}

impl ManualServer {
    async fn start() -> Self {
        // Sessions last by the machine's own clock.
        let beginning = Clock::System.now().0;
        let time = Arc::new(AtomicI64::new(beginning));
        ManualServer { chat: Chat::start_at(Clock::Manual(Arc::clone(&time))).await, beginning, time }
    }

    async fn later(&self, milliseconds: i64) {
        self.time.fetch_add(milliseconds, Ordering::Relaxed);
        presence::settle(&self.chat.core).await;
    }

    /// Waits until so many connections are left.
    async fn connections(&self, many: usize) {
        let left = async {
            while self.chat.core.hub.connections() != many {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), left).await.expect("the connections did not end");
    }
}

async fn watch(live: &mut Live, users: &[UserId]) -> Vec<Presence> {
    live.send(&ClientFrame::WatchPresence { request: 5, users: users.to_vec() }).await;
    live.find(|frame| match frame {
        ServerFrame::Presence { request: Some(5), people } => Some(people),
        ServerFrame::Refused { request: Some(5), error, .. } => panic!("{error}"),
        _ => None,
    })
    .await
}

/// What a connection was told of presence without asking, up to now.
async fn told(live: &mut Live) -> Vec<Presence> {
    live.send(&ClientFrame::Ping { request: 6 }).await;
    let mut told = Vec::new();
    loop {
        match live.next().await {
            ServerFrame::Presence { request: None, people } => told.extend(people),
            ServerFrame::Pong { request: 6 } => return told,
            _ => {}
        }
    }
}

/// Says that a person is there; the answer to what follows shows that it was heard.
async fn acts(live: &mut Live) {
    live.send(&ClientFrame::Active {}).await;
    assert_eq!(told(live).await, []);
}

fn is(user: UserId, state: PresenceState, since: Option<i64>) -> Presence {
    Presence { user, state, since: since.map(Millis) }
}

#[tokio::test]
async fn presence_is_delivered_to_those_who_watch_and_nobody_else() {
    let server = ManualServer::start().await;
    let [ana, tom, eve] = [server.chat.user("ana").await, server.chat.user("tom").await, server.chat.user("eve").await];
    let (mut ana, mut eve) = (server.chat.connect(&ana).await, server.chat.connect(&eve).await);
    ana.hello().await;
    eve.hello().await;
    assert_eq!(watch(&mut ana, &[TOM]).await, [Presence::unseen(TOM)]);
    assert_eq!(watch(&mut eve, &[ANA]).await, [is(ANA, PresenceState::Away, None)]);
    server.later(0).await;
    told(&mut eve).await;
    let mut tom = server.chat.connect(&tom).await;
    tom.hello().await;
    acts(&mut tom).await;
    server.later(0).await;
    assert_eq!(told(&mut ana).await, [is(TOM, PresenceState::Online, None)]);
    assert_eq!(told(&mut eve).await, []);
    // Who looks elsewhere hears no more.
    assert_eq!(watch(&mut ana, &[]).await, []);
    server.later(AWAY_AFTER).await;
    assert_eq!(told(&mut ana).await, []);
}

#[tokio::test]
async fn a_user_is_away_after_five_minutes_without_activity_and_online_with_the_next_message() {
    let server = ManualServer::start().await;
    let [ana, tom] = [server.chat.user("ana").await, server.chat.user("tom").await];
    let (mut ana, mut tom) = (server.chat.connect(&ana).await, server.chat.connect(&tom).await);
    ana.hello().await;
    tom.hello().await;
    acts(&mut tom).await;
    assert_eq!(watch(&mut ana, &[TOM]).await, [is(TOM, PresenceState::Online, None)]);
    server.later(0).await;
    told(&mut ana).await;
    server.later(AWAY_AFTER - 1).await;
    assert_eq!(told(&mut ana).await, []);
    server.later(1).await;
    assert_eq!(told(&mut ana).await, [is(TOM, PresenceState::Away, Some(server.beginning))]);
    tom.post(message_id(), "I am back").await;
    told(&mut tom).await;
    server.later(0).await;
    assert_eq!(told(&mut ana).await, [is(TOM, PresenceState::Online, None)]);
}

#[tokio::test]
async fn a_reload_does_not_flicker_and_a_user_who_stays_away_is_offline_after_the_grace_period() {
    let server = ManualServer::start().await;
    let [ana, person] = [server.chat.user("ana").await, server.chat.user("tom").await];
    let (mut ana, mut tom) = (server.chat.connect(&ana).await, server.chat.connect(&person).await);
    ana.hello().await;
    tom.hello().await;
    acts(&mut tom).await;
    watch(&mut ana, &[TOM]).await;
    server.later(0).await;
    told(&mut ana).await;
    drop(tom);
    server.connections(1).await;
    server.later(GRACE - 1).await;
    let mut tom = server.chat.connect(&person).await;
    tom.hello().await;
    server.later(GRACE).await;
    assert_eq!(told(&mut ana).await, []);
    let left = server.time.load(Ordering::Relaxed);
    drop(tom);
    server.connections(1).await;
    server.later(GRACE - 1).await;
    assert_eq!(told(&mut ana).await, []);
    server.later(1).await;
    let gone = is(TOM, PresenceState::Offline, Some(left));
    assert_eq!(told(&mut ana).await, [gone]);
    // It is stored: who asks later is told the same.
    assert_eq!(watch(&mut ana, &[TOM]).await, [gone]);
    assert_eq!(
        presence::of(&server.chat.core, &[TOM, UserId(77)]).await.unwrap(),
        [gone, Presence::unseen(UserId(77))]
    );
}

#[tokio::test]
async fn a_user_who_signs_out_is_offline_at_once() {
    let server = ManualServer::start().await;
    let [ana, person] = [server.chat.user("ana").await, server.chat.user("tom").await];
    let (mut ana, mut tom) = (server.chat.connect(&ana).await, server.chat.connect(&person).await);
    ana.hello().await;
    tom.hello().await;
    acts(&mut tom).await;
    watch(&mut ana, &[TOM]).await;
    server.later(0).await;
    told(&mut ana).await;
    // A page closes its connection before it signs out; the grace must not outlive the session.
    drop(tom);
    server.connections(1).await;
    person.call("sign-out", &[]).await;
    server.later(0).await;
    assert_eq!(told(&mut ana).await, [is(TOM, PresenceState::Offline, Some(server.beginning))]);
}

#[tokio::test]
async fn too_many_are_not_watched() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let mut live = chat.connect(&ana).await;
    live.hello().await;
    let users = (1..).map(UserId).take(WATCH_MAX + 1).collect();
    live.send(&ClientFrame::WatchPresence { request: 5, users }).await;
    let refused = |frame| match frame {
        ServerFrame::Refused { request, error, .. } => Some((request, error.code)),
        _ => None,
    };
    assert_eq!(live.find(refused).await, (Some(5), Code::Invalid));
}

#[tokio::test]
async fn a_restart_does_not_show_everyone_as_offline() {
    let chat = Chat::start().await;
    let [ana, tom] = [chat.user("ana").await, chat.user("tom").await];
    let mut live = chat.connect(&tom).await;
    live.hello().await;
    acts(&mut live).await;
    chat.core.close().await;
    let again = Chat::over(chat.database_url()).await;
    let task = tokio::spawn(presence::run(Arc::clone(&again.core)));
    let mut watcher = Live::open(again.address, &ana.cookie).await.unwrap();
    watcher.hello().await;
    watcher.send(&ClientFrame::WatchPresence { request: 5, users: vec![TOM] }).await;
    // Perhaps before it is known who was here; but nobody is told that they are gone after that.
    let online = |frame| match frame {
        ServerFrame::Presence { people, .. } => {
            people.first().filter(|tom| tom.state == PresenceState::Online).copied()
        }
        _ => None,
    };
    assert_eq!(watcher.find(online).await, is(TOM, PresenceState::Online, None));
    task.abort();
}
