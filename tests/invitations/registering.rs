//! Registering with an invitation.

use super::{EXPIRED, NEEDED, REVOKED, UNKNOWN, USED_UP, by_invitation, is_refused, link, listed};
use crate::support::chat::refused;
use crate::support::core::account;
use crate::support::{Chat, Person, each_database, sqlite};
use hubbub::model::{Accounts, Admission, Error, InvitationState, InvitationToken, Me};
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use hubbub::server::writer::InvitationCheck;
use hubbub::wire::ServerFrame;
use reqwest::StatusCode;
use std::io::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// How many places of each link are taken, and who has an account.
async fn standing(ana: &Person) -> (Vec<i64>, Vec<String>) {
    let uses = listed(ana).await.iter().map(|invitation| invitation.uses).collect();
    let accounts: Accounts = ana.ask("accounts", &[]).await;
    (uses, accounts.entries.into_iter().map(|entry| entry.me.person.username).collect())
}

async fn somebody_registers_with_an_invitation_and_the_pages_say_who_invited_and_who_registered(url: String) {
    let (chat, ana) = by_invitation(&url).await;
    let token = link(&ana, "5").await;
    let admission: Admission = chat.stranger().ask("admission", &[("invite", &token)]).await;
    assert_eq!(admission, Admission::Invited("First Last".into()));
    let page = chat.stranger().get(&format!("/register?invite={token}")).await.text().await.unwrap();
    assert!(page.contains("invites you.") && page.contains("name=\"password\""), "{page}");

    let mut tom = chat.stranger();
    let answer = tom.register_by(&token, "tom").await;
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    tom.keep_cookie(&answer);
    let mut live = chat.connect(&tom).await;
    let ServerFrame::Welcome { initial_state, .. } = live.hello().await else { panic!("no welcome") };
    assert_eq!(initial_state.conversations.len(), 1, "in General");

    let [invitation] = &listed(&ana).await[..] else { panic!("one link") };
    assert_eq!((invitation.uses, invitation.uses_max, invitation.state), (1, 5, InvitationState::Open));
    assert_eq!(invitation.registered.iter().map(|person| person.username.as_str()).collect::<Vec<_>>(), ["tom"]);
    chat.core.close().await;
}
each_database!(somebody_registers_with_an_invitation_and_the_pages_say_who_invited_and_who_registered);

async fn an_invitation_that_is_used_up_expired_revoked_or_altered_says_so_and_changes_nothing(url: String) {
    let now = Arc::new(AtomicI64::new(Clock::System.now().0));
    let chat = Chat::open_to(&url, Clock::Manual(Arc::clone(&now)), Registration::Invite).await;
    let ana = chat.user("ana").await;
    let (expired, used_up, revoked) = (link(&ana, "5").await, link(&ana, "1").await, link(&ana, "5").await);
    assert!(chat.stranger().register_by(&used_up, "tom").await.status().is_success());
    let id = listed(&ana).await[0].id.to_string();
    let (): () = ana.ask("revoke-invitation", &[("invitation", &id)]).await;

    now.fetch_add(7 * 86_400_000 - 60_000, Ordering::Relaxed);
    let admission: Admission = chat.stranger().ask("admission", &[("invite", &expired)]).await;
    assert_eq!(admission, Admission::Invited("First Last".into()), "a minute before its end");
    now.fetch_add(60_000, Ordering::Relaxed);

    let before = standing(&ana).await;
    assert_eq!(before, (vec![0, 1, 0], vec!["ana".to_owned(), "tom".to_owned()]));
    is_refused(&chat, &expired, EXPIRED).await;
    is_refused(&chat, &used_up, USED_UP).await;
    is_refused(&chat, &revoked, REVOKED).await;
    let altered = format!("{}{}", &expired[..31], if expired.ends_with('0') { "1" } else { "0" });
    for unknown in [&altered, &expired[..31], &format!("{}O", &expired[..31]), "x", "' or 1=1"] {
        is_refused(&chat, unknown, UNKNOWN).await;
    }
    is_refused(&chat, "", NEEDED).await;
    assert_eq!(standing(&ana).await, before);
    let states: Vec<_> = listed(&ana).await.iter().map(|invitation| invitation.state).collect();
    assert_eq!(states, [InvitationState::Revoked, InvitationState::UsedUp, InvitationState::Expired]);
    chat.core.close().await;
}
each_database!(an_invitation_that_is_used_up_expired_revoked_or_altered_says_so_and_changes_nothing);

