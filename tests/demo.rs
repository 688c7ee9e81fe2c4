//! `hubbub demo`: as much of everything as it says, true in every number, and nothing without a clean start.

use crate::operator::{hubbub, said};
use crate::support::core::{GENERAL, account, open, post};
use crate::support::{Chat, each_database, message_id, sqlite, wrong_counts};
use hubbub::model::{Code, ConversationKind, ConversationSummary, Millis, Seq, UserId};
use hubbub::server::chat::initial_state;
use hubbub::server::clock::Clock;
use hubbub::server::store::{Db, WriteTx, users};
use hubbub::server::writer::RoomCommand;
use hubbub::server::{Core, demo};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A Wednesday, and a Sunday some months later.
const NOW: Millis = Millis(1_795_000_000_000);
const LATER: Millis = Millis(1_804_942_000_000);

async fn filled(url: &str, seed: u64, now: Millis) -> Arc<Core> {
    let core = Core::open(url, Clock::at(demo::beginning(now))).await.unwrap();
    demo::fill(&core, seed, now).await.unwrap();
    core
}

/// Everyone's list.
async fn lists(core: &Core) -> Vec<Vec<ConversationSummary>> {
    let mut snapshot = core.db.snapshot().await.unwrap();
    let mut lists = Vec::new();
    for account in users::all(&mut snapshot.conn()).await.unwrap() {
        lists.push(initial_state::read_in(core, &mut snapshot, account.me.person.id).await.unwrap().conversations);
    }
    lists
}

/// All that is said and told, in its order: conversation, author, body or notice, time.
async fn everything(core: &Core) -> Vec<(i64, i64, String, i64)> {
    let sql = "select conversation_id, author_id, body || coalesce(notice, ''), at from messages order by conversation_id, seq";
    match &core.db {
        Db::Sqlite { readers, .. } => sqlx::query_as(sql).fetch_all(readers).await.unwrap(),
        Db::Postgres { readers, .. } => sqlx::query_as(sql).fetch_all(readers).await.unwrap(),
    }
}

/// Users and conversations as people see them, and what is written, without any time.
async fn content(core: &Core) -> (Vec<String>, Vec<String>, Vec<(i64, i64, String)>) {
    let mut snapshot = core.db.snapshot().await.unwrap();
    let accounts = users::all(&mut snapshot.conn()).await.unwrap();
    drop(snapshot);
    let names =
        accounts.iter().map(|account| format!("{} {}", account.me.person.username, account.me.person.full_name()));
    let conversations = lists(core).await.into_iter().flatten().map(|line| {
        let ConversationSummary { conversation, head, read, with, .. } = line;
        format!("{:?} {} {} {:?} {head} {}", conversation.kind, conversation.name, conversation.topic, with, read.seq)
    });
    let (names, conversations) = (names.collect(), conversations.collect());
    let others_message_count =
        everything(core).await.into_iter().map(|(conversation, author, text, _)| (conversation, author, text));
    (names, conversations, others_message_count.collect())
}

