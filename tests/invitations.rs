//! Invitations: who may make them, and who comes in by them, on SQLite and PostgreSQL.

use crate::store::account;
use crate::support::chat::refused;
use crate::support::{Chat, Person, both, sqlite};
use hubbub::model::invitation::{InvitationForm, OPEN_MAX, Terms};
use hubbub::model::{
    Accounts, Admission, Error, Home, Invitation, InvitationState, InvitationToken, Invitations, Me, UserId,
};
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use hubbub::server::janitor;
use hubbub::server::writer::{By, Inviting};
use hubbub::wire::{ClientFrame, ServerFrame};
use reqwest::StatusCode;
use std::io::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

const NEEDED: &str = "An account here needs an invitation. Please ask somebody who is here for one.";
const USED_UP: &str = "This invitation has been used up.";
const EXPIRED: &str = "This invitation has expired.";
const REVOKED: &str = "This invitation was revoked.";
const UNKNOWN: &str = "This invitation is not valid. Ask for a new one.";

/// A server to which one comes by invitation, and its owner.
async fn by_invitation(url: &str) -> (Chat, Person) {
    let chat = Chat::open_to(url, Clock::System, Registration::Invite).await;
    let ana = chat.user("ana").await;
    (chat, ana)
}

/// Makes a link and gives its token.
async fn link(person: &Person, uses: &str) -> String {
    let address: String = person.ask("create-invitation", &[("days", "7"), ("uses", uses)]).await;
    let token = address.strip_prefix(&format!("{}/register?invite=", person.site)).expect(&address);
    token.to_owned()
}

async fn listed(person: &Person) -> Vec<Invitation> {
    person.ask::<Invitations>("invitations", &[]).await.entries
}

