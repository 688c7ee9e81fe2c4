//! Rooms and direct conversations: who may do what, and who receives it.

mod bounds;
mod crowd;
mod no_effect;
mod refusals;

use crate::support::core::{GENERAL, account, open, post};
use crate::support::{Chat, each_database, message_id};
use hubbub::model::room::RoomForm;
use hubbub::model::{Code, ConversationId, ConversationKind, ConversationSummary, Error, Field, Notice, Seq, UserId};
use hubbub::server::Core;
use hubbub::server::chat::{conversations, initial_state, rooms};
use hubbub::server::writer::RoomCommand;
use hubbub::wire::{Anchor, ClientFrame, ServerFrame};

pub async fn room(core: &Core, owner: UserId, name: &str, private: bool) -> Result<ConversationId, Error> {
    rooms::create(core, owner, &RoomForm { name: name.into(), topic: String::new() }, private).await
}

async fn list(core: &Core, user: UserId) -> Vec<ConversationSummary> {
    initial_state::read(core, user).await.unwrap().conversations
}

async fn unread(core: &Core, user: UserId, id: ConversationId) -> i64 {
    list(core, user)
        .await
        .iter()
        .find(|summary| summary.conversation.id == id)
        .map(ConversationSummary::unread)
        .unwrap()
}

async fn notices(core: &Core, reader: UserId, id: ConversationId) -> Vec<Notice> {
    let window = conversations::window(core, reader, id, Anchor::Latest, 100).await.unwrap();
    window.messages.iter().filter_map(|message| message.notice().cloned()).collect()
}

/// Everyone who stands differently towards a room of Ana's.
struct Cast {
    owner: UserId,
    ana: UserId,
    member: UserId,
    removed: UserId,
    stranger: UserId,
}

async fn cast(core: &Core, private: bool) -> (Cast, ConversationId) {
    let mut users = Vec::new();
    for name in ["olga", "ana", "mia", "rik", "sam"] {
        users.push(core.writer.register(account(name)).await.unwrap());
    }
    let [owner, ana, member, removed, stranger] = users[..] else { unreachable!() };
    let id = room(core, ana, "Harbour", private).await.unwrap();
    for user in [member, removed] {
        core.writer.change_room(ana, id, RoomCommand::Add(user)).await.unwrap();
    }
    core.writer.change_room(ana, id, RoomCommand::Remove(removed)).await.unwrap();
    (Cast { owner, ana, member, removed, stranger }, id)
}

impl Cast {
    fn everyone(&self) -> [UserId; 5] {
        [self.owner, self.ana, self.member, self.removed, self.stranger]
    }
}

/// What each of the owner of the installation, the room's owner, a member, a removed member and a stranger is answered.
async fn answers(core: &Core, cast: &Cast, id: ConversationId, step: impl Fn() -> RoomCommand) -> [Option<Code>; 5] {
    let mut answers = [None; 5];
    for (answer, user) in answers.iter_mut().zip(cast.everyone()) {
        *answer = core.writer.change_room(user, id, step()).await.err().map(|error| error.code);
    }
    answers
}

