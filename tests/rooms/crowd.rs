//! Many at once.

use super::{list, notices, room};
use crate::support::core::GENERAL;
use crate::support::{Chat, Live, message_id};
use hubbub::model::{Notice, UserId};
use hubbub::wire::{ClientFrame, ServerFrame};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Half of them join, half of them leave.
const CALLS: usize = 1_000;

/// How long a message to General takes until it is told to who posts it, and is told nothing of another conversation.
async fn posts(live: &mut Live) -> Duration {
    let begun = Instant::now();
    let id = message_id();
    live.send(&ClientFrame::Post { id, conversation: GENERAL, body: "hello".into(), after: None }).await;
    let posted = |frame| match frame {
        ServerFrame::Posted { id: posted, .. } if posted == id => Some(()),
        ServerFrame::Changed { conversation: GENERAL, .. } => None,
        other => panic!("told of a room that he is not in: {other:?}"),
    };
    live.find(posted).await;
    begun.elapsed()
}

#[tokio::test]
async fn joining_and_leaving_a_thousand_times_is_rate_limited_and_nobody_else_waits() {
    let chat = Chat::start().await;
    let (ana, tom, eve) = (chat.user("ana").await, chat.user("tom").await, Arc::new(chat.user("eve").await));
    let id = room(&chat.core, UserId(1), "Harbour", false).await.unwrap();
    let (mut ana, mut tom) = (chat.connect(&ana).await, chat.connect(&tom).await);
    for live in [&mut ana, &mut tom] {
        live.hello().await;
    }
    let begun = Instant::now();
    let mut calls = JoinSet::new();
    for lane in 0..50 {
        let eve = Arc::clone(&eve);
        calls.spawn(async move {
            let id = id.to_string();
            for _ in 0..CALLS / 50 {
                let step = if lane % 2 == 0 { "join-room" } else { "leave-room" };
                let status = eve.call(step, &[("conversation", &id)]).await.status().as_u16();
                assert!(matches!(status, 200 | 404), "{step}: {status}");
            }
        });
    }
    let mut moments = tokio::time::interval(Duration::from_millis(250));
    loop {
        tokio::select! {
            done = calls.join_next() => match done {
                Some(done) => done.unwrap(),
                None => break,
            },
            _ = moments.tick() => {
                let took = posts(&mut tom).await;
                assert!(took < Duration::from_secs(2), "tom waited {took:?}");
            }
        }
    }
    // Three hundred at once, then a hundred a second.
    assert!(begun.elapsed() > Duration::from_secs(6), "nobody held her back: {:?}", begun.elapsed());
    // Everything that was told is one story without gaps, and ends with what stands.
    let told = notices(&chat.core, UserId(1), id).await;
    let comes_and_goes = told.iter().filter(|notice| **notice != Notice::Created);
    let comes_and_goes: Vec<_> = comes_and_goes.collect();
    assert!(comes_and_goes.windows(2).all(|pair| pair[0] != pair[1]), "{told:?}");
    let is_in = told.last() == Some(&Notice::Joined);
    let summary = list(&chat.core, UserId(1)).await.into_iter().find(|summary| summary.conversation.id == id).unwrap();
    assert_eq!(summary.conversation.member_count, 1 + i64::from(is_in));
    assert_eq!(list(&chat.core, UserId(3)).await.iter().any(|summary| summary.conversation.id == id), is_in);
    assert_eq!(
        (summary.rev.0, summary.others_message_count),
        (summary.head.0, 0),
        "each took one number, and none counts as said"
    );
    // Ana, who is in it, was told all of it in its order; Tom, who is not, nothing.
    let mut next = 2;
    while next <= summary.rev.0 {
        next = ana
            .find(|frame| match frame {
                ServerFrame::Changed { conversation, rev, .. } if conversation == id => {
                    Some(rev.0 + i64::from(rev.0 == next))
                }
                _ => None,
            })
            .await;
    }
    posts(&mut tom).await;
}
