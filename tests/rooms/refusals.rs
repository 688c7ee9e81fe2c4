//! What is refused changes nothing, and tells nobody anything.

use super::no_effect::Snapshot;
use super::{cast, room};
use crate::support::core::{GENERAL, account, open, post};
use crate::support::{each_database, message_id};
use hubbub::model::room::{NAME_MAX, RoomForm};
use hubbub::model::{Code, ConversationId, Error, Field, Seq, UserId, key};
use hubbub::server::chat::conversations;
use hubbub::server::store::users::UserState;
use hubbub::server::writer::RoomCommand;
use hubbub::wire::Anchor;

/// There is no such conversation, and no such user.
const NOWHERE: ConversationId = ConversationId(123_456);
const NO_ONE: UserId = UserId(123_456);

fn change(name: &str) -> RoomCommand {
    let form = RoomForm { name: name.into(), topic: String::new() };
    RoomCommand::Change(form.check().unwrap(), key::lookalike_key(name))
}

async fn a_room_name_that_breaks_a_rule_is_refused_under_its_field_and_nothing_changes(url: String) {
    let core = open(&url).await;
    let (cast, harbour) = cast(&core, false).await;
    let snapshot = Snapshot::begin(&core, &[(cast.ana, &[harbour, GENERAL]), (cast.stranger, &[GENERAL])]);
    let long = "é".repeat(NAME_MAX + 1);
    for (name, says) in [
        ("", "Give the room a name."),
        ("   \t\n", "Give the room a name."),
        ("\u{200b}\u{2060}", "Give the room a name."),
        (&long, "A room's name has up to 80 characters."),
        ("Quay\u{202e}yauQ", "This name contains characters that cannot be shown."),
        ("\u{200f}Quay", "This name contains characters that cannot be shown."),
        ("\u{2067}Quay\u{2069}", "This name contains characters that cannot be shown."),
        ("Quay\u{0}", "This name contains characters that cannot be shown."),
    ] {
        for private in [false, true] {
            let error = snapshot.stays(name, room(&core, cast.ana, name, private)).await.unwrap_err();
            assert_eq!((error.code, error.of(Field::Name)), (Code::Invalid, Some(says)), "{name:?}");
        }
    }
    for name in [
        "Harbour",
        "  harbour ",
        "HARB0UR",
        "Hаrbour",
        "Ｈarbour",
        "General",
        "Genera1",
        "Har\u{200b}bour",
        "Har\u{ad}bour",
    ] {
        let error = snapshot.stays(name, room(&core, cast.stranger, name, false)).await.unwrap_err();
        let says = "There is a public room of this name already, or of one that looks like it.";
        assert_eq!((error.code, error.of(Field::Name)), (Code::Invalid, Some(says)), "{name:?}");
    }
    let quay = room(&core, cast.ana, "Quay", false).await.unwrap();
    let error =
        snapshot.stays("renaming", core.writer.change_room(cast.ana, quay, change("HARB0UR"))).await.unwrap_err();
    assert!(error.of(Field::Name).is_some());
    core.writer.change_room(cast.ana, quay, change("QUAY")).await.expect("it looks like nothing but itself");
    core.close().await;
}
each_database!(a_room_name_that_breaks_a_rule_is_refused_under_its_field_and_nothing_changes);

async fn names_of_one_and_eighty_characters_of_any_script_and_emoji_are_names(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let long = "é".repeat(NAME_MAX);
    let emoji = "🎉".repeat(NAME_MAX);
    for name in ["x", "é", &long, &emoji, "🎉", "🎊", "👩\u{200d}🚀", "חדר", "غرفة", "広場", "Ⅷ"] {
        let id = room(&core, ana, name, false).await.unwrap_or_else(|error| panic!("{name:?}: {error:?}"));
        let stands = super::list(&core, ana).await.into_iter().find(|summary| summary.conversation.id == id).unwrap();
        assert_eq!(stands.conversation.name, name);
    }
    core.close().await;
}
each_database!(names_of_one_and_eighty_characters_of_any_script_and_emoji_are_names);

