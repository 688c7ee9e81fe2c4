//! How many rooms a user can own, and who becomes the owner when the owner leaves.

use super::room;
use crate::support::core::{account, open};
use crate::support::each_database;
use hubbub::model::room::OWNED_ROOMS_MAX;
use hubbub::model::{Code, ConversationId, UserId};
use hubbub::server::Core;
use hubbub::server::store::users::UserState;
use hubbub::server::store::{conversations, members};
use hubbub::server::writer::RoomCommand;

async fn owner(core: &Core, id: ConversationId) -> Option<UserId> {
    let mut snapshot = core.db.snapshot().await.unwrap();
    conversations::find(&mut snapshot.conn(), id).await.unwrap().unwrap().conversation.owner
}

async fn a_user_owns_a_bounded_number_of_rooms_also_by_transfer(url: String) {
    let core = open(&url).await;
    let [ana, tom] =
        [core.writer.register(account("ana")).await.unwrap(), core.writer.register(account("tom")).await.unwrap()];
    let mut last = ConversationId(0);
    for n in 0..OWNED_ROOMS_MAX {
        last = room(&core, ana, &format!("Quay {n} q"), n % 2 == 0).await.unwrap();
    }
    assert_eq!(room(&core, ana, "One more", true).await.unwrap_err().code, Code::Forbidden);
    // Nor by way of another's.
    let of_tom = room(&core, tom, "Tom's", false).await.unwrap();
    core.writer.change_room(ana, of_tom, RoomCommand::Join).await.unwrap();
    assert_eq!(
        core.writer.change_room(tom, of_tom, RoomCommand::TransferOwnership(ana)).await.unwrap_err().code,
        Code::Forbidden
    );
    core.writer.change_room(ana, last, RoomCommand::Delete).await.unwrap();
    core.writer.change_room(tom, of_tom, RoomCommand::TransferOwnership(ana)).await.unwrap();
    let mut snapshot = core.db.snapshot().await.unwrap();
    assert_eq!(members::conversations_of(&mut snapshot.conn(), ana).await.unwrap(), OWNED_ROOMS_MAX + 2);
    drop(snapshot);
    core.close().await;
}
each_database!(a_user_owns_a_bounded_number_of_rooms_also_by_transfer);

async fn ownership_passes_to_a_member_with_an_active_account(url: String) {
    let core = open(&url).await;
    let mut users = Vec::new();
    for name in ["olga", "ana", "tom", "eve"] {
        users.push(core.writer.register(account(name)).await.unwrap());
    }
    let [_, ana, tom, eve] = users[..] else { unreachable!() };
    let id = room(&core, ana, "Harbour", true).await.unwrap();
    core.writer.change_room(ana, id, RoomCommand::Add(tom)).await.unwrap();
    core.writer.change_room(ana, id, RoomCommand::Add(eve)).await.unwrap();
    core.writer.set_user_state(tom, UserState::Disabled).await.unwrap();
    assert_eq!(
        core.writer.change_room(ana, id, RoomCommand::TransferOwnership(tom)).await.unwrap_err().code,
        Code::Forbidden
    );
    core.writer.change_room(ana, id, RoomCommand::Leave).await.unwrap();
    assert_eq!(owner(&core, id).await, Some(eve));
    // A public room that everyone has left is looked after by whoever comes next.
    let public = room(&core, ana, "Regatta", false).await.unwrap();
    core.writer.change_room(ana, public, RoomCommand::Leave).await.unwrap();
    core.writer.change_room(eve, public, RoomCommand::Join).await.unwrap();
    assert_eq!(owner(&core, public).await, Some(eve));
    core.close().await;
}
each_database!(ownership_passes_to_a_member_with_an_active_account);

/// Makes a user the owner of as many rooms as one may own; returns the last one, a public room.
async fn with_all_rooms(core: &Core, user: UserId) -> ConversationId {
    let mut last = ConversationId(0);
    for n in 0..OWNED_ROOMS_MAX {
        last = room(core, user, &format!("Quay {n} q"), n % 2 == 0).await.unwrap();
    }
    last
}