async fn the_demo_has_as_much_as_it_says_every_count_is_right_and_it_fills_nothing_twice(url: String) {
    let core = filled(&url, 1, NOW).await;
    assert_eq!(wrong_counts(&core).await, []);

    let lists = lists(&core).await;
    assert_eq!(lists.len(), 20, "users");
    let conversations: BTreeMap<_, _> = lists.iter().flatten().map(|line| (line.conversation.id, line)).collect();
    let of = |kind| conversations.values().filter(|line| line.conversation.kind == kind).count();
    assert_eq!(
        (
            of(ConversationKind::General),
            of(ConversationKind::Public),
            of(ConversationKind::Private),
            of(ConversationKind::Direct)
        ),
        (1, 8, 3, 40)
    );
    assert_eq!(conversations[&GENERAL].conversation.member_count, 20);
    let everything = everything(&core).await;
    let notices = everything.iter().filter(|(_, _, text, _)| text.starts_with(['"', '{'])).count();
    assert_eq!(everything.len() - notices, 20_000, "messages");
    assert_eq!(demo::messages(), 20_000);
    let within = demo::beginning(NOW).0..NOW.0;
    assert!(everything.iter().all(|(_, _, _, at)| within.contains(at)), "all of it in the days before now");
    let last_day = everything.iter().filter(|(_, _, _, at)| NOW.0 - at < 86_400_000).count();
    assert!(last_day > 50, "{last_day} in the last day");

    let unread: Vec<i64> = lists.iter().flatten().map(ConversationSummary::unread).collect();
    let some = unread.iter().filter(|unread| (1..=99).contains(*unread)).count();
    let many = unread.iter().filter(|unread| **unread > 99).count();
    let none = unread.iter().filter(|unread| **unread == 0).count();
    assert!(some > 20 && many > 0 && none > 100, "unread: {some} some, {many} many, {none} none");

    let before = (content(&core).await, core.epoch);
    let error = demo::fill(&core, 2, NOW).await.unwrap_err();
    assert_eq!(error.code, Code::Invalid);
    assert!(error.message.contains("accounts here already"), "{error}");
    assert_eq!((content(&core).await, core.epoch), before, "nothing was changed");
    core.close().await;
}
each_database!(the_demo_has_as_much_as_it_says_every_count_is_right_and_it_fills_nothing_twice);

async fn the_demo_leaves_a_database_with_an_account_alone(url: String) {
    let core = open(&url).await;
    core.writer.register(account("ana")).await.unwrap();
    assert_eq!(demo::fill(&core, 1, NOW).await.unwrap_err().code, Code::Invalid);
    let mut snapshot = core.db.snapshot().await.unwrap();
    assert_eq!(users::all(&mut snapshot.conn()).await.unwrap().len(), 1);
    drop(snapshot);
    core.close().await;
}
each_database!(the_demo_leaves_a_database_with_an_account_alone);

#[tokio::test]
async fn the_same_seed_makes_the_same_demo_on_any_day_and_another_one_another() {
    let mut made = Vec::new();
    for (seed, now) in [(1, NOW), (1, LATER), (2, NOW)] {
        let database = sqlite();
        let core = filled(&database.url, seed, now).await;
        made.push((content(&core).await, everything(&core).await));
        core.close().await;
    }
    let [first, again, other] = &made[..] else { unreachable!() };
    assert!(first.0 == again.0, "users, conversations and what is said in them");
    assert_ne!(first.1[100].3, again.1[100].3, "the times move with the day");
    assert_eq!(first.0.0, other.0.0, "the people are the same");
    let of = |made: &[(i64, i64, String)], conversation| -> Vec<String> {
        made.iter().filter(|(id, ..)| *id == conversation).map(|(_, _, text)| text.clone()).collect()
    };
    for conversation in 1..=3 {
        assert!(of(&first.0.2, conversation) != of(&other.0.2, conversation), "what they say in {conversation} is not");
    }
    assert!(first.0.1 != other.0.1, "nor who writes to whom");
}

