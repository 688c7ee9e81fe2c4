//! The first visit of a new server: the owner's account, the workspace's name, and the link for the first people.

use crate::support::chat::{PASSWORD, refused};
use crate::support::core::account;
use crate::support::{Chat, Person, each_database};
use hubbub::model::{Accounts, Code, Field, InvitationToken, Invitations, OpenedConversation, Role, WorkspaceName};
use hubbub::model::{InviteLink, invitation};
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use hubbub::server::store::{installation, users};
use hubbub::server::writer::FirstAccount;
use hubbub::wire::ServerFrame;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use std::sync::Arc;

const CONFLICT: &str = "Somebody else has just made the first account, and is the owner. Load this page again to see \
    how you can join.";

/// The form of the first visit, filled in by Ana.
fn form(workspace: &str) -> [(&'static str, &str); 7] {
    [
        ("first", "true"),
        ("workspace", workspace),
        ("username", "ana"),
        ("first_name", "Ana"),
        ("last_name", "Ruiz"),
        ("email", "ana@harbour.example"),
        ("password", PASSWORD),
    ]
}

/// Where a page leads; its status if it leads nowhere.
async fn leads(person: &Person, page: &str) -> String {
    let answer = person.get(page).await;
    let to = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
    to.unwrap_or_else(|| answer.status().as_u16().to_string())
}

async fn text(person: &Person, page: &str) -> String {
    person.get(page).await.text().await.unwrap()
}

/// The name in the document's title, behind that of the page.
fn titled(page: &str) -> &str {
    let title = page.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
    title.split_once(" · ").map_or(title, |(_, workspace)| workspace)
}

async fn as_long_as_nobody_has_an_account_every_page_leads_to_making_the_first(url: String) {
    let chat = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    let stranger = chat.stranger();
    assert_eq!(leads(&stranger, "/").await, "/register");
    assert_eq!(leads(&stranger, "/sign-in").await, "/register");
    assert_eq!(leads(&stranger, "/c/1?before=7").await, "/register?next=/c/1%3Fbefore%3D7");
    assert_eq!(leads(&stranger, "/sign-in?next=/c/1").await, "/register?next=/c/1");
    assert_eq!(leads(&stranger, "/nowhere").await, "/register?next=/nowhere");
    let page = text(&stranger, "/register").await;
    assert!(page.contains("Your server is running") && page.contains("name=\"workspace\""), "{page}");
    assert!(!page.contains("Already here?"), "there is nobody to sign in");
    let (status, error) = refused(stranger.call("devices", &[]).await).await;
    assert_eq!((status, error.code), (StatusCode::UNAUTHORIZED, Code::SignInRequired), "calls are refused as ever");

    chat.user("ana").await;
    for (page, to) in [("/", "/sign-in"), ("/c/1", "/sign-in?next=/c/1"), ("/sign-in", "200")] {
        assert_eq!(leads(&stranger, page).await, to);
    }
    assert!(!text(&stranger, "/register").await.contains("name=\"workspace\""));
    chat.core.close().await;
}
each_database!(as_long_as_nobody_has_an_account_every_page_leads_to_making_the_first);

#[tokio::test]
async fn where_only_the_operator_adds_accounts_the_first_page_says_how_the_first_one_is_made() {
    let chat = Chat::start_with(|settings| settings.registration = Registration::Closed).await;
    let stranger = chat.stranger();
    assert_eq!(leads(&stranger, "/").await, "/register");
    assert_eq!(leads(&stranger, "/sign-in").await, "200", "for whom the operator has just added");
    let page = text(&stranger, "/register").await;
    assert!(page.contains("hubbub user add") && !page.contains("name=\"password\""), "{page}");
    let (status, error) = refused(stranger.call("register", &form("Harbour Rowing")).await).await;
    assert_eq!((status, error.code), (StatusCode::UNPROCESSABLE_ENTITY, Code::Invalid), "{error}");
    assert!(!chat.core.has_accounts().await.unwrap());

    let ana = chat.core.writer.register(account("ana")).await.unwrap();
    assert_eq!(leads(&stranger, "/").await, "/sign-in");
    let mut snapshot = chat.core.db.snapshot().await.unwrap();
    let owner = users::find(&mut snapshot.conn(), ana).await.unwrap().unwrap();
    assert_eq!(owner.me.role, Role::Owner);
}

async fn the_first_visit_makes_the_owner_the_name_and_a_link_that_lets_people_in_without_scripts(url: String) {
    let chat = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    let ana = chat.stranger();
    assert_eq!(ana.sends("register", &form("  Harbour   Rowing "), "/register").await, "/");

    let page = text(&ana, "/").await;
    assert_eq!(titled(&page), "Harbour Rowing");
    assert!(page.contains("Harbour Rowing is ready"), "{page}");
    let opened: OpenedConversation = ana.ask("open-conversation", &[]).await;
    assert_eq!((&*opened.initial_state.workspace, opened.initial_state.me.role), ("Harbour Rowing", Role::Owner));
    let Some(InviteLink::Invitation { address, uses_left: 25, .. }) = opened.invite_link else {
        panic!("{:?}", opened.invite_link)
    };
    assert!(page.contains(&address.replace('&', "&amp;")), "{address} is not on {page}");
    let listed: Invitations = ana.ask("invitations", &[]).await;
    assert_eq!(listed.entries.iter().map(|entry| &entry.address).collect::<Vec<_>>(), [&address]);

    let token = address.split_once("invite=").unwrap().1;
    let tom = chat.stranger();
    let invited = text(&tom, &format!("/register?invite={token}")).await;
    assert_eq!(titled(&invited), "Harbour Rowing");
    assert!(tom.register_by(token, "tom").await.status().is_success());
    for person in [&ana, &tom] {
        let page = text(person, "/").await;
        assert!(!page.contains("is ready") && page.contains("It is quiet in here"), "somebody is there now: {page}");
        assert!(person.ask::<OpenedConversation>("open-conversation", &[]).await.invite_link.is_none());
    }
    chat.core.close().await;
}
each_database!(the_first_visit_makes_the_owner_the_name_and_a_link_that_lets_people_in_without_scripts);

#[tokio::test]
async fn the_link_for_the_first_people_is_the_one_that_works() {
    let chat = Chat::start_with(|settings| settings.registration = Registration::Invite).await;
    let ana = chat.user("ana").await;
    let link = async || ana.ask::<OpenedConversation>("open-conversation", &[]).await.invite_link;
    assert_eq!(link().await, Some(InviteLink::NoInvitation), "an account that named nothing got no link either");
    let made: String = ana.ask("create-invitation", &[("days", "1"), ("uses", "1")]).await;
    assert!(matches!(link().await, Some(InviteLink::Invitation { address, uses_left: 1, .. }) if address == made));
    let id = ana.ask::<Invitations>("invitations", &[]).await.entries[0].id.to_string();
    let (): () = ana.ask("revoke-invitation", &[("invitation", &id)]).await;
    assert_eq!(link().await, Some(InviteLink::NoInvitation));
    assert!(text(&ana, "/").await.contains("Make a link"));

    let chat = Chat::start().await;
    let ana = chat.stranger();
    assert_eq!(ana.sends("register", &form("Harbour"), "/register").await, "/");
    let opened: OpenedConversation = ana.ask("open-conversation", &[]).await;
    assert_eq!(opened.invite_link, Some(InviteLink::Open { address: format!("{}/register", ana.site) }));
}

#[tokio::test]
async fn a_first_account_without_a_name_for_the_workspace_is_refused_and_what_was_typed_comes_back() {
    let chat = Chat::start().await;
    for name in ["", "  ", "\u{200b}", &"x".repeat(61)] {
        let (status, error) = refused(chat.stranger().call("register", &form(name)).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(error.of(Field::Workspace).is_some(), "{name:?}: {error:?}");
    }
    assert!(!chat.core.has_accounts().await.unwrap());
    let ana = chat.stranger();
    let mut fields = form("Harbour \"<b>\" & Rowing");
    fields[6].1 = "short";
    let back = ana.sends("register", &fields, "/register").await;
    let page = text(&ana, &back).await;
    assert!(page.contains("value=\"Harbour &quot;&lt;b&gt;&quot; &amp; Rowing\""), "{page}");
    assert!(page.contains("value=\"ana@harbour.example\""), "{page}");
}

async fn of_those_who_make_the_first_account_at_once_one_is_the_owner_and_the_others_are_told(url: String) {
    let chat = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    let beside = Chat::open_to(&url, Clock::System, Registration::Invite).await;
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..8 {
        let core = Arc::clone(if n % 2 == 0 { &chat.core } else { &beside.core });
        racing.spawn(async move {
            let first = FirstAccount {
                workspace: WorkspaceName::parse(&format!("Of user.{n}")).unwrap(),
                invitation: Some((InvitationToken::new(n), invitation::FIRST_LINK.check().unwrap())),
            };
            core.writer.register_first(account(&format!("user.{n}")), first).await
        });
    }
    let made = racing.join_all().await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
    for refusal in made.into_iter().filter_map(Result::err) {
        assert_eq!((refusal.code, &*refusal.message), (Code::Conflict, CONFLICT));
    }
    let mut snapshot = beside.core.db.snapshot().await.unwrap();
    let accounts = users::after(&mut snapshot.conn(), Default::default(), &[], 10).await.unwrap();
    let [owner] = &accounts[..] else { panic!("{accounts:?}") };
    assert_eq!(owner.me.role, Role::Owner);
    let name = installation::workspace_name(&mut snapshot.conn()).await.unwrap();
    assert_eq!(name, format!("Of {}", owner.me.person.username), "the name is the owner's");
    drop(snapshot);

    // Who comes later with a page of the first minute is told as well, and is no member by accident.
    let (status, error) = refused(beside.stranger().call("register", &form("Mine")).await).await;
    assert_eq!((status, &*error.message), (StatusCode::CONFLICT, CONFLICT));
    chat.core.close().await;
    beside.core.close().await;
}
each_database!(of_those_who_make_the_first_account_at_once_one_is_the_owner_and_the_others_are_told);

async fn the_owner_renames_the_workspace_and_everybody_sees_it(url: String) {
    let chat = Chat::over(&url).await;
    let (ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    let mut live = chat.connect(&tom).await;
    let ServerFrame::Welcome { initial_state, .. } = live.hello().await else { panic!("no welcome") };
    assert_eq!(initial_state.workspace, "Hubbub", "until it is named");

    let led = ana.sends("rename-workspace", &[("workspace", " Harbour  <Rowing> ")], "/workspace").await;
    assert_eq!(led.trim_end_matches('?'), "/workspace");
    let name = live.find(|frame| if let ServerFrame::Workspace { name } = frame { Some(name) } else { None }).await;
    assert_eq!(name, "Harbour <Rowing>");
    for page in ["/workspace", "/"] {
        let page = text(&ana, page).await;
        assert_eq!(titled(&page), "Harbour &lt;Rowing&gt;");
        assert!(!page.contains("<Rowing>"), "{page}");
    }
    assert_eq!(titled(&text(&chat.stranger(), "/sign-in").await), "Harbour &lt;Rowing&gt;");
    let opened: OpenedConversation = tom.ask("open-conversation", &[]).await;
    assert_eq!(opened.initial_state.workspace, "Harbour <Rowing>");

    let (status, error) = refused(ana.call("rename-workspace", &[("workspace", " ")]).await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(error.of(Field::Workspace).is_some(), "{error:?}");
    let (status, _) = refused(tom.call("rename-workspace", &[("workspace", "Tom's")]).await).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let accounts: Accounts = ana.ask("accounts", &[]).await;
    assert_eq!(accounts.entries.len(), 2);
    assert_eq!(titled(&text(&ana, "/").await), "Harbour &lt;Rowing&gt;", "refusals change nothing");
    chat.core.close().await;
}
each_database!(the_owner_renames_the_workspace_and_everybody_sees_it);
