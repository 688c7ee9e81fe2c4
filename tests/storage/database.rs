//! What the database stores and gives back.

use crate::support::core::{GENERAL, account, open, post};
use crate::support::{each_database, message_id, sqlite};
use hubbub::model::room::RoomForm;
use hubbub::model::{ConversationId, ConversationKind, Epoch, Error, Field, Millis, Rev, Role, Rows, Seq, UserId, key};
use hubbub::server::Core;
use hubbub::server::chat::conversations::{self, Changes};
use hubbub::server::store::conversations::{self as store_conversations, NewConversation};
use hubbub::server::store::sessions::SessionRow;
use hubbub::server::store::users::NewUser;
use hubbub::server::store::{Db, members, sessions, users, violated};
use hubbub::server::writer::{NewRoom, RoomCommand};
use hubbub::wire::Anchor;
use std::sync::Arc;

fn new_room(owner: UserId, name: &str) -> NewRoom {
    let text = RoomForm { name: name.into(), topic: String::new() }.check().unwrap();
    NewRoom { owner, text, name_key: key::lookalike_key(name), private: false }
}

fn renamed(name: &str) -> RoomCommand {
    RoomCommand::Change(RoomForm { name: name.into(), topic: String::new() }.check().unwrap(), key::lookalike_key(name))
}

