//! The owner's list of accounts, and disabling one.

use crate::rooms::room;
use crate::support::chat::{PASSWORD, refused};
use crate::support::core::{GENERAL, account, post};
use crate::support::{Chat, Live, each_database, message_id};
use hubbub::model::invitation::InvitationForm;
use hubbub::model::{Accounts, Code, Error, InvitationToken, Millis, Seq, UserState};
use hubbub::server::Core;
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use hubbub::server::store::sessions::SessionRow;
use hubbub::server::store::users::NewUser;
use hubbub::server::writer::{Reply, RoomCommand};
use hubbub::wire::ServerFrame;
use reqwest::StatusCode;

fn names(accounts: &Accounts) -> Vec<&str> {
    accounts.entries.iter().map(|entry| entry.me.person.username.as_str()).collect()
}

async fn a_disabled_account_receives_nothing_after_the_call_and_cannot_sign_in_until_it_is_enabled(url: String) {
    let chat = Chat::over(&url).await;
    let (ana, tom, mia) = (chat.user("ana").await, chat.user("tom").await, chat.user("mia").await);
    let mut lives = Vec::new();
    for person in [&ana, &tom, &mia] {
        let mut live = chat.connect(person).await;
        live.hello().await;
        lives.push(live);
    }
    let [hers, toms, mias] = &mut lives[..] else { panic!() };

    let (): () = ana.ask("disable-account", &[("user", "2")]).await;
    hers.post(message_id(), "not for tom").await;
    toms.is_told_to_sign_in().await;
    mias.find(|frame| matches!(frame, ServerFrame::Changed { .. }).then_some(())).await;
    assert!(!tom.is_signed_in().await && mia.is_signed_in().await);
    assert!(Live::open(chat.address, &tom.cookie).await.is_err());
    assert_eq!(tom.get("/c/1").await.headers()["location"], "/sign-in?next=/c/1");
    let wrong = refused(tom.sign_in("tom", PASSWORD).await).await;
    assert_eq!(wrong, (StatusCode::UNAUTHORIZED, Error::wrong_credentials()));
    let listed: Accounts = ana.ask("accounts", &[]).await;
    let states: Vec<_> = listed.entries.iter().map(|entry| entry.state).collect();
    assert_eq!(states, [UserState::Active, UserState::Disabled, UserState::Active]);

    let (): () = ana.ask("enable-account", &[("user", "2")]).await;
    assert!(!tom.is_signed_in().await, "what has ended stays so");
    assert!(tom.sign_in("tom", PASSWORD).await.status().is_success());
    chat.core.close().await;
}
each_database!(a_disabled_account_receives_nothing_after_the_call_and_cannot_sign_in_until_it_is_enabled);

async fn what_waits_behind_the_command_that_disables_its_user_is_refused(url: String) {
    let core = Core::open_to(&url, Clock::System, Registration::Invite).await.unwrap();
    let mut users = Vec::new();
    for name in ["ana", "tom", "mia"] {
        users.push(core.writer.register(account(name)).await.unwrap());
    }
    let [ana, tom, mia] = users[..] else { unreachable!() };
    let (anas, toms) =
        (room(&core, ana, "Anchors", false).await.unwrap(), room(&core, tom, "Tides", true).await.unwrap());
    core.writer.set_may_invite(tom, true).await.unwrap();
    let (sent, limits) = (message_id(), InvitationForm { days: 7, uses: 5 }.check().unwrap());
    let now = core.clock.now();
    let session = SessionRow {
        key: [7; 32],
        user: Some(tom),
        data: "{}".into(),
        used_at: now,
        expires_at: Millis(now.0 + 60_000),
    };

    // The writer receives them in this order, in one batch.
    let (before, disabled, behind) = futures::join!(
        post(&core, tom, sent, GENERAL, "before"),
        core.writer.set_user_state(tom, UserState::Disabled),
        async {
            futures::join!(
                async { post(&core, tom, message_id(), GENERAL, "behind").await.map(drop) },
                async { post(&core, tom, sent, GENERAL, "before").await.map(drop) },
                core.writer.set_read_position(tom, GENERAL, Seq(0), None),
                core.writer.change_room(tom, anas, RoomCommand::Join),
                core.writer.change_room(tom, toms, RoomCommand::Delete),
                async { room(&core, tom, "Ropes", true).await.map(drop) },
                async { core.writer.open_direct(tom, mia).await.map(drop) },
                core.writer.create_invitation(tom, InvitationToken::new(1), limits),
                async { core.writer.insert_session(session).await.map(drop) },
            )
        },
    );
    assert!(matches!(before, Ok(Reply::Posted(_))) && disabled.is_ok());
    let refused = || Err(Error::sign_in_required());
    assert_eq!(behind.1, Ok(()), "a repeat gets the first answer");
    assert_eq!(behind.0, refused(), "a post");
    assert_eq!(behind.2, refused(), "a read position");
    assert_eq!((behind.3, behind.4, behind.5), (refused(), refused(), refused()), "rooms");
    assert_eq!(behind.6, refused(), "a direct conversation");
    assert_eq!(behind.7, refused(), "an invitation");
    assert_eq!(behind.8, refused(), "a session");
    core.close().await;
}
each_database!(what_waits_behind_the_command_that_disables_its_user_is_refused);

