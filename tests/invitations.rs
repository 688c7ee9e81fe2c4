//! Coming in by an invitation, on SQLite and PostgreSQL.

use crate::store::account;
use crate::support::chat::refused;
use crate::support::{Chat, Person, both, sqlite};
use hubbub::model::{Accounts, Admission, Error, Invitation, InvitationState, InvitationToken, Invitations, Me};
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use hubbub::server::writer::InvitationCheck;
use hubbub::wire::ServerFrame;
use reqwest::StatusCode;
use std::io::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

const NEEDED: &str = "An account here needs an invitation. Please ask somebody who is here for one.";
const USED_UP: &str = "This invitation has been used up.";
const EXPIRED: &str = "This invitation has expired.";
pub const REVOKED: &str = "This invitation was revoked.";
const UNKNOWN: &str = "This invitation is not valid. Ask for a new one.";

/// A server to which one comes by invitation, and its owner.
pub async fn by_invitation(url: &str) -> (Chat, Person) {
    let chat = Chat::open_to(url, Clock::System, Registration::Invite).await;
    let ana = chat.user("ana").await;
    (chat, ana)
}

/// Makes a link and gives its token.
pub async fn link(person: &Person, uses: &str) -> String {
    let address: String = person.ask("create-invitation", &[("days", "7"), ("uses", uses)]).await;
    let token = address.strip_prefix(&format!("{}/register?invite=", person.site)).expect(&address);
    token.to_owned()
}

pub async fn listed(person: &Person) -> Vec<Invitation> {
    person.ask::<Invitations>("invitations", &[]).await.entries
}

/// Comes with this token, and is refused on the page and by the form with this sentence.
pub async fn is_refused(chat: &Chat, token: &str, sentence: &str) {
    let stranger = chat.stranger();
    for answer in [stranger.call("admission", &[("invite", token)]).await, stranger.register_by(token, "eve").await] {
        let (status, error) = refused(answer).await;
        assert_eq!((status, error.message.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, sentence), "{token:?}");
    }
    assert!(!stranger.is_signed_in().await);
    let page = chat.stranger().get(&format!("/register?invite={token}")).await.text().await.unwrap();
    assert!(page.contains(sentence) && !page.contains("name=\"password\""), "{token:?}");
}

/// How many places of each link are taken, and who has an account.
async fn standing(ana: &Person) -> (Vec<i64>, Vec<String>) {
    let uses = listed(ana).await.iter().map(|invitation| invitation.uses).collect();
    let accounts: Accounts = ana.ask("accounts", &[]).await;
    (uses, accounts.entries.into_iter().map(|entry| entry.me.person.username).collect())
}

#[tokio::test]
async fn one_comes_in_by_a_link_and_its_page_says_who_invites_and_who_has_come() {
    both(async |url| {
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
        assert_eq!(invitation.came.iter().map(|person| person.username.as_str()).collect::<Vec<_>>(), ["tom"]);
        chat.core.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_used_up_expired_revoked_or_altered_says_so_and_changes_nothing() {
    both(async |url| {
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
    })
    .await;
}

#[tokio::test]
async fn a_registration_that_is_refused_for_another_reason_takes_no_place() {
    both(async |url| {
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
    })
    .await;
}

#[tokio::test]
async fn many_who_race_for_the_last_places_are_let_in_exactly_as_often_as_the_link_says() {
    both(async |url| {
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
        assert_eq!((invitation.state, invitation.came.len()), (InvitationState::UsedUp, 5));
        other.core.close().await;
        chat.core.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_first_account_needs_no_invitation_and_only_the_first() {
    both(async |url| {
        let chat = Chat::open_to(&url, Clock::System, Registration::Invite).await;
        let admission: Admission = chat.stranger().ask("admission", &[]).await;
        assert_eq!(admission, Admission::First);
        assert!(chat.stranger().get("/sign-in").await.text().await.unwrap().contains("Create an account"));
        let mut racing = tokio::task::JoinSet::new();
        for n in 0..8 {
            let core = Arc::clone(&chat.core);
            racing.spawn(async move {
                core.writer.admit(account(&format!("user.{n}")), InvitationCheck::Required(None)).await
            });
        }
        let made = racing.join_all().await;
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
        assert!(made.into_iter().filter_map(Result::err).all(|refusal| refusal.message == NEEDED));
        is_refused(&chat, "", NEEDED).await;
        assert!(!chat.stranger().get("/sign-in").await.text().await.unwrap().contains("Create an account"));
        chat.core.close().await;
    })
    .await;
}

#[tokio::test]
async fn where_accounts_are_not_made_by_invitation_links_are_neither_made_nor_good() {
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
async fn guessing_at_links_is_slowed_down_and_looking_at_a_good_one_is_not() {
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
