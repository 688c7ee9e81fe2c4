//! Making and revoking invitations: who may, how many, and whose.

use super::{REVOKED, by_invitation, is_refused, link, listed};
use crate::support::chat::refused;
use crate::support::core::account;
use crate::support::{Chat, Person, each_database, sqlite};
use hubbub::model::invitation::{InvitationForm, InvitationLimits, OPEN_MAX};
use hubbub::model::{Admission, Error, InitialState, InvitationState, InvitationToken, Invitations, Me, UserId};
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use hubbub::server::janitor;
use hubbub::wire::{ClientFrame, ServerFrame};
use reqwest::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

async fn the_owner_gives_the_right_to_invite_and_taking_it_away_revokes_the_open_links(url: String) {
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
}
each_database!(the_owner_gives_the_right_to_invite_and_taking_it_away_revokes_the_open_links);

async fn taking_the_right_away_while_a_link_is_being_made_leaves_no_open_link(url: String) {
    let (chat, ana) = by_invitation(&url).await;
    let tom = chat.core.writer.register(account("tom")).await.unwrap();
    let other = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    for round in 0..20 {
        let (): () = ana.ask("allow-inviting", &[("user", &tom.to_string())]).await;
        let limits = InvitationForm { days: 7, uses: 5 }.check().unwrap();
        // Refused or revoked, whichever came first.
        let make = other.core.writer.create_invitation(tom, InvitationToken::new(round), limits);
        let (_, taken) = tokio::join!(make, chat.core.writer.set_may_invite(tom, false));
        taken.unwrap();
        let open = listed(&ana).await.iter().filter(|link| link.state == InvitationState::Open).count();
        assert_eq!(open, 0, "round {round}");
    }
    other.core.close().await;
    chat.core.close().await;
}
each_database!(taking_the_right_away_while_a_link_is_being_made_leaves_no_open_link);

async fn an_invitation_is_revoked_by_its_maker_or_the_owner_and_by_nobody_else(url: String) {
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
}
each_database!(an_invitation_is_revoked_by_its_maker_or_the_owner_and_by_nobody_else);

async fn a_user_has_a_bounded_number_of_open_invitations_within_what_the_form_offers(url: String) {
    let (chat, ana) = by_invitation(&url).await;
    for (days, uses) in [("0", "5"), ("365", "5"), ("7", "0"), ("7", "1000000"), ("-7", "5")] {
        let (status, _) = refused(ana.call("create-invitation", &[("days", days), ("uses", uses)]).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{days} {uses}");
    }
    let limits = InvitationLimits { lasts: 1_000_000, uses: 5 };
    for n in 0..OPEN_MAX {
        let token = InvitationToken::new(u128::try_from(n).unwrap());
        chat.core.writer.create_invitation(UserId(1), token, limits).await.unwrap();
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
}
each_database!(a_user_has_a_bounded_number_of_open_invitations_within_what_the_form_offers);

#[tokio::test]
async fn open_pages_learn_of_the_right_to_invite() {
    let database = sqlite();
    let (chat, ana) = by_invitation(&database.url).await;
    let token = link(&ana, "5").await;
    assert!(chat.stranger().register_by(&token, "tom").await.status().is_success());
    let tom = chat.device("tom").await;
    let mut live = chat.connect(&tom).await;
    let ServerFrame::Welcome { initial_state, .. } = live.hello().await else { panic!("no welcome") };
    assert!(!initial_state.me.may_invite);
    let (): () = ana.ask("allow-inviting", &[("user", "2")]).await;
    janitor::settle_subscriptions(&chat.core).await.unwrap();
    live.find(|frame| matches!(frame, ServerFrame::UserRevision { .. }).then_some(())).await;
    live.send(&ClientFrame::InitialState { request: 1 }).await;
    let initial_state: InitialState = live
        .find(
            |frame| {
                if let ServerFrame::InitialState { initial_state, .. } = frame { Some(initial_state) } else { None }
            },
        )
        .await;
    assert!(initial_state.me.may_invite);
}

#[tokio::test]
async fn a_link_has_the_public_address_where_there_is_one_and_is_shown_in_a_field() {
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

async fn ended_invitations_that_nobody_registered_with_are_removed_after_thirty_days(url: String) {
    let now = Arc::new(AtomicI64::new(1_790_000_000_000));
    let pass = |days: i64| now.fetch_add(days * 24 * 60 * 60 * 1000, Ordering::Relaxed);
    let chat = Chat::open_to(&url, Clock::Manual(Arc::clone(&now)), Registration::Invite).await;
    let ana = chat.user("ana").await;
    // Good for seven days, each.
    let (used, _expired, _revoked) = (link(&ana, "5").await, link(&ana, "5").await, link(&ana, "5").await);
    let (): () = ana.ask("revoke-invitation", &[("invitation", "3")]).await;
    assert!(chat.stranger().register_by(&used, "tom").await.status().is_success());
    let ids = async |person: &Person| listed(person).await.iter().map(|entry| entry.id.0).collect::<Vec<_>>();
    let mut seen = Vec::new();
    for days in [29, 2, 5, 2] {
        pass(days);
        janitor::remove_expired(&chat.core).await.unwrap();
        seen.push(ids(&chat.device("ana").await).await);
    }
    // After 29 and 31 days since one was revoked, then 29 and 31 since the other expired.
    assert_eq!(seen, [vec![3, 2, 1], vec![2, 1], vec![2, 1], vec![1]]);
    let ana = chat.device("ana").await;
    let registered = listed(&ana).await[0].registered.iter().map(|person| person.username.clone()).collect::<Vec<_>>();
    assert_eq!(registered, ["tom"], "who came by whom stays known");
    chat.core.close().await;
}
each_database!(ended_invitations_that_nobody_registered_with_are_removed_after_thirty_days);