#[tokio::test]
async fn nobody_but_the_owner_disables_enables_or_lists_accounts_and_the_owner_not_themselves() {
    let chat = Chat::start().await;
    let (ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    for function in ["disable-account", "enable-account", "accounts"] {
        for user in ["1", "2", "99"] {
            let answer = refused(tom.call(function, &[("user", user)]).await).await;
            assert_eq!(answer, (StatusCode::NOT_FOUND, Error::not_found()), "{function} {user}");
        }
    }
    assert_eq!(tom.get("/accounts").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(refused(tom.call("server-page", &[("page", "/accounts")]).await).await.1, Error::not_found());
    let (status, error) = refused(ana.call("disable-account", &[("user", "1")]).await).await;
    assert_eq!((status, error.code), (StatusCode::UNPROCESSABLE_ENTITY, Code::Invalid));
    assert_eq!(refused(ana.call("disable-account", &[("user", "99")]).await).await.1, Error::not_found());
    assert!(ana.is_signed_in().await && tom.is_signed_in().await);
}

async fn the_list_comes_in_pages_and_is_searched_by_the_beginning_of_any_name(url: String) {
    let chat = Chat::over(&url).await;
    let ana = chat.user("ana").await;
    for n in 0..240 {
        let (first_name, last_name) = match n {
            7 => ("Éric", "Ångström"),
            _ => ("First", "Last"),
        };
        let user =
            NewUser { first_name: first_name.into(), last_name: last_name.into(), ..account(&format!("user.{n:03}")) };
        chat.core.writer.register(user).await.unwrap();
    }
    let page = async |search: &str, after: &str| {
        ana.ask::<Accounts>("accounts", &[("search", search), ("after", after)]).await
    };
    let first: Accounts = ana.ask("accounts", &[]).await;
    assert_eq!((first.entries.len(), names(&first)[0], names(&first)[99]), (100, "ana", "user.098"));
    let second = page("", &first.next.unwrap().to_string()).await;
    assert_eq!((second.entries.len(), names(&second)[0]), (100, "user.099"));
    let third = page("", &second.next.unwrap().to_string()).await;
    assert_eq!((third.entries.len(), names(&third)[40], third.next), (41, "user.239", None));

    for search in ["éri", "ÅNG", " Éric Å", "USER.007"] {
        assert_eq!(names(&page(search, "0").await), ["user.007"], "{search}");
    }
    assert_eq!(names(&page("ser", "0").await), Vec::<&str>::new(), "the beginning alone");
    let many = page("user.", "0").await;
    assert_eq!((many.entries.len(), many.next.is_some()), (100, true));
    chat.core.close().await;
}
each_database!(the_list_comes_in_pages_and_is_searched_by_the_beginning_of_any_name);
