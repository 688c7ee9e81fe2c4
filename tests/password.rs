//! Changing one's password.

use crate::support::chat::{PASSWORD, refused};
use crate::support::core::{account, open};
use crate::support::{Chat, Person, each_database, message_id};
use hubbub::model::{Code, Error, Field, Millis, UserId};
use hubbub::server::store::sessions::{self, SessionRow};
use hubbub::server::store::users;
use hubbub::server::writer::PasswordChange;
use hubbub::wire::ServerFrame;
use reqwest::StatusCode;

const NEW: &str = "Harbour-78-sculling";

async fn change(person: &Person, current: &str, new: &str) -> reqwest::Response {
    person.call("change-password", &[("current_password", current), ("password", new)]).await
}

async fn a_changed_password_ends_the_other_sessions_at_once_and_this_one_goes_on(url: String) {
    let chat = Chat::over(&url).await;
    let (ana, tom, phone) = (chat.user("ana").await, chat.user("tom").await, chat.device("ana").await);
    let (mut hers, mut toms) = (chat.connect(&ana).await, chat.connect(&tom).await);
    let mut at_phone = chat.connect(&phone).await;
    for live in [&mut hers, &mut toms, &mut at_phone] {
        live.hello().await;
    }

    assert_eq!(change(&ana, PASSWORD, NEW).await.status(), StatusCode::OK);
    toms.post(message_id(), "not for the phone").await;
    at_phone.is_told_to_sign_in().await;
    assert!(!phone.is_signed_in().await);

    // This one goes on, by its cookie and by its live connection.
    hers.find(|frame| matches!(frame, ServerFrame::Changed { .. }).then_some(())).await;
    assert!(ana.is_signed_in().await && tom.is_signed_in().await);
    chat.connect(&ana).await.hello().await;
    assert!(change(&ana, NEW, "Harbour-79-rowing").await.status().is_success(), "and once more");

    assert_eq!(refused(chat.stranger().sign_in("ana", PASSWORD).await).await.1, Error::wrong_credentials());
    assert!(chat.stranger().sign_in("ana", "Harbour-79-rowing").await.status().is_success());
    chat.core.close().await;
}
each_database!(a_changed_password_ends_the_other_sessions_at_once_and_this_one_goes_on);

#[tokio::test]
async fn the_session_goes_on_also_when_the_same_request_renews_it() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let mut snapshot = chat.core.db.snapshot().await.unwrap();
    let row = sessions::of_user(&mut snapshot.conn(), UserId(1), Millis(0), 1).await.unwrap().remove(0);
    drop(snapshot);
    let mut data: serde_json::Value = serde_json::from_str(&row.data).unwrap();
    data["renewed"] = 0.into();
    chat.core.writer.update_session(SessionRow { data: data.to_string(), ..row }).await.unwrap();
    assert_eq!(change(&ana, PASSWORD, NEW).await.status(), StatusCode::OK);
    assert!(ana.is_signed_in().await);
}

#[tokio::test]
async fn a_wrong_current_password_and_a_new_one_that_breaks_a_rule_are_refused_under_their_fields() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let said = async |current, new| {
        let (status, error) = refused(change(&ana, current, new).await).await;
        assert_eq!((status, error.code), (StatusCode::UNPROCESSABLE_ENTITY, Code::Invalid));
        [Field::CurrentPassword, Field::Password].map(|field| error.of(field).unwrap_or_default().to_owned())
    };
    assert_eq!(said("Wrong-77-one", NEW).await, ["This is not your current password.", ""]);
    assert_eq!(said(PASSWORD, "harbour").await, ["", "A password has at least 8 characters."]);
    assert_eq!(said(PASSWORD, PASSWORD).await, ["", "This is your current password. Please choose another."]);
    assert_eq!(said("", "").await, ["Type your current password.", "Choose a password."]);
    assert!(ana.is_signed_in().await);
    assert!(chat.stranger().sign_in("ana", PASSWORD).await.status().is_success(), "nothing has changed");
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_or_holds_one_s_own_name_is_refused_under_its_field() {
    let chat = Chat::start().await;
    let register = async |password| {
        let fields =
            [("username", "ana"), ("first_name", "Ana"), ("last_name", "Ruiz"), ("email", "a.r@harbour.example")];
        let fields = fields.into_iter().chain([("password", password)]).collect::<Vec<_>>();
        chat.stranger().call("register", &fields).await
    };
    let under = |error: Error| error.of(Field::Password).unwrap_or_default().to_owned();
    let (guessable, named) =
        ("This password is easy to guess. It is one of the most common ones.", "Rowing-with-Ruiz-42");
    let holds_name = "This password contains the last name. Please choose one without it.";
    assert!(under(refused(register("Password1").await).await.1).starts_with(guessable));
    assert_eq!(under(refused(register(named).await).await.1), holds_name);
    assert!(register(PASSWORD).await.status().is_success());
    let ana = chat.device("ana").await;
    assert!(under(refused(change(&ana, PASSWORD, "Password1").await).await.1).starts_with(guessable));
    assert_eq!(under(refused(change(&ana, PASSWORD, named).await).await.1), holds_name);
    assert!(chat.stranger().sign_in("ana", PASSWORD).await.status().is_success(), "nothing has changed");
}

