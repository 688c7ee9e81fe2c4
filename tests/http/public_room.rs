//! The address of a room that one is not in.

use crate::rooms::room;
use crate::support::chat::refused;
use crate::support::{Chat, each_database};
use hubbub::model::{Code, OpenedConversation, UserId};
use hubbub::server::writer::RoomCommand;
use reqwest::StatusCode;
use reqwest::header::LOCATION;

async fn the_address_of_a_public_room_leads_to_its_page_and_after_joining_to_the_conversation(url: String) {
    let chat = Chat::over(&url).await;
    let (_ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    let id = room(&chat.core, UserId(1), "Boats", false).await.unwrap().to_string();
    let address = format!("/c/{id}");

    let answer = tom.get(&address).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let about = answer.headers()[LOCATION].to_str().unwrap().to_owned();
    assert_eq!(about, format!("/c/{id}/about"));
    let page = tom.get(&about).await.text().await.unwrap();
    assert!(page.contains("Join this room") && page.contains("action=\"/api/join-room\""), "{page}");
    let (status, error) = refused(tom.call("open-conversation", &[("conversation", &id)]).await).await;
    assert_eq!((status, error.code), (StatusCode::FORBIDDEN, Code::NotMember));

    assert_eq!(tom.sends("join-room", &[("conversation", &id)], &about).await, address);
    assert_eq!(tom.get(&address).await.status(), StatusCode::OK);
    let opened: OpenedConversation = tom.ask("open-conversation", &[("conversation", &id)]).await;
    assert_eq!(opened.window.conversation.name, "Boats");
    chat.core.close().await;
}
each_database!(the_address_of_a_public_room_leads_to_its_page_and_after_joining_to_the_conversation);

async fn a_private_room_a_deleted_one_and_one_that_never_was_answer_alike(url: String) {
    let chat = Chat::over(&url).await;
    let (_ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    let private = room(&chat.core, UserId(1), "Committee", true).await.unwrap();
    let deleted = room(&chat.core, UserId(1), "Gone", false).await.unwrap();
    chat.core.writer.change_room(UserId(1), deleted, RoomCommand::Delete).await.unwrap();
    let mut answers = Vec::new();
    for id in [private.to_string(), deleted.to_string(), "123456789".to_owned()] {
        let page = tom.get(&format!("/c/{id}")).await;
        let (status, error) = refused(tom.call("open-conversation", &[("conversation", &id)]).await).await;
        answers.push((page.status(), page.headers().get(LOCATION).cloned(), status, error));
    }
    assert_eq!((answers[0].0, answers[0].2), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    chat.core.close().await;
}
each_database!(a_private_room_a_deleted_one_and_one_that_never_was_answer_alike);