/// Comes with this token, and is refused on the page and by the form with this sentence.
async fn is_refused(chat: &Chat, token: &str, sentence: &str) {
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
        let ServerFrame::Welcome { home, .. } = live.hello().await else { panic!("no welcome") };
        assert_eq!(home.conversations.len(), 1, "in General");

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
        let by = By::Invitation(Some(token));
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
            let by = By::Invitation(Some(token.clone()));
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
async fn the_owner_gives_the_right_to_invite_and_takes_it_away_with_the_links_that_came_of_it() {
    both(async |url| {
        let (chat, ana) = by_invitation(&url).await;
        let first = link(&ana, "5").await;
        for name in ["tom", "mia"] {
            assert!(chat.stranger().register_by(&first, name).await.status().is_success());
        }
        let (tom, mia) = (chat.device("tom").await, chat.device("mia").await);
        let may = async |person: &Person| person.ask::<Option<Me>>("who-am-i", &[]).await.unwrap().may_invite;
        assert!(may(&ana).await && !may(&tom).await);
        for (function, arguments) in [
            ("invitations", &[][..]),
            ("create-invitation", &[("days", "7"), ("uses", "5")]),
            ("revoke-invitation", &[("invitation", "1")]),
        ] {
            let answer = refused(tom.call(function, arguments).await).await;
            assert_eq!(answer, (StatusCode::NOT_FOUND, Error::not_found()), "{function}");
        }
        assert_eq!(tom.get("/invitations").await.status(), StatusCode::NOT_FOUND);
        for function in ["allow-inviting", "end-inviting"] {
            assert_eq!(refused(tom.call(function, &[("user", "2")]).await).await.1, Error::not_found());
            assert_eq!(refused(ana.call(function, &[("user", "99")]).await).await.1, Error::not_found());
            let own = refused(ana.call(function, &[("user", "1")]).await).await;
            assert_eq!(own.0, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert!(!may(&tom).await);

        let (): () = ana.ask("allow-inviting", &[("user", "2")]).await;
        assert!(may(&tom).await && !may(&mia).await);
        assert_eq!(tom.get("/invitations").await.status(), StatusCode::OK);
        let theirs = link(&tom, "5").await;
        assert_eq!(listed(&tom).await.len(), 1, "their own alone");
        assert_eq!(listed(&ana).await.len(), 2, "everybody's");
        let (): () = ana.ask("end-inviting", &[("user", "2")]).await;
        is_refused(&chat, &theirs, REVOKED).await;
        assert!(chat.stranger().register_by(&first, "noor").await.status().is_success(), "the owner's is still good");

        // Given again, the right brings no link back.
        let (): () = ana.ask("allow-inviting", &[("user", "2")]).await;
        is_refused(&chat, &theirs, REVOKED).await;
        let theirs = link(&tom, "5").await;
        let (): () = ana.ask("disable-account", &[("user", "2")]).await;
        is_refused(&chat, &theirs, REVOKED).await;
        let (): () = ana.ask("enable-account", &[("user", "2")]).await;
        is_refused(&chat, &theirs, REVOKED).await;
        chat.core.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_right_that_was_taken_away_while_a_link_was_being_made_makes_no_link() {
    both(async |url| {
        let (chat, ana) = by_invitation(&url).await;
        let tom = chat.core.writer.register(account("tom")).await.unwrap();
        let other = Chat::open_to(&url, Clock::System, Registration::Invite).await;
        for round in 0..20 {
            let (): () = ana.ask("allow-inviting", &[("user", &tom.to_string())]).await;
            let terms = InvitationForm { days: 7, uses: 5 }.check().unwrap();
            let make = Inviting::Make { token: InvitationToken::new(round), terms };
            // Refused or revoked, whichever came first.
            let (_, taken) = tokio::join!(other.core.writer.invite(tom, make), chat.core.writer.let_invite(tom, false));
            taken.unwrap();
            let open = listed(&ana).await.iter().filter(|link| link.state == InvitationState::Open).count();
            assert_eq!(open, 0, "round {round}");
        }
        other.core.close().await;
        chat.core.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_link_is_revoked_by_its_maker_and_by_the_owner_and_by_nobody_else() {
    both(async |url| {
        let (chat, ana) = by_invitation(&url).await;
        let owners = link(&ana, "25").await;
        let mut makers = Vec::new();
        for (name, id) in [("tom", "2"), ("mia", "3")] {
            assert!(chat.stranger().register_by(&owners, name).await.status().is_success());
            let (): () = ana.ask("allow-inviting", &[("user", id)]).await;
            makers.push(chat.device(name).await);
        }
        let [tom, mia] = &makers[..] else { panic!() };
        let (one, other) = (link(tom, "5").await, link(tom, "5").await);
        let ids: Vec<String> = listed(tom).await.iter().rev().map(|invitation| invitation.id.to_string()).collect();
        let owners_id = listed(&ana).await.last().unwrap().id.to_string();
        for (person, id) in [(mia, &ids[0]), (tom, &owners_id), (tom, &"99".to_owned())] {
            let answer = refused(person.call("revoke-invitation", &[("invitation", id)]).await).await;
            assert_eq!(answer, (StatusCode::NOT_FOUND, Error::not_found()));
        }
        for token in [&one, &other, &owners] {
            let _good: Admission = chat.stranger().ask("admission", &[("invite", token)]).await;
        }
        let (): () = tom.ask("revoke-invitation", &[("invitation", &ids[0])]).await;
        let (): () = ana.ask("revoke-invitation", &[("invitation", &ids[1])]).await;
        is_refused(&chat, &one, REVOKED).await;
        is_refused(&chat, &other, REVOKED).await;
        chat.core.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_person_has_a_bounded_number_of_open_links_of_what_the_form_offers() {
    both(async |url| {
        let (chat, ana) = by_invitation(&url).await;
        for (days, uses) in [("0", "5"), ("365", "5"), ("7", "0"), ("7", "1000000"), ("-7", "5")] {
            let (status, _) = refused(ana.call("create-invitation", &[("days", days), ("uses", uses)]).await).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{days} {uses}");
        }
        let terms = Terms { lasts: 1_000_000, uses: 5 };
        for n in 0..OPEN_MAX {
            let token = InvitationToken::new(u128::try_from(n).unwrap());
            chat.core.writer.invite(UserId(1), Inviting::Make { token, terms }).await.unwrap();
        }
        let (status, error) = refused(ana.call("create-invitation", &[("days", "7"), ("uses", "5")]).await).await;
        assert_eq!(
            (status, error.message.as_str()),
            (StatusCode::FORBIDDEN, "You have 50 open invitations. Revoke one before you make another.")
        );
        let first: Invitations = ana.ask("invitations", &[]).await;
        assert_eq!((first.entries.len(), first.next), (50, None));
        let newest = first.entries[0].id.to_string();
        let (): () = ana.ask("revoke-invitation", &[("invitation", &newest)]).await;
        link(&ana, "5").await;
        let first: Invitations = ana.ask("invitations", &[]).await;
        let next = first.next.unwrap().to_string();
        let second: Invitations = ana.ask("invitations", &[("after", &next)]).await;
        assert_eq!((first.entries.len(), second.entries.len(), second.next), (50, 1, None));
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
            racing.spawn(async move { core.writer.admit(account(&format!("user.{n}")), By::Invitation(None)).await });
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
async fn open_pages_learn_of_the_right_to_invite() {
    let database = sqlite();
    let (chat, ana) = by_invitation(&database.url).await;
    let token = link(&ana, "5").await;
    assert!(chat.stranger().register_by(&token, "tom").await.status().is_success());
    let tom = chat.device("tom").await;
    let mut live = chat.connect(&tom).await;
    let ServerFrame::Welcome { home, .. } = live.hello().await else { panic!("no welcome") };
    assert!(!home.me.may_invite);
    let (): () = ana.ask("allow-inviting", &[("user", "2")]).await;
    janitor::tell_lists(&chat.core).await.unwrap();
    live.find(|frame| matches!(frame, ServerFrame::MineHead { .. }).then_some(())).await;
    live.send(&ClientFrame::Home { request: 1 }).await;
    let home: Home =
        live.find(|frame| if let ServerFrame::Home { home, .. } = frame { Some(home) } else { None }).await;
    assert!(home.me.may_invite);
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

#[tokio::test]
async fn a_link_s_address_is_the_public_one_where_there_is_one_and_stands_in_a_field() {
    let chat = Chat::start_with(|settings| {
        settings.registration = Registration::Invite;
        settings.url = Some("https://chat.example".into());
    })
    .await;
    let mut ana = chat.stranger();
    ana.site = format!("http://{}", chat.address);
    ana.client = reqwest::Client::builder()
        .default_headers([(reqwest::header::ORIGIN, "https://chat.example".parse().unwrap())].into_iter().collect())
        .build()
        .unwrap();
    let answer = ana.register("ana").await;
    ana.keep_cookie(&answer);
    let call = ana.client.post(format!("{}/api/create-invitation", ana.site)).header("cookie", &ana.cookie);
    let address: String = call.form(&[("days", "7"), ("uses", "5")]).send().await.unwrap().json().await.unwrap();
    assert!(address.starts_with("https://chat.example/register?invite="), "{address}");
    // A browser that opens a page does not say from where.
    let request = reqwest::Client::new().get(format!("{}/invitations", ana.site)).header("cookie", &ana.cookie);
    let page = request.send().await.unwrap();
    assert!(page.text().await.unwrap().contains(&format!("value=\"{address}\"")));
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