async fn a_private_room_answers_those_who_are_not_in_it_like_one_that_does_not_exist(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    let everyone = [
        (cast.owner, &[GENERAL][..]),
        (cast.ana, &[GENERAL, id]),
        (cast.member, &[GENERAL, id]),
        (cast.removed, &[GENERAL]),
        (cast.stranger, &[GENERAL]),
    ];
    let snapshot = Snapshot::begin(&core, &everyone);
    let steps = || {
        [
            RoomCommand::Join,
            RoomCommand::Leave,
            RoomCommand::Add(cast.stranger),
            RoomCommand::Add(NO_ONE),
            RoomCommand::Remove(cast.member),
            change("Quay"),
            RoomCommand::TransferOwnership(cast.stranger),
            RoomCommand::Delete,
        ]
    };
    for outsider in [cast.stranger, cast.removed, cast.owner] {
        for (step, again) in steps().into_iter().zip(steps()) {
            let what = format!("{step:?} by {outsider}");
            let refused = snapshot.stays(&what, core.writer.change_room(outsider, id, step)).await.unwrap_err();
            let nowhere = snapshot.stays(&what, core.writer.change_room(outsider, NOWHERE, again)).await.unwrap_err();
            assert_eq!((&refused, &refused), (&nowhere, &Error::not_found()), "{what}");
        }
        for seq in [Seq(0), Seq(99)] {
            let read = core.writer.set_read_position(outsider, id, seq, None);
            assert_eq!(snapshot.stays("reading", read).await.unwrap_err(), Error::not_found());
        }
        let posted = snapshot.stays("posting", post(&core, outsider, message_id(), id, "x")).await.unwrap_err();
        assert_eq!(posted, Error::not_found());
    }
    core.close().await;
}
each_database!(a_private_room_answers_those_who_are_not_in_it_like_one_that_does_not_exist);

async fn adding_oneself_an_unknown_user_or_a_member_changes_nothing(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    let gone = core.writer.register(account("gone")).await.unwrap();
    core.writer.set_user_state(gone, UserState::Disabled).await.unwrap();
    let snapshot = Snapshot::begin(&core, &[(cast.ana, &[id]), (cast.member, &[id]), (cast.stranger, &[])]);
    for (what, user) in [("herself", cast.ana), ("someone who is in it", cast.member)] {
        snapshot.stays(what, core.writer.change_room(cast.ana, id, RoomCommand::Add(user))).await.unwrap();
    }
    snapshot
        .stays("nobody who is in it", core.writer.change_room(cast.ana, id, RoomCommand::Remove(NO_ONE)))
        .await
        .unwrap();
    for (what, step) in [
        ("an unknown user", RoomCommand::Add(NO_ONE)),
        ("someone whose account is disabled", RoomCommand::Add(gone)),
        ("handing it to nobody", RoomCommand::TransferOwnership(NO_ONE)),
        ("handing it to one who was removed", RoomCommand::TransferOwnership(cast.removed)),
    ] {
        let error = snapshot.stays(what, core.writer.change_room(cast.ana, id, step)).await.unwrap_err();
        assert_eq!(error.code, Code::Forbidden, "{what}");
    }
    let oneself =
        snapshot.stays("a member", core.writer.change_room(cast.member, id, RoomCommand::Add(cast.member))).await;
    assert_eq!(oneself.unwrap_err(), Error::forbidden());
    // And it is seen when something does change, and who is told.
    snapshot
        .tells(
            &[cast.ana, cast.member, cast.stranger],
            "bringing in",
            core.writer.change_room(cast.ana, id, RoomCommand::Add(cast.stranger)),
        )
        .await;
    core.close().await;
}
each_database!(adding_oneself_an_unknown_user_or_a_member_changes_nothing);

async fn a_room_is_deleted_once_and_does_not_exist_from_then_on(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    let snapshot =
        Snapshot::begin(&core, &[(cast.ana, &[id]), (cast.member, &[id]), (cast.removed, &[]), (cast.stranger, &[])]);
    snapshot
        .tells(&[cast.ana, cast.member], "its end", core.writer.change_room(cast.ana, id, RoomCommand::Delete))
        .await;
    for swept in [false, true] {
        for by in [cast.ana, cast.member, cast.owner] {
            for step in [RoomCommand::Delete, RoomCommand::Join, RoomCommand::Add(cast.stranger), change("Quay")] {
                let what = format!("{step:?} by {by}, {}", if swept { "swept" } else { "marked" });
                let error = snapshot.stays(&what, core.writer.change_room(by, id, step)).await.unwrap_err();
                assert_eq!(error, Error::not_found(), "{what}");
            }
            let posted = snapshot.stays("posting", post(&core, by, message_id(), id, "x")).await.unwrap_err();
            let position = core.writer.set_read_position(by, id, Seq(0), None);
            assert_eq!(snapshot.stays("reading", position).await.unwrap_err(), Error::not_found());
            let read = conversations::window(&core, by, id, Anchor::Latest, 1).await.unwrap_err();
            assert_eq!((posted, read), (Error::not_found(), Error::not_found()));
        }
        while core.writer.sweep_deleted_rooms().await.unwrap() {}
    }
    core.close().await;
}
each_database!(a_room_is_deleted_once_and_does_not_exist_from_then_on);