#[tokio::test]
async fn the_program_says_how_to_sign_in_and_so_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let (done, text) = said(&hubbub(folder.path(), &["demo", "--seed", "7"], ""));
    assert!(done, "{text}");
    assert!(text.contains("20 users, 12 rooms, 40 direct conversations, 20000 messages"), "{text}");
    assert!(text.contains("must not face the internet"), "{text}");
    let after = |label: &str| {
        let line = text.lines().filter_map(|line| line.trim().strip_prefix(label));
        line.map(|rest| rest.split_whitespace().next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (usernames, password) = (after("username"), after("password"));
    assert_eq!((usernames.len(), password.len()), (2, 1), "{text}");

    let (again, refusal) = said(&hubbub(folder.path(), &["demo"], ""));
    assert!(!again && refusal.starts_with("hubbub: There are accounts here already."), "{refusal}");
    assert!(said(&hubbub(folder.path(), &["--help"], "")).1.contains("demo"));

    let chat = Chat::over(&format!("sqlite://{}", folder.path().join("hubbub.db").display())).await;
    for (username, role) in usernames.iter().zip(["owner", "member"]) {
        let mut person = chat.stranger();
        let answer = person.sign_in(username, &password[0]).await;
        assert!(answer.status().is_success() || answer.status().is_redirection(), "{username}");
        person.keep_cookie(&answer);
        let who: serde_json::Value = person.ask("who-am-i", &[]).await;
        assert_eq!(who["role"], role);
        let page = person.get("/c/1").await;
        assert!(page.status().is_success());
        let page = page.text().await.unwrap();
        for expected in ["News for everyone at the harbour", "Boats and moorings", "Γλώσσες", "نور|يوسف"]
        {
            assert!(expected.split('|').any(|expected| page.contains(expected)), "{expected} for {username}");
        }
    }
    chat.core.close().await;
}

#[tokio::test]
async fn a_recount_notices_every_number_that_is_wrong() {
    let database = sqlite();
    let core = open(&database.url).await;
    let mut people: Vec<UserId> = Vec::new();
    for name in ["ana", "ben", "cleo"] {
        people.push(core.writer.register(account(name)).await.unwrap());
    }
    let [ana, ben, cleo] = people[..] else { unreachable!() };
    let room = crate::rooms::room(&core, ana, "Harbour", false).await.unwrap();
    core.writer.change_room(ben, room, RoomCommand::Join).await.unwrap();
    core.writer.change_room(cleo, room, RoomCommand::Join).await.unwrap();
    for author in [ana, ben, ana, cleo, ben] {
        post(&core, author, message_id(), room, "hello").await.unwrap();
        post(&core, author, message_id(), GENERAL, "hello").await.unwrap();
    }
    core.writer.set_read_position(ben, room, Seq(5), Some(Seq(2))).await.unwrap();
    core.writer.change_room(cleo, room, RoomCommand::Leave).await.unwrap();
    core.writer.open_direct(ana, cleo).await.unwrap();
    assert_eq!(wrong_counts(&core).await, []);
    core.close().await;

    for wrong in [
        "update messages set seq = 99 where conversation_id = 2 and seq = 8",
        "update conversations set head_seq = head_seq + 1 where id = 2",
        "update conversations set message_count = message_count + 1 where id = 2",
        "update conversations set at = at + 1 where id = 2",
        "update conversations set rev = rev + 1 where id = 3",
        "update members set rev = 2 where conversation_id = 1 and user_id = 3",
        "update conversations set row_rev = 1 where id = 2",
        "update conversations set member_count = 3 where id = 2",
        "update members set state = 'joined' where user_id = 3 and conversation_id = 2",
        "delete from messages where conversation_id = 2 and notice = '{\"type\":\"joined\"}'",
        "update messages set notice = null where notice = '{\"type\":\"joined\"}'",
        "update messages set message_count = message_count + 1 where conversation_id = 1 and seq = 3",
        "update messages set own_count = own_count + 1 where conversation_id = 1 and seq = 3",
        "update messages set at = 5 where conversation_id = 1 and seq = 3",
        "update members set own_count = own_count - 1 where conversation_id = 1 and user_id = 2",
        "update members set read_others_message_count = read_others_message_count + 1 where conversation_id = 2 and user_id = 2",
        "update members set read_seq = 99 where conversation_id = 3 and user_id = 3",
        "delete from members where conversation_id = 2 and user_id = 3",
        "update users set user_rev = 1 where id = 3",
    ] {
        let copy = sqlite();
        std::fs::copy(database.url.trim_start_matches("sqlite://"), copy.url.trim_start_matches("sqlite://")).unwrap();
        let core = open(&copy.url).await;
        let mut tx = core.db.write().await.unwrap();
        let WriteTx::Sqlite(connection) = &mut tx else { unreachable!() };
        let changed = sqlx::query(wrong).execute(&mut **connection).await.unwrap().rows_affected();
        assert!(changed > 0, "{wrong} changes nothing");
        tx.commit().await.unwrap();
        assert_ne!(wrong_counts(&core).await, [], "{wrong}");
        core.close().await;
    }
}
