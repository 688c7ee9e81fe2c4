//! What one user can take: bytes in an answer, and requests a second.

use crate::support::chat::refused;
use crate::support::core::GENERAL;
use crate::support::{Chat, Live, message_id};
use hubbub::model::conversation::{BYTES_MAX, WINDOW_MAX};
use hubbub::model::message::BODY_MAX;
use hubbub::model::{Code, Rev, Seq, UserId};
use hubbub::wire::{Anchor, ClientFrame, ServerFrame};
use reqwest::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

const ANA: UserId = UserId(1);

/// The most bytes of an answer: its bodies, each byte of which JSON may put a backslash before, and what stands around
/// them.
const ANSWER_MAX: usize = 2 * BYTES_MAX + 32 * 1024;

/// Asks, and gives the answer with its size on the wire.
async fn ask(live: &mut Live, question: &ClientFrame) -> (ServerFrame, usize) {
    live.send(question).await;
    match live.raw().await {
        Some(Message::Text(text)) => (ServerFrame::decode(&text).unwrap(), text.len()),
        other => panic!("{question:?} was answered by {other:?}"),
    }
}

/// A room in which ana has posted `WINDOW_MAX` of these, and her connection to it.
async fn room_full_of(chat: &Chat, body: &str) -> Live {
    let ana = chat.user("ana").await;
    for _ in 0..WINDOW_MAX {
        crate::support::core::post(&chat.core, ANA, message_id(), GENERAL, body).await.unwrap();
    }
    let mut live = chat.connect(&ana).await;
    live.hello().await;
    live
}

/// The longest messages there are: four bytes a character, and twice as many bytes in JSON as in the database.
fn longest() -> [String; 2] {
    ["🎉", "\""].map(|character| character.repeat(BODY_MAX))
}

fn run(from: i64, length: usize) -> Vec<i64> {
    (from..).take(length).collect()
}

#[tokio::test]
async fn a_window_of_the_longest_messages_keeps_to_its_bytes_and_is_the_run_next_to_what_was_asked_for() {
    for body in longest() {
        let chat = Chat::start().await;
        let mut ana = room_full_of(&chat, &body).await;
        let fits = BYTES_MAX / body.len();
        for (at, from) in [
            (Anchor::Latest, 101 - fits as i64),
            (Anchor::Before(Seq(61)), 61 - fits as i64),
            (Anchor::After(Seq(40)), 41),
            (Anchor::Around(Seq(50)), 50 - fits as i64 / 2),
        ] {
            let limit = WINDOW_MAX as u32;
            let question = ClientFrame::History { request: 1, conversation: GENERAL, at, limit };
            let (ServerFrame::Window { window, .. }, bytes) = ask(&mut ana, &question).await else { panic!("{at:?}") };
            assert!(bytes < ANSWER_MAX, "{bytes} bytes at {at:?}");
            assert_eq!(
                window.messages.iter().map(|message| message.seq.0).collect::<Vec<_>>(),
                run(from, fits),
                "{at:?}"
            );
            assert_eq!((window.head, window.members.len()), (Seq(100), 1));
        }
    }
}

#[tokio::test]
async fn catching_up_on_the_longest_messages_keeps_to_its_bytes_or_is_a_reset() {
    for body in longest() {
        let chat = Chat::start().await;
        let mut ana = room_full_of(&chat, &body).await;
        let fits = BYTES_MAX / body.len();
        // General's making, ana's joining, a hundred messages.
        let head = 102;
        let since = |rev| ClientFrame::Changes { request: 1, conversation: GENERAL, since: Rev(rev) };
        let last = head - fits as i64;
        let (ServerFrame::Changes { rows, through, .. }, bytes) = ask(&mut ana, &since(last)).await else {
            panic!("no changes since {last}")
        };
        assert!(bytes < ANSWER_MAX, "{bytes} bytes");
        assert_eq!(rows.messages.iter().map(|message| message.rev.0).collect::<Vec<_>>(), run(last + 1, fits));
        assert_eq!(through, Rev(head));
        for rev in [last - 1, 0] {
            let (answer, bytes) = ask(&mut ana, &since(rev)).await;
            assert!(matches!(answer, ServerFrame::Reset { .. }), "{bytes} bytes since {rev}");
        }
    }
}

/// What docs/protocol.md grants one user: so many requests at once, then so many a second.
const AT_ONCE: f64 = 300.0;
const A_SECOND: f64 = 100.0;
/// What a form of 16 KiB counts for: every 4 KiB are one more. So the flood needs no fast machine.
const WEIGHT: f64 = 5.0;

#[tokio::test]
async fn calls_without_a_pause_are_held_back_then_refused_with_the_time_to_wait_and_nobody_else_waits() {
    let chat = Chat::start().await;
    let ana = Arc::new(chat.user("ana").await);
    let tom = chat.user("tom").await;
    let answered = Arc::new(AtomicU32::new(0));
    let begun = Instant::now();
    let mut flood = JoinSet::new();
    for _ in 0..64 {
        let (ana, answered) = (Arc::clone(&ana), Arc::clone(&answered));
        flood.spawn(async move {
            let padding = "x".repeat(16 * 1024);
            loop {
                let answer = ana.call("open-conversation", &[("padding", &padding)]).await;
                if answer.status() != StatusCode::OK {
                    return answer;
                }
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    // Tom is a person: he calls now and then.
    let mut moments = tokio::time::interval(Duration::from_millis(250));
    let refusal = loop {
        tokio::select! {
            Some(refusal) = flood.join_next() => break refusal.unwrap(),
            _ = moments.tick() => {
                let asked = Instant::now();
                assert_eq!(tom.call("open-conversation", &[]).await.status(), StatusCode::OK);
                assert!(asked.elapsed() < Duration::from_secs(2), "tom waited {:?}", asked.elapsed());
                assert!(begun.elapsed() < Duration::from_secs(60), "the flood was never refused");
            }
        }
    };
    let granted = AT_ONCE + A_SECOND * begun.elapsed().as_secs_f64();
    let taken = WEIGHT * f64::from(answered.load(Ordering::Relaxed));
    assert!(taken <= granted + WEIGHT, "{taken} were answered where {granted} were granted");
    let wait = refusal.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
    let (status, error) = refused(refusal).await;
    assert_eq!(
        (status, error.code, error.retry_after),
        (StatusCode::TOO_MANY_REQUESTS, Code::TooMany, Some(wait * 1000))
    );
}