async fn every_room_command_is_refused_to_those_who_may_not(url: String) {
    const NO: Option<Code> = Some(Code::Forbidden);
    const NOT_THERE: Option<Code> = Some(Code::NotFound);
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    let renamed =
        || RoomCommand::Change(RoomForm { name: "Quay".into(), topic: "x".into() }.check().unwrap(), "quay".into());
    let nobody = [NOT_THERE, NO, NO, NOT_THERE, NOT_THERE];
    let private = [NOT_THERE, None, NO, NOT_THERE, NOT_THERE];
    assert_eq!(answers(&core, &cast, id, renamed).await, private, "renaming");
    assert_eq!(answers(&core, &cast, id, || RoomCommand::Add(cast.member)).await, private, "adding");
    assert_eq!(answers(&core, &cast, id, || RoomCommand::Remove(cast.stranger)).await, private, "removing");
    assert_eq!(
        answers(&core, &cast, id, || RoomCommand::TransferOwnership(cast.stranger)).await,
        nobody,
        "transferring to a stranger"
    );
    assert_eq!(
        answers(&core, &cast, id, || RoomCommand::Join).await,
        [NOT_THERE, None, None, NOT_THERE, NOT_THERE],
        "joining a private room by its id"
    );
    for (user, expected) in cast.everyone().into_iter().zip([NOT_THERE, None, None, NOT_THERE, NOT_THERE]) {
        let answer = core.writer.set_read_position(user, id, Seq(1), None).await;
        assert_eq!(answer.err().map(|error| error.code), expected, "reading");
    }
    let deleting = [NOT_THERE, NO, NOT_THERE, NOT_THERE];
    for (user, expected) in [cast.owner, cast.member, cast.removed, cast.stranger].into_iter().zip(deleting) {
        let answer = core.writer.change_room(user, id, RoomCommand::Delete).await;
        assert_eq!(answer.err().map(|error| error.code), expected, "deleting");
    }
    assert!(conversations::window(&core, cast.removed, id, Anchor::Latest, 1).await.is_err());
    core.writer.change_room(cast.ana, id, RoomCommand::Delete).await.unwrap();
    assert_eq!(
        core.writer.change_room(cast.ana, id, RoomCommand::Delete).await.unwrap_err(),
        Error::not_found(),
        "twice"
    );
    core.close().await;
}
each_database!(every_room_command_is_refused_to_those_who_may_not);

async fn the_owner_of_the_installation_manages_public_rooms_and_general_cannot_be_deleted(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, false).await;
    let text = || (RoomForm { name: "Quay".into(), topic: String::new() }.check().unwrap(), "quay".to_owned());
    let renamed = || RoomCommand::Change(text().0, text().1);
    assert!(core.writer.change_room(cast.owner, id, renamed()).await.unwrap_err().message.contains("Join this room"));
    core.writer.change_room(cast.owner, id, RoomCommand::Join).await.unwrap();
    core.writer.change_room(cast.owner, id, renamed()).await.unwrap();
    for step in
        [RoomCommand::Leave, RoomCommand::Delete, RoomCommand::Add(cast.member), RoomCommand::Remove(cast.member)]
    {
        assert_eq!(core.writer.change_room(cast.owner, GENERAL, step).await.unwrap_err().code, Code::Forbidden);
    }
    core.writer.change_room(cast.owner, id, RoomCommand::Delete).await.unwrap();
    assert!(list(&core, cast.ana).await.iter().all(|summary| summary.conversation.kind == ConversationKind::General));
    core.close().await;
}
each_database!(the_owner_of_the_installation_manages_public_rooms_and_general_cannot_be_deleted);

async fn names_of_public_rooms_are_unique_private_ones_are_not_compared_and_deleted_ones_are_free(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    let harbour = room(&core, ana, "Harbour", false).await.unwrap();
    for taken in ["harbour", "HARB0UR", "Hаrbour", "General"] {
        let error = room(&core, ana, taken, false).await.unwrap_err();
        assert!(error.of(Field::Name).is_some(), "{taken}");
    }
    room(&core, ana, "Harbour", true).await.unwrap();
    room(&core, ana, "Harbour", true).await.unwrap();
    core.writer.change_room(ana, harbour, RoomCommand::Delete).await.unwrap();
    room(&core, ana, "Harbour", false).await.unwrap();
    while core.writer.sweep_deleted_rooms().await.unwrap() {}
    assert!(conversations::window(&core, ana, harbour, Anchor::Latest, 1).await.is_err());
    core.close().await;
}
each_database!(names_of_public_rooms_are_unique_private_ones_are_not_compared_and_deleted_ones_are_free);

