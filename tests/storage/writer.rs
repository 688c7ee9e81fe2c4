//! The promises of the writer: durable, once, in one order.

use crate::support::core::{GENERAL, account, open, post};
use crate::support::{each_database, message_id};
use hubbub::model::{Code, ConversationId, Error, Rev};
use hubbub::server::Core;
use hubbub::server::chat::conversations;
use hubbub::server::store::users::NewUser;
use hubbub::server::writer::{Posted, Reply};
use hubbub::wire::Anchor;
use std::sync::Arc;

fn posted(result: Result<Reply, Error>) -> Posted {
    match result.unwrap() {
        Reply::Posted(posted) => posted,
        other => panic!("{other:?}"),
    }
}

async fn a_message_sent_again_is_posted_once_and_the_second_answer_equals_the_first(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let id = message_id();
    let first = posted(post(&core, ana, id, GENERAL, "hello").await);
    let second = posted(post(&core, ana, id, GENERAL, "hello").await);
    assert_eq!((&first.message, &first.author), (&second.message, &second.author));
    core.close().await;

    let core = open(&url).await;
    let third = posted(post(&core, ana, id, GENERAL, "hello").await);
    assert_eq!(first.message, third.message, "after a restart, too");
    let window = conversations::window(&core, ana, GENERAL, Anchor::Latest, 50).await.unwrap();
    assert_eq!(window.messages, [first.message]);
}
each_database!(a_message_sent_again_is_posted_once_and_the_second_answer_equals_the_first);

async fn waiting_for_the_writer_ends_when_it_stops(url: String) {
    let core = open(&url).await;
    assert!(core.writer.is_alive());
    let (ended, ()) = tokio::join!(core.writer.ended(), core.writer.stop());
    assert_eq!(((), false), (ended, core.writer.is_alive()));
    core.close().await;
}
each_database!(waiting_for_the_writer_ends_when_it_stops);

async fn the_same_identifier_with_another_content_is_refused(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let tom = core.writer.register(account("tom")).await.unwrap();
    let id = message_id();
    posted(post(&core, ana, id, GENERAL, "hello").await);
    assert_eq!(post(&core, ana, id, GENERAL, "hello!").await.unwrap_err(), Error::conflict());
    assert_eq!(post(&core, ana, id, ConversationId(99), "hello").await.unwrap_err(), Error::conflict());
    posted(post(&core, tom, id, GENERAL, "tom's own").await);
}
each_database!(the_same_identifier_with_another_content_is_refused);

async fn repeats_within_one_batch_are_posted_once(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let id = message_id();
    let all = futures::future::join_all(
        (0..50).map(|n| post(&core, ana, id, GENERAL, if n == 25 { "other" } else { "hello" })),
    )
    .await;
    let (good, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    let seqs: std::collections::BTreeSet<_> = good.into_iter().map(|done| posted(done).message.seq).collect();
    assert_eq!((seqs.len(), refused.len()), (1, 1));
}
each_database!(repeats_within_one_batch_are_posted_once);

async fn a_refused_command_never_fails_its_neighbours(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    // A text that PostgreSQL cannot hold and a constraint that the look-up does not see, among good ones.
    let broken = NewUser { first_name: "a\0b".into(), ..account("broken") };
    let (posts, registered) = futures::join!(
        futures::future::join_all((0..40).map(|n| post(
            &core,
            ana,
            message_id(),
            if n % 5 == 0 { ConversationId(77) } else { GENERAL },
            "x"
        ))),
        core.writer.register(broken),
    );
    let refused = posts.iter().filter(|result| result.is_err()).count();
    assert_eq!(refused, 8, "those into a conversation that is not there");
    if url.starts_with("postgres") {
        assert_eq!(registered.unwrap_err().code, Code::Internal);
    }
    numbers_have_no_gaps(&core, ana).await;
}
each_database!(a_refused_command_never_fails_its_neighbours);

async fn many_at_once_get_one_order_without_gaps(url: String) {
    let core = open(&url).await;
    let mut users = Vec::new();
    for name in ["ana", "tom", "mia", "noor"] {
        users.push(core.writer.register(account(name)).await.unwrap());
    }
    let tasks: Vec<_> = (0..1_000)
        .map(|n| {
            let (core, author) = (Arc::clone(&core), users[n % users.len()]);
            tokio::spawn(async move { post(&core, author, message_id(), GENERAL, &format!("message {n}")).await })
        })
        .collect();
    for task in tasks {
        posted(task.await.unwrap());
    }
    numbers_have_no_gaps(&core, users[0]).await;
}
each_database!(many_at_once_get_one_order_without_gaps);

/// Every `seq` from 1 to the head stands once, every `rev` from 2 is taken once.
async fn numbers_have_no_gaps(core: &Core, user: hubbub::model::UserId) {
    let (mut seqs, mut revs, mut after) = (Vec::new(), Vec::new(), hubbub::model::Seq(0));
    let (head, through) = loop {
        let window = conversations::window(core, user, GENERAL, Anchor::After(after), 100).await.unwrap();
        let Some(last) = window.messages.last() else {
            break (window.head, window.through);
        };
        after = last.seq;
        seqs.extend(window.messages.iter().map(|message| message.seq.0));
        revs.extend(window.messages.iter().map(|message| message.rev));
    };
    assert_eq!(seqs, (1..=head.0).collect::<Vec<_>>());
    let mut snapshot = core.db.snapshot().await.unwrap();
    let joined = hubbub::server::store::members::changed(&mut snapshot.conn(), GENERAL, Rev(0), 100).await.unwrap();
    revs.extend(joined.iter().map(|member| member.rev));
    revs.sort();
    assert_eq!(revs, (2..=through.0).map(Rev).collect::<Vec<_>>(), "1 was General's own making");
}

async fn what_comes_after_the_writer_has_stopped_is_unavailable_not_refused(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    core.writer.stop().await;
    assert_eq!(post(&core, ana, message_id(), GENERAL, "late").await.unwrap_err().code, Code::Unavailable);
}
each_database!(what_comes_after_the_writer_has_stopped_is_unavailable_not_refused);