async fn an_empty_room_is_not_joined_by_somebody_who_owns_as_many_as_one_may(url: String) {
    let core = open(&url).await;
    let [ana, tom] =
        [core.writer.register(account("ana")).await.unwrap(), core.writer.register(account("tom")).await.unwrap()];
    let last = with_all_rooms(&core, ana).await;
    let empty = room(&core, tom, "Ferries", false).await.unwrap();
    core.writer.change_room(tom, empty, RoomCommand::Leave).await.unwrap();
    let refused = core.writer.change_room(ana, empty, RoomCommand::Join).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.message.as_str()),
        (Code::Forbidden, "Nobody is in this room, so you would own it, and one person owns up to 100 rooms.")
    );
    assert_eq!(owner(&core, empty).await, Some(tom));
    // Her own, which she has left, is none more.
    core.writer.change_room(ana, last, RoomCommand::Leave).await.unwrap();
    core.writer.change_room(ana, last, RoomCommand::Join).await.unwrap();
    assert_eq!(owner(&core, last).await, Some(ana));
    // Where somebody is, she joins as a member.
    core.writer.change_room(tom, empty, RoomCommand::Join).await.unwrap();
    core.writer.change_room(ana, empty, RoomCommand::Join).await.unwrap();
    assert_eq!(owner(&core, empty).await, Some(tom));
    core.close().await;
}
each_database!(an_empty_room_is_not_joined_by_somebody_who_owns_as_many_as_one_may);

async fn whoever_owns_as_many_rooms_as_one_may_inherits_only_what_nobody_else_can(url: String) {
    let core = open(&url).await;
    let mut users = Vec::new();
    for name in ["ana", "tom", "eve"] {
        users.push(core.writer.register(account(name)).await.unwrap());
    }
    let [ana, tom, eve] = users[..] else { unreachable!() };
    with_all_rooms(&core, ana).await;
    let shared = room(&core, tom, "Ferries", true).await.unwrap();
    for user in [ana, eve] {
        core.writer.change_room(tom, shared, RoomCommand::Add(user)).await.unwrap();
    }
    core.writer.change_room(tom, shared, RoomCommand::Leave).await.unwrap();
    assert_eq!(owner(&core, shared).await, Some(eve), "though ana has been there longer");
    core.writer.change_room(eve, shared, RoomCommand::Leave).await.unwrap();
    assert_eq!(owner(&core, shared).await, Some(ana), "a room needs somebody who looks after it");
    core.close().await;
}
each_database!(whoever_owns_as_many_rooms_as_one_may_inherits_only_what_nobody_else_can);

async fn a_disabled_account_inherits_no_room(url: String) {
    let core = open(&url).await;
    let mut users = Vec::new();
    for name in ["olga", "tom", "eve", "mia"] {
        users.push(core.writer.register(account(name)).await.unwrap());
    }
    let [_, tom, eve, mia] = users[..] else { unreachable!() };
    let [private, public] =
        [room(&core, tom, "Ferries", true).await.unwrap(), room(&core, tom, "Regatta", false).await.unwrap()];
    for id in [private, public] {
        core.writer.change_room(tom, id, RoomCommand::Add(eve)).await.unwrap();
    }
    core.writer.set_user_state(eve, UserState::Disabled).await.unwrap();
    for id in [private, public] {
        core.writer.change_room(tom, id, RoomCommand::Leave).await.unwrap();
        assert_eq!(owner(&core, id).await, None);
    }
    core.writer.change_room(mia, public, RoomCommand::Join).await.unwrap();
    assert_eq!(owner(&core, public).await, Some(mia), "like an empty room");
    // Nobody else can come in, so it stays with those who are there.
    core.writer.set_user_state(eve, UserState::Active).await.unwrap();
    core.writer.change_room(eve, private, RoomCommand::Add(tom)).await.unwrap();
    assert_eq!(owner(&core, private).await, None);
    core.writer.change_room(tom, private, RoomCommand::TransferOwnership(eve)).await.unwrap();
    assert_eq!(owner(&core, private).await, Some(eve));
    let refused = core.writer.change_room(tom, private, RoomCommand::Remove(eve)).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    core.close().await;
}
each_database!(a_disabled_account_inherits_no_room);