async fn filled(url: &str, messages: usize) -> (Arc<Core>, UserId) {
    let core = open(url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    for n in 1..=messages {
        post(&core, ana, message_id(), GENERAL, &format!("message {n}")).await.unwrap();
    }
    (core, ana)
}

async fn general_and_the_epoch_exist_from_the_first_start_and_stay(url: String) {
    let core = open(&url).await;
    let epoch = core.epoch;
    assert!(epoch > Epoch(0));
    core.close().await;
    let core = open(&url).await;
    assert_eq!(core.epoch, epoch);
    let mut snapshot = core.db.snapshot().await.unwrap();
    let found = hubbub::server::store::conversations::find(&mut snapshot.conn(), GENERAL).await.unwrap().unwrap();
    assert_eq!((found.conversation.name.as_str(), found.rev, found.head), ("General", Rev(1), Seq(0)));
}
each_database!(general_and_the_epoch_exist_from_the_first_start_and_stay);

async fn the_first_account_is_the_owner_and_everyone_is_in_general(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let tom = core.writer.register(account("tom")).await.unwrap();
    let mut snapshot = core.db.snapshot().await.unwrap();
    let role = async |snapshot: &mut hubbub::server::store::Snapshot, id| {
        users::find(&mut snapshot.conn(), id).await.unwrap().unwrap().me.role
    };
    assert_eq!(role(&mut snapshot, ana).await, Role::Owner);
    assert_eq!(role(&mut snapshot, tom).await, Role::Member);
    for user in [ana, tom] {
        assert!(members::find(&mut snapshot.conn(), GENERAL, user).await.unwrap().is_some());
    }
    let general = hubbub::server::store::conversations::find(&mut snapshot.conn(), GENERAL).await.unwrap().unwrap();
    assert_eq!((general.conversation.member_count, general.rev), (2, Rev(3)));
}
each_database!(the_first_account_is_the_owner_and_everyone_is_in_general);

async fn usernames_are_unique_regardless_of_case_and_look_alikes(url: String) {
    let core = open(&url).await;
    core.writer.register(account("ana")).await.unwrap();
    let lookalike = NewUser { email_key: "other".into(), ..account("аna") };
    let error = core.writer.register(lookalike).await.unwrap_err();
    assert_eq!(error.message, "This username is taken, or looks like one that is.");
    let same_mail = NewUser { email_key: "ana@harbour.example".into(), ..account("tom") };
    let error = core.writer.register(same_mail).await.unwrap_err();
    assert_eq!(error.message, "An account with this email address exists already.");
}
each_database!(usernames_are_unique_regardless_of_case_and_look_alikes);

async fn windows_have_no_gaps_wherever_they_begin(url: String) {
    let (core, ana) = filled(&url, 130).await;
    let run = async |at, limit| -> Vec<i64> {
        let window = conversations::window(&core, ana, GENERAL, at, limit).await.unwrap();
        assert_eq!((window.head, window.through), (Seq(130), Rev(132)));
        window.messages.iter().map(|message| message.seq.0).collect()
    };
    assert_eq!(run(Anchor::Latest, 50).await, (81..=130).collect::<Vec<_>>());
    assert_eq!(run(Anchor::Before(Seq(81)), 50).await, (31..=80).collect::<Vec<_>>());
    assert_eq!(run(Anchor::Before(Seq(3)), 50).await, [1, 2]);
    assert_eq!(run(Anchor::After(Seq(128)), 50).await, [129, 130]);
    assert_eq!(run(Anchor::Around(Seq(60)), 10).await, (55..=64).collect::<Vec<_>>());
    assert_eq!(run(Anchor::Around(Seq(2)), 10).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(run(Anchor::Latest, 1_000_000).await.len(), 100, "the limit of a window");
    assert_eq!(run(Anchor::Around(Seq(i64::MIN)), 10).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(run(Anchor::After(Seq(i64::MAX)), 10).await, Vec::<i64>::new());
}
each_database!(windows_have_no_gaps_wherever_they_begin);

async fn changes_are_everything_above_a_rev_and_a_reset_when_too_many(url: String) {
    let (core, ana) = filled(&url, 30).await;
    core.writer.register(account("tom")).await.unwrap();
    let changes = async |since| conversations::changes(&core, ana, GENERAL, Rev(since)).await.unwrap();
    let Changes::Rows { through, head, rows } = changes(29).await else { panic!("a reset") };
    assert_eq!((through, head), (Rev(33), Seq(30)));
    assert_eq!(rows.messages.iter().map(|message| message.rev.0).collect::<Vec<_>>(), [30, 31, 32]);
    assert_eq!(rows.members.len(), 2, "tom, who joined, and ana, who wrote: {:?}", rows.members);
    assert_eq!(rows.conversation.map(|conversation| conversation.member_count), Some(2));

    let Changes::Rows { through, rows, .. } = changes(33).await else { panic!("a reset") };
    assert_eq!((through, rows), (Rev(33), Rows::default()));

    for n in 0..200 {
        post(&core, ana, message_id(), GENERAL, &format!("more {n}")).await.unwrap();
    }
    assert!(matches!(changes(33).await, Changes::Rows { .. }), "two hundred rows still travel");
    assert!(matches!(changes(32).await, Changes::Reset), "two hundred and one do not");
    assert!(matches!(changes(-1).await, Changes::Reset));
}
each_database!(changes_are_everything_above_a_rev_and_a_reset_when_too_many);

async fn a_missing_conversation_and_one_of_others_get_the_same_answer(url: String) {
    let (core, ana) = filled(&url, 1).await;
    let missing = conversations::window(&core, ana, ConversationId(99), Anchor::Latest, 10).await.unwrap_err();
    let foreign = conversations::window(&core, UserId(99), GENERAL, Anchor::Latest, 10).await.unwrap_err();
    assert_eq!(missing, foreign);
    assert_eq!(missing, Error::not_found());
    assert_eq!(conversations::changes(&core, UserId(99), GENERAL, Rev(0)).await.unwrap_err(), Error::not_found());
    assert_eq!(post(&core, UserId(99), message_id(), GENERAL, "x").await.unwrap_err(), Error::not_found());
    assert_eq!(post(&core, ana, message_id(), ConversationId(99), "x").await.unwrap_err(), Error::not_found());
}
each_database!(a_missing_conversation_and_one_of_others_get_the_same_answer);

async fn a_session_ends_when_it_expires_or_its_account_is_disabled(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let row = |key, expires_at| SessionRow {
        key,
        user: Some(ana),
        data: "{}".into(),
        used_at: Millis(0),
        expires_at: Millis(expires_at),
    };
    assert!(core.writer.insert_session(row([1; 32], 100)).await.unwrap());
    assert!(core.writer.insert_session(row([2; 32], 200)).await.unwrap());
    assert!(!core.writer.insert_session(row([1; 32], 300)).await.unwrap(), "a key that exists already");
    let good = async |now| {
        let mut snapshot = core.db.snapshot().await.unwrap();
        sessions::valid_among(&mut snapshot.conn(), &[[1; 32], [2; 32], [3; 32]], Millis(now)).await.unwrap()
    };
    assert_eq!(good(99).await.len(), 2);
    assert_eq!(good(100).await, [[2; 32]]);
    core.writer.update_session(row([3; 32], 500)).await.unwrap();
    assert_eq!(good(100).await, [[2; 32]], "a revoked session is not brought back by its renewal");
    core.writer.set_user_state(ana, users::UserState::Disabled).await.unwrap();
    assert_eq!(good(0).await, Vec::<[u8; 32]>::new());
}
each_database!(a_session_ends_when_it_expires_or_its_account_is_disabled);

async fn there_is_one_general_and_no_public_room_has_its_name(url: String) {
    let (core, ana) = filled(&url, 0).await;
    let mut tx = core.db.write().await.unwrap();
    let general = |name_key| NewConversation {
        kind: ConversationKind::General,
        name: "Another",
        name_key,
        topic: "",
        owner: None,
    };
    let second = store_conversations::insert(&mut tx.conn(), general("another"), Millis(1)).await.unwrap_err();
    assert!(violated(&second).is_some(), "{second}");
    tx.rollback().await.unwrap();

    let named_alike = core.writer.create_room(new_room(ana, "GENERAL")).await.unwrap_err();
    assert!(named_alike.of(Field::Name).is_some(), "{named_alike}");
    core.writer.change_room(ana, GENERAL, renamed("Lobby")).await.unwrap();
    core.writer.create_room(new_room(ana, "General")).await.expect("the name is free again");
    assert!(core.writer.create_room(new_room(ana, "lobby")).await.unwrap_err().of(Field::Name).is_some());
    let mut snapshot = core.db.snapshot().await.unwrap();
    let found = store_conversations::general(&mut snapshot.conn()).await.unwrap();
    assert_eq!(found, Some(GENERAL), "whatever it is called");
    let stored = store_conversations::find(&mut snapshot.conn(), GENERAL).await.unwrap().unwrap();
    assert_eq!(stored.conversation.kind, ConversationKind::General);
    drop(snapshot);
    core.close().await;
}
each_database!(there_is_one_general_and_no_public_room_has_its_name);

#[tokio::test]
async fn sqlite_synchronises_every_commit_to_disk() {
    let database = sqlite();
    let core = open(&database.url).await;
    let Db::Sqlite { writer, .. } = &core.db else { panic!("not SQLite") };
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(writer).await.unwrap();
    let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(writer).await.unwrap();
    assert_eq!((synchronous, journal.as_str()), (2, "wal"), "2 is FULL");
}