async fn a_read_position_is_a_seq_of_the_conversation_and_only_its_user_is_told(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    for text in ["1", "2", "3"] {
        post(&core, cast.ana, message_id(), id, text).await.unwrap();
    }
    let snapshot = Snapshot::begin(&core, &[(cast.ana, &[id]), (cast.member, &[id]), (cast.stranger, &[])]);
    let head = super::list(&core, cast.member).await.iter().find(|summary| summary.conversation.id == id).unwrap().head;
    for beyond in [head.next(), Seq(i64::MAX), Seq(-1), Seq(i64::MIN)] {
        let error =
            snapshot.stays("beyond", core.writer.set_read_position(cast.member, id, beyond, None)).await.unwrap_err();
        assert_eq!(error.code, Code::Invalid, "{beyond:?}");
        let error =
            snapshot.stays("beyond", core.writer.set_read_position(cast.stranger, id, beyond, None)).await.unwrap_err();
        assert_eq!(error, Error::not_found(), "a stranger learns no length");
    }
    let mut before =
        super::list(&core, cast.member).await.iter().find(|summary| summary.conversation.id == id).unwrap().read.seq;
    for (seq, unread) in [(head.0, 0), (head.0 - 2, 2), (0, 3), (head.0, 0)] {
        let read = core.writer.set_read_position(cast.member, id, Seq(seq), Some(before));
        snapshot.tells(&[cast.member], "forwards and backwards", read).await;
        assert_eq!(super::unread(&core, cast.member, id).await, unread, "read up to {seq}");
        before = Seq(seq);
    }
    for replaces in [None, Some(head), Some(Seq(1))] {
        let read = core.writer.set_read_position(cast.member, id, head, replaces);
        snapshot.stays("to where it is", read).await.unwrap();
    }
    core.close().await;
}
each_database!(a_read_position_is_a_seq_of_the_conversation_and_only_its_user_is_told);

async fn a_position_that_arrives_late_moves_nothing_back(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    for text in ["1", "2", "3"] {
        post(&core, cast.ana, message_id(), id, text).await.unwrap();
    }
    let snapshot = Snapshot::begin(&core, &[(cast.ana, &[id]), (cast.member, &[id])]);
    let head = super::list(&core, cast.member).await.iter().find(|summary| summary.conversation.id == id).unwrap().head;
    core.writer.set_read_position(cast.member, id, head, None).await.unwrap();
    // Read an hour ago on a phone that had no connection.
    let late = core.writer.set_read_position(cast.member, id, Seq(head.0 - 2), None);
    snapshot.tells(&[], "a late position", late).await;
    // Marked as unread there, before what has been read here since.
    let late = core.writer.set_read_position(cast.member, id, Seq(0), Some(Seq(head.0 - 2)));
    assert_eq!(snapshot.stays("a late mark", late).await.unwrap_err().code, Code::Conflict);
    assert_eq!(super::unread(&core, cast.member, id).await, 0);
    core.close().await;
}
each_database!(a_position_that_arrives_late_moves_nothing_back);

async fn positions_of_many_readers_are_written_together(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    for text in ["1", "2", "3"] {
        post(&core, cast.ana, message_id(), id, text).await.unwrap();
    }
    let head = super::list(&core, cast.ana).await.iter().find(|summary| summary.conversation.id == id).unwrap().head;
    // In one batch: several of one user, in their order, beside those of others, and a post before them.
    let answers = futures::join!(
        post(&core, cast.member, message_id(), id, "4"),
        core.writer.set_read_position(cast.ana, id, head.next(), None),
        core.writer.set_read_position(cast.member, id, head, None),
        core.writer.set_read_position(cast.member, id, Seq(0), Some(head)),
        core.writer.set_read_position(cast.member, id, Seq(1), Some(head)),
        core.writer.set_read_position(cast.stranger, id, Seq(1), None),
    );
    answers.0.unwrap();
    let codes =
        [answers.1, answers.2, answers.3, answers.4, answers.5].map(|answer| answer.err().map(|error| error.code));
    assert_eq!(codes, [None, None, None, Some(Code::Conflict), Some(Code::NotFound)]);
    assert_eq!((super::unread(&core, cast.ana, id).await, super::unread(&core, cast.member, id).await), (0, 3));
    core.close().await;
}
each_database!(positions_of_many_readers_are_written_together);