#[tokio::test]
async fn the_current_password_cannot_be_guessed_through_a_session() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    for n in 0..10 {
        let (status, _) = refused(change(&ana, &format!("Guess-{n}-wrong"), NEW).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (status, error) = refused(change(&ana, PASSWORD, NEW).await).await;
    assert_eq!((status, error.code), (StatusCode::TOO_MANY_REQUESTS, Code::TooMany));
    assert!(error.retry_after.is_some_and(|wait| wait <= 30_000), "{error:?}");
    let (status, _) = refused(chat.stranger().sign_in("ana", "Guess-10-wrong").await).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "guesses here and at signing in count together");
}

#[tokio::test]
async fn the_plain_form_leads_back_to_the_page_which_says_that_it_is_done_or_why_not() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let refused = ana.sends("change-password", &[("current_password", "x"), ("password", NEW)], "/password").await;
    let page = ana.get(&refused).await.text().await.unwrap();
    assert!(page.contains("This is not your current password."), "{refused}: {page}");
    assert!(!refused.contains(NEW), "{refused}");
    let fields = [("current_password", PASSWORD), ("password", NEW)];
    let done = ana.sends("change-password", &fields, &refused).await;
    assert_eq!(done, "/password?changed=yes");
    let page = ana.get(&done).await.text().await.unwrap();
    assert!(page.contains("Your password is changed."), "{page}");
}

async fn a_session_that_has_ended_meanwhile_and_a_password_that_is_no_longer_the_current_one_change_nothing(
    url: String,
) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    for key in [[1; 32], [2; 32]] {
        let (data, expires_at) = ("{}".into(), Millis(i64::MAX >> 10));
        let row = SessionRow { key, user: Some(ana), data, used_at: Millis(0), expires_at };
        core.writer.insert_session(row).await.unwrap();
    }
    let change = |before: &str, session| PasswordChange {
        user: ana,
        before: before.into(),
        hash: "y".into(),
        session,
        data: "{\"new\":true}".into(),
    };
    let ended = core.writer.change_password(change("x", [3; 32])).await.unwrap_err();
    assert_eq!(ended.code, Code::SignInRequired);
    let stale = core.writer.change_password(change("w", [1; 32])).await.unwrap_err();
    assert_eq!(stale.of(Field::CurrentPassword), Some("Your password has been changed elsewhere in the meantime."));
    let standing = async || {
        let mut snapshot = core.db.snapshot().await.unwrap();
        let hash = users::find(&mut snapshot.conn(), ana).await.unwrap().unwrap().password_hash;
        let rows = sessions::of_user(&mut snapshot.conn(), ana, Millis(0), 10).await.unwrap();
        (hash, rows.into_iter().map(|row| row.data).collect::<Vec<_>>())
    };
    assert_eq!(standing().await, ("x".to_owned(), vec!["{}".to_owned(), "{}".to_owned()]));
    core.writer.change_password(change("x", [1; 32])).await.unwrap();
    assert_eq!(standing().await, ("y".to_owned(), vec!["{\"new\":true}".to_owned()]));
    core.close().await;
}
each_database!(a_session_that_has_ended_meanwhile_and_a_password_that_is_no_longer_the_current_one_change_nothing);