async fn when_the_owner_leaves_the_longest_standing_member_owns_the_room_and_an_empty_private_one_is_deleted(
    url: String,
) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, true).await;
    core.writer.change_room(cast.ana, id, RoomCommand::Add(cast.stranger)).await.unwrap();
    core.writer.change_room(cast.ana, id, RoomCommand::Leave).await.unwrap();
    let summary = list(&core, cast.member).await.into_iter().find(|summary| summary.conversation.id == id).unwrap();
    assert_eq!(summary.conversation.owner, Some(cast.member));
    assert_eq!(summary.conversation.member_count, 2);
    assert_eq!(
        notices(&core, cast.member, id).await,
        [
            Notice::Created,
            Notice::Added { user: cast.member },
            Notice::Added { user: cast.removed },
            Notice::Removed { user: cast.removed },
            Notice::Added { user: cast.stranger },
            Notice::Left
        ]
    );
    core.writer.change_room(cast.member, id, RoomCommand::TransferOwnership(cast.stranger)).await.unwrap();
    core.writer.change_room(cast.member, id, RoomCommand::Leave).await.unwrap();
    core.writer.change_room(cast.stranger, id, RoomCommand::Leave).await.unwrap();
    assert!(list(&core, cast.stranger).await.iter().all(|summary| summary.conversation.id != id));
    assert!(core.writer.sweep_deleted_rooms().await.unwrap(), "an empty private room is deleted");
    core.close().await;
}
each_database!(when_the_owner_leaves_the_longest_standing_member_owns_the_room_and_an_empty_private_one_is_deleted);

