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