async fn a_registration_that_is_refused_for_another_reason_uses_no_invitation(url: String) {
    let (chat, ana) = by_invitation(&url).await;
    let token = link(&ana, "1").await;
    for username in ["ana", "a b", "admin"] {
        let (status, _) = refused(chat.stranger().register_by(&token, username).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{username}");
    }
    assert_eq!(standing(&ana).await, (vec![0], vec!["ana".to_owned()]));
    // Two who take one name at once take one place.
    let token = InvitationToken::parse(&token).unwrap();
    let by = InvitationCheck::Required(Some(token));
    let [one, other] = [account("tom"), account("tom")].map(|user| chat.core.writer.admit(user, by.clone()));
    let (one, other) = tokio::join!(one, other);
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(standing(&ana).await, (vec![1], vec!["ana".to_owned(), "tom".to_owned()]));
    chat.core.close().await;
}
each_database!(a_registration_that_is_refused_for_another_reason_uses_no_invitation);

async fn concurrent_registrations_use_an_invitation_exactly_as_often_as_it_allows(url: String) {
    let (chat, ana) = by_invitation(&url).await;
    // A second process over the same database: another writer.
    let other = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    let token = InvitationToken::parse(&link(&ana, "5").await).unwrap();
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..40 {
        let core = Arc::clone(if n % 2 == 0 { &chat.core } else { &other.core });
        let by = InvitationCheck::Required(Some(token.clone()));
        racing.spawn(async move { core.writer.admit(account(&format!("guest.{n}")), by).await });
    }
    let results = racing.join_all().await;
    let (let_in, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(let_in.len(), 5);
    for refusal in refused {
        assert_eq!(refusal.unwrap_err().message, USED_UP);
    }
    let (uses, accounts) = standing(&ana).await;
    assert_eq!((uses, accounts.len()), (vec![5], 6));
    let [invitation] = &listed(&ana).await[..] else { panic!("one link") };
    assert_eq!((invitation.state, invitation.registered.len()), (InvitationState::UsedUp, 5));
    other.core.close().await;
    chat.core.close().await;
}
each_database!(concurrent_registrations_use_an_invitation_exactly_as_often_as_it_allows);

async fn the_first_account_needs_no_invitation_and_only_the_first(url: String) {
    let chat = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    let admission: Admission = chat.stranger().ask("admission", &[]).await;
    assert_eq!(admission, Admission::First { by_invitation: true });
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..8 {
        let core = Arc::clone(&chat.core);
        racing.spawn(
            async move { core.writer.admit(account(&format!("user.{n}")), InvitationCheck::Required(None)).await },
        );
    }
    let made = racing.join_all().await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    assert!(made.into_iter().filter_map(Result::err).all(|refusal| refusal.message == NEEDED));
    is_refused(&chat, "", NEEDED).await;
    assert!(!chat.stranger().get("/sign-in").await.text().await.unwrap().contains("Create an account"));
    chat.core.close().await;
}
each_database!(the_first_account_needs_no_invitation_and_only_the_first);

#[tokio::test]
async fn where_registration_is_not_by_invitation_links_are_neither_made_nor_valid() {
    let database = sqlite();
    let (invited, ana) = by_invitation(&database.url).await;
    let token = link(&ana, "5").await;
    let closed = "Accounts here are made by the operator. Please ask them for one.";
    let chat = Chat::open_to(&database.url, Clock::System, Registration::Closed).await;
    for token in [&token, ""] {
        is_refused(&chat, token, closed).await;
    }
    assert!(!chat.stranger().get("/sign-in").await.text().await.unwrap().contains("Create an account"));
    for registration in [Registration::Closed, Registration::Open] {
        let chat = Chat::open_to(&database.url, Clock::System, registration).await;
        let owner = chat.device("ana").await;
        for (function, arguments) in [
            ("invitations", &[][..]),
            ("create-invitation", &[("days", "7"), ("uses", "5")]),
            ("revoke-invitation", &[("invitation", "1")]),
        ] {
            assert_eq!(refused(owner.call(function, arguments).await).await.1, Error::not_found(), "{function}");
        }
        assert_eq!(owner.get("/invitations").await.status(), StatusCode::NOT_FOUND);
        assert!(!owner.ask::<Option<Me>>("who-am-i", &[]).await.unwrap().may_invite);
        assert!(!owner.get("/accounts").await.text().await.unwrap().contains("Let invite"));
    }
    // Where everybody may register, a link that somebody still has takes no place and lets them in like everybody.
    let chat = Chat::open_to(&database.url, Clock::System, Registration::Open).await;
    let admission: Admission = chat.stranger().ask("admission", &[("invite", &token)]).await;
    assert_eq!(admission, Admission::Open);
    assert!(chat.stranger().register_by(&token, "tom").await.status().is_success());
    assert_eq!(standing(&ana).await.0, [0]);
    assert!(ana.get("/accounts").await.text().await.unwrap().contains("Let invite"));
    invited.core.close().await;
}

#[tokio::test]
async fn guessing_tokens_is_rate_limited_and_opening_a_valid_link_is_not() {
    let database = sqlite();
    let (chat, ana) = by_invitation(&database.url).await;
    let token = link(&ana, "5").await;
    let look = async |token: &str| chat.stranger().call("admission", &[("invite", token)]).await.status();
    for _ in 0..120 {
        assert_eq!(look(&token).await, StatusCode::OK);
    }
    let mut guesses = 0u128;
    while look(&format!("{guesses:032x}")).await != StatusCode::TOO_MANY_REQUESTS {
        guesses += 1;
        assert!(guesses <= 60, "nothing stops it");
    }
    assert!(guesses >= 40, "{guesses}");
    let (status, error) = refused(chat.stranger().register_by(&format!("{:032x}", 99), "eve").await).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{error}");
}

/// What is logged while a test runs, in its thread alone.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_never_holds_a_token() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let database = sqlite();
    let (chat, ana) = by_invitation(&database.url).await;
    let token = link(&ana, "1").await;
    ana.get("/invitations").await;
    chat.stranger().get(&format!("/register?invite={token}")).await;
    assert!(chat.stranger().register_by(&token, "tom").await.status().is_success());
    is_refused(&chat, &token, USED_UP).await;
    chat.core.close().await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!log.is_empty());
    // The server's own words: what the test's own client notes of itself is another matter.
    let told = log.lines().find(|line| line.contains(&token) && !line.contains("reqwest"));
    assert_eq!(told, None);
}