async fn two_people_have_one_direct_conversation_whoever_starts(url: String) {
    let core = open(&url).await;
    let (cast, _) = cast(&core, true).await;
    let id = core.writer.open_direct(cast.ana, cast.member).await.unwrap();
    assert_eq!(core.writer.open_direct(cast.member, cast.ana).await.unwrap(), id);
    for (user, other) in [(cast.ana, cast.member), (cast.member, cast.ana)] {
        let summary = list(&core, user).await.into_iter().find(|summary| summary.conversation.id == id).unwrap();
        assert_eq!((summary.conversation.kind, summary.with.unwrap().id), (ConversationKind::Direct, other));
    }
    assert!(list(&core, cast.owner).await.iter().all(|summary| summary.conversation.id != id), "nobody else has it");
    assert!(conversations::window(&core, cast.owner, id, Anchor::Latest, 1).await.is_err());
    for step in
        [RoomCommand::Leave, RoomCommand::Delete, RoomCommand::Add(cast.owner), RoomCommand::Remove(cast.member)]
    {
        assert_eq!(core.writer.change_room(cast.ana, id, step).await.unwrap_err().code, Code::Forbidden);
    }
    assert_eq!(core.writer.open_direct(cast.ana, cast.ana).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(core.writer.open_direct(cast.ana, UserId(99)).await.unwrap_err().code, Code::NotFound);
    core.close().await;
}
each_database!(two_people_have_one_direct_conversation_whoever_starts);

async fn unread_are_the_messages_of_others_above_the_read_position_wherever_it_is(url: String) {
    let core = open(&url).await;
    let (cast, id) = cast(&core, false).await;
    assert_eq!(unread(&core, cast.member, id).await, 0, "who comes in starts at the head");
    let say = |user, text: &'static str| post(&core, user, message_id(), id, text);
    for (user, text) in [(cast.ana, "1"), (cast.member, "2"), (cast.ana, "3"), (cast.ana, "4")] {
        say(user, text).await.unwrap();
    }
    core.writer.change_room(cast.stranger, id, RoomCommand::Join).await.unwrap();
    assert_eq!(unread(&core, cast.member, id).await, 3, "one's own and lines that tell of joining do not count");
    assert_eq!((unread(&core, cast.ana, id).await, unread(&core, cast.stranger, id).await), (1, 0));
    let head = list(&core, cast.member).await.iter().find(|summary| summary.conversation.id == id).unwrap().head;
    let mut before =
        list(&core, cast.member).await.iter().find(|summary| summary.conversation.id == id).unwrap().read.seq;
    // Four lines told of its making and its members; then 1, 2, 3, 4, and who joined.
    for (seq, expected) in [(head.0, 0), (head.0 - 1, 0), (head.0 - 2, 1), (head.0 - 4, 2), (head.0 - 5, 3), (0, 3)] {
        core.writer.set_read_position(cast.member, id, Seq(seq), Some(before)).await.unwrap();
        before = Seq(seq);
        assert_eq!(unread(&core, cast.member, id).await, expected, "read up to {seq} of {}", head.0);
    }
    for beyond in [head.0 + 1, -1, i64::MAX] {
        let error = core.writer.set_read_position(cast.member, id, Seq(beyond), None).await.unwrap_err();
        assert_eq!(error.code, Code::Invalid, "{beyond}");
    }
    say(cast.ana, "5").await.unwrap();
    assert_eq!(unread(&core, cast.member, id).await, 4);
    core.close().await;
}
each_database!(unread_are_the_messages_of_others_above_the_read_position_wherever_it_is);

/// The next frame that tells of a line in the list, or of a room's end.
async fn told(live: &mut crate::support::Live) -> String {
    live.find(|frame| match frame {
        ServerFrame::SummaryChanged { conversation, summary, .. } => Some(match summary {
            Some(summary) => format!("{conversation}: {} unread", summary.unread()),
            None => format!("{conversation}: gone"),
        }),
        ServerFrame::ConversationDeleted { conversation } => Some(format!("{conversation}: deleted")),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn all_devices_of_a_user_receive_their_summaries_and_nobody_else_s() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let tom = chat.user("tom").await;
    let (mut here, mut there, mut other) =
        (chat.connect(&ana).await, chat.connect(&ana).await, chat.connect(&tom).await);
    for live in [&mut here, &mut there, &mut other] {
        live.hello().await;
    }
    let (ana, tom) = (UserId(1), UserId(2));
    let id = room(&chat.core, ana, "Harbour", true).await.unwrap();
    for live in [&mut here, &mut there] {
        assert_eq!(told(live).await, format!("{id}: 0 unread"));
    }
    chat.core.writer.change_room(ana, id, RoomCommand::Add(tom)).await.unwrap();
    assert_eq!(told(&mut other).await, format!("{id}: 0 unread"), "the first that he hears of it");
    post(&chat.core, tom, message_id(), id, "hello").await.unwrap();
    let before = list(&chat.core, ana).await.iter().find(|summary| summary.conversation.id == id).unwrap().read.seq;
    chat.core.writer.set_read_position(ana, id, Seq(0), Some(before)).await.unwrap();
    for live in [&mut here, &mut there] {
        assert_eq!(told(live).await, format!("{id}: 1 unread"));
    }
    chat.core.writer.change_room(ana, id, RoomCommand::Remove(tom)).await.unwrap();
    assert_eq!(told(&mut other).await, format!("{id}: gone"));
    // What comes after his removal does not reach him; what is everyone's does.
    post(&chat.core, ana, message_id(), id, "between us").await.unwrap();
    post(&chat.core, ana, message_id(), GENERAL, "for all").await.unwrap();
    let heard = other
        .find(|frame| match frame {
            ServerFrame::Changed { rows, .. } => rows.messages.first().map(|message| message.body().to_owned()),
            _ => None,
        })
        .await;
    assert_eq!(heard, "for all");
    chat.core.writer.change_room(ana, id, RoomCommand::Delete).await.unwrap();
    for live in [&mut here, &mut there] {
        assert_eq!(told(live).await, format!("{id}: deleted"));
    }
}

#[tokio::test]
async fn typing_indicators_reach_only_members_of_the_conversation() {
    let chat = Chat::start().await;
    let people = [chat.user("ana").await, chat.user("tom").await, chat.user("eve").await];
    let mut live = Vec::new();
    for person in &people {
        let mut one = chat.connect(person).await;
        one.hello().await;
        live.push(one);
    }
    let [ana, tom, eve] = &mut live[..] else { unreachable!() };
    let id = room(&chat.core, UserId(1), "Harbour", true).await.unwrap();
    chat.core.writer.change_room(UserId(1), id, RoomCommand::Add(UserId(2))).await.unwrap();
    let typist = |frame| match frame {
        ServerFrame::Typing { conversation, person } => Some((conversation, person.username)),
        _ => None,
    };
    // Eve types where she is not: nobody hears it.
    eve.send(&ClientFrame::Typing { conversation: id }).await;
    eve.send(&ClientFrame::Typing { conversation: GENERAL }).await;
    assert_eq!(ana.find(typist).await, (GENERAL, "eve".to_owned()));
    tom.send(&ClientFrame::Typing { conversation: id }).await;
    tom.send(&ClientFrame::Typing { conversation: GENERAL }).await;
    assert_eq!(ana.find(typist).await, (id, "tom".to_owned()));
    assert_eq!(eve.find(typist).await, (GENERAL, "tom".to_owned()), "and nothing of the room");
}
