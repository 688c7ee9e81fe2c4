//! Every path against every role, in every kind of conversation that it may name.

use crate::rooms::room;
use crate::support::{Chat, Person, message_id};
use hubbub::model::{Code, ConversationId, Error, UserId};
use hubbub::server::router;
use hubbub::server::store::users::UserState;
use hubbub::server::writer::RoomCommand;
use reqwest::StatusCode;
use reqwest::header::LOCATION;

/// How a path answers a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// 2xx, or a redirect to the result.
    Success,
    /// Another 4xx: access is granted, and the arguments are rejected.
    Rejected,
    /// 403: they may see the conversation, and may not do this.
    Forbidden,
    /// 404, the same as for what does not exist.
    NotFound,
    /// A redirect to the sign-in page.
    SignInPage,
    /// A redirect to the start page, since the user is signed in already.
    Redirect,
    /// A redirect to the page of the room, where the user can join it; of a call, `not_member`.
    RoomPage,
    /// 401 with a `model::Error`.
    Unauthorized,
}

/// The relations of a user to a room. All of them are members of General, which the owner manages; the direct
/// conversation has two other members, so none of them is a member.
const ROLES: [&str; 7] =
    ["signed out", "not a member", "a member", "the room's owner", "the owner", "a removed member", "a disabled user"];
const SIGNED_OUT: usize = 0;
const DISABLED: usize = 6;

/// Which conversation a call names as `{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestConversation {
    Public,
    Private,
    General,
    Direct,
}

/// A path, the arguments sent to it, and its outcome for each of [`ROLES`].
/// `{id}` is the conversation, `{member}` and `{other}` are users.
struct Case(&'static str, &'static [(&'static str, &'static str)], Scope);

enum Scope {
    /// The path names no conversation.
    NoConversation([Outcome; 7]),
    /// By [`TestConversation`]: public, private, General, direct.
    PerConversation([[Outcome; 7]; 4]),
}

const CASES: &[Case] = {
    use Outcome::*;
    use Scope::*;
    const PAGE: [Outcome; 7] = [SignInPage, Success, Success, Success, Success, Success, SignInPage];
    const CALL: [Outcome; 7] = [Unauthorized, Success, Success, Success, Success, Success, Unauthorized];
    const NOT_FOUND: [Outcome; 7] = [Unauthorized, NotFound, NotFound, NotFound, NotFound, NotFound, Unauthorized];
    const FORBIDDEN: [Outcome; 7] = [Unauthorized, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Unauthorized];
    const REJECTED: [Outcome; 7] = [Unauthorized, Rejected, Rejected, Rejected, Rejected, Rejected, Unauthorized];
    const PUBLIC_FORM: [Outcome; 7] = [Rejected; 7];
    const SIGNED_OUT_PAGE: [Outcome; 7] = [Success, Redirect, Redirect, Redirect, Redirect, Redirect, Success];
    const PUBLIC: [Outcome; 7] = [Success; 7];
    const OWNER_PAGE: [Outcome; 7] = [SignInPage, NotFound, NotFound, NotFound, Success, NotFound, SignInPage];
    const OWNER: [Outcome; 7] = [Unauthorized, NotFound, NotFound, NotFound, Success, NotFound, Unauthorized];
    // For members.
    const MEMBER_PAGE: [Outcome; 7] = [SignInPage, NotFound, Success, Success, NotFound, NotFound, SignInPage];
    const NOT_FOUND_PAGE: [Outcome; 7] = [SignInPage, NotFound, NotFound, NotFound, NotFound, NotFound, SignInPage];
    const MEMBER_CALL: [Outcome; 7] = [Unauthorized, NotFound, Success, Success, NotFound, NotFound, Unauthorized];
    // Of a public room, others are led to its page.
    const PUBLIC_ROOM_PAGE: [Outcome; 7] = [SignInPage, RoomPage, Success, Success, RoomPage, RoomPage, SignInPage];
    const PUBLIC_ROOM: [Outcome; 7] = [Unauthorized, RoomPage, Success, Success, RoomPage, RoomPage, Unauthorized];
    const MEMBERS_ONLY: Scope = PerConversation([MEMBER_CALL, MEMBER_CALL, CALL, NOT_FOUND]);
    // For those who manage the room.
    const ROOM_OWNER: [Outcome; 7] = [Unauthorized, Forbidden, Forbidden, Success, Forbidden, Forbidden, Unauthorized];
    const ROOM_OWNER_AND_OWNER: [Outcome; 7] =
        [Unauthorized, Forbidden, Forbidden, Success, Success, Forbidden, Unauthorized];
    const PRIVATE_ROOM_OWNER: [Outcome; 7] =
        [Unauthorized, NotFound, Forbidden, Success, NotFound, NotFound, Unauthorized];
    const OWNER_OF_GENERAL: [Outcome; 7] =
        [Unauthorized, Forbidden, Forbidden, Forbidden, Success, Forbidden, Unauthorized];
    const ROOM_OWNER_ONLY: Scope = PerConversation([ROOM_OWNER, PRIVATE_ROOM_OWNER, FORBIDDEN, NOT_FOUND]);
    const CONVERSATION: &[(&str, &str)] = &[("conversation", "{id}")];
    const NON_MEMBER: &[(&str, &str)] = &[("conversation", "{id}"), ("user", "{other}")];
    const MEMBER: &[(&str, &str)] = &[("conversation", "{id}"), ("user", "{member}")];
    const USER: &[(&str, &str)] = &[("user", "{other}")];
    &[
        // Pages.
        Case("/", &[], NoConversation(PAGE)),
        Case("/diagnostics", &[], NoConversation(PAGE)),
        Case("/devices", &[], NoConversation(PAGE)),
        Case("/password", &[], NoConversation(PAGE)),
        Case("/people", &[], NoConversation(PAGE)),
        Case("/find", &[], NoConversation(PAGE)),
        // Registration is open, so there are no invitations.
        Case("/invitations", &[], NoConversation(NOT_FOUND_PAGE)),
        Case("/workspace", &[], NoConversation(OWNER_PAGE)),
        Case("/rooms", &[], NoConversation(PAGE)),
        Case("/rooms/new", &[], NoConversation(PAGE)),
        Case("/accounts", &[], NoConversation(OWNER_PAGE)),
        Case("/sign-in", &[], NoConversation(SIGNED_OUT_PAGE)),
        Case("/register", &[], NoConversation(SIGNED_OUT_PAGE)),
        Case("/c/{id}", &[], PerConversation([PUBLIC_ROOM_PAGE, MEMBER_PAGE, PAGE, NOT_FOUND_PAGE])),
        Case("/c/{id}/about", &[], PerConversation([PAGE, MEMBER_PAGE, PAGE, NOT_FOUND_PAGE])),
        // Sessions and accounts.
        Case("/api/register", &[], NoConversation(PUBLIC_FORM)),
        Case("/api/sign-in", &[], NoConversation(PUBLIC_FORM)),
        Case("/api/sign-out", &[], NoConversation(CALL)),
        Case("/api/who-am-i", &[], NoConversation(PUBLIC)),
        Case("/api/admission", &[], NoConversation(PUBLIC)),
        Case("/api/invitations", &[], NoConversation(NOT_FOUND)),
        Case("/api/create-invitation", &[("days", "7"), ("uses", "5")], NoConversation(NOT_FOUND)),
        Case("/api/revoke-invitation", &[("invitation", "1")], NoConversation(NOT_FOUND)),
        Case("/api/allow-inviting", USER, NoConversation(OWNER)),
        Case("/api/end-inviting", USER, NoConversation(OWNER)),
        Case("/api/rename-workspace", &[("workspace", "Harbour")], NoConversation(OWNER)),
        Case("/api/devices", &[], NoConversation(CALL)),
        Case("/api/sign-out-device", &[("device", "1")], NoConversation(NOT_FOUND)),
        Case("/api/sign-out-elsewhere", &[], NoConversation(CALL)),
        Case("/api/change-password", &[], NoConversation(REJECTED)),
        Case("/api/accounts", &[], NoConversation(OWNER)),
        Case("/api/disable-account", USER, NoConversation(OWNER)),
        Case("/api/enable-account", USER, NoConversation(OWNER)),
        Case("/api/server-page", &[("page", "/devices")], NoConversation(CALL)),
        Case("/api/server-page", &[("page", "/accounts")], NoConversation(OWNER)),
        Case("/api/server-page", &[("page", "/invitations")], NoConversation(NOT_FOUND)),
        Case("/api/server-page", &[("page", "/workspace")], NoConversation(OWNER)),
        Case("/api/server-page", &[("page", "/rooms")], NoConversation(CALL)),
        Case("/api/server-page", &[("page", "/rooms/new")], NoConversation(CALL)),
        Case("/api/server-page", &[("page", "/people")], NoConversation(CALL)),
        Case("/api/server-page", &[("page", "/find")], NoConversation(CALL)),
        Case("/api/server-page", &[("page", "/c/{id}/about")], PerConversation([CALL, MEMBER_CALL, CALL, NOT_FOUND])),
        Case("/api/server-page", &[("page", "/diagnostics")], NoConversation(NOT_FOUND)),
        // Conversations.
        Case("/api/open-conversation", CONVERSATION, PerConversation([PUBLIC_ROOM, MEMBER_CALL, CALL, NOT_FOUND])),
        Case("/api/list-members", CONVERSATION, MEMBERS_ONLY),
        Case("/api/room-details", CONVERSATION, PerConversation([CALL, MEMBER_CALL, CALL, NOT_FOUND])),
        Case("/api/post-message", &[("conversation", "{id}"), ("id", "{message}"), ("body", "hello")], MEMBERS_ONLY),
        Case("/api/join-room", CONVERSATION, PerConversation([CALL, MEMBER_CALL, CALL, NOT_FOUND])),
        Case("/api/leave-room", CONVERSATION, PerConversation([MEMBER_CALL, MEMBER_CALL, FORBIDDEN, NOT_FOUND])),
        Case("/api/add-member", NON_MEMBER, ROOM_OWNER_ONLY),
        Case("/api/remove-member", MEMBER, ROOM_OWNER_ONLY),
        Case("/api/transfer-room", MEMBER, ROOM_OWNER_ONLY),
        Case(
            "/api/delete-room",
            CONVERSATION,
            PerConversation([ROOM_OWNER_AND_OWNER, PRIVATE_ROOM_OWNER, FORBIDDEN, NOT_FOUND]),
        ),
        Case(
            "/api/change-room",
            &[("conversation", "{id}"), ("name", "{name}")],
            PerConversation([ROOM_OWNER, PRIVATE_ROOM_OWNER, OWNER_OF_GENERAL, NOT_FOUND]),
        ),
        Case("/api/create-room", &[("name", "")], NoConversation(REJECTED)),
        Case("/api/browse-rooms", &[], NoConversation(CALL)),
        Case("/api/list-people", &[], NoConversation(CALL)),
        Case("/api/open-direct", USER, NoConversation(CALL)),
        Case("/api/open-direct", &[("user", "9999")], NoConversation(NOT_FOUND)),
        // Other paths.
        Case("/health", &[], NoConversation(PUBLIC)),
        Case("/ws", &[], NoConversation(REJECTED)),
        // Unknown paths reveal nothing.
        Case("/nowhere", &[], NoConversation(NOT_FOUND_PAGE)),
        Case("/api/nowhere", &[], NoConversation(NOT_FOUND)),
    ]
};

/// A server with a user in each of the roles.
pub struct Fixture {
    pub chat: Chat,
    /// By [`ROLES`].
    pub people: Vec<Person>,
}

const NAMES: [&str; 7] = ["", "sam", "mia", "ana", "olga", "rik", "dan"];
/// In the order of registration: the first is the owner.
const ORDER: [&str; 9] = ["olga", "ana", "mia", "rik", "sam", "dan", "pat", "xenia", "yann"];

pub fn user(name: &str) -> UserId {
    UserId(ORDER.iter().position(|known| *known == name).unwrap() as i64 + 1)
}

impl Fixture {
    pub async fn new() -> Self {
        let chat = Chat::start().await;
        let mut all = Vec::new();
        for name in ORDER {
            all.push((name, chat.user(name).await));
        }
        chat.core.writer.open_direct(user("xenia"), user("yann")).await.unwrap();
        chat.core.writer.set_user_state(user("dan"), UserState::Disabled).await.unwrap();
        let mut people = Vec::new();
        for name in NAMES {
            let at = all.iter().position(|(known, _)| *known == name);
            people.push(at.map_or_else(|| chat.stranger(), |at| all.swap_remove(at).1));
        }
        Fixture { chat, people }
    }

    /// The conversation's id. A room is created anew for each call.
    pub async fn conversation(&self, conversation: TestConversation) -> ConversationId {
        let writer = &self.chat.core.writer;
        match conversation {
            TestConversation::General => return ConversationId(1),
            TestConversation::Direct => return writer.open_direct(user("xenia"), user("yann")).await.unwrap(),
            TestConversation::Public | TestConversation::Private => {}
        }
        let (ana, name) = (user("ana"), format!("Harbour {}", message_id()));
        let id = room(&self.chat.core, ana, &name, conversation == TestConversation::Private).await.unwrap();
        for command in [RoomCommand::Add(user("mia")), RoomCommand::Add(user("rik")), RoomCommand::Remove(user("rik"))]
        {
            writer.change_room(ana, id, command).await.unwrap();
        }
        id
    }

    async fn call(&self, role: usize, Case(path, arguments, _): &Case, id: ConversationId) -> (Outcome, String) {
        let fill = |text: &str| {
            text.replace("{id}", &id.to_string())
                .replace("{member}", &user("mia").to_string())
                .replace("{other}", &user("pat").to_string())
                .replace("{message}", &message_id().to_string())
                .replace("{name}", &format!("Quay {}", message_id()))
        };
        let arguments: Vec<(&str, String)> = arguments.iter().map(|(name, value)| (*name, fill(value))).collect();
        let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let person = &self.people[role];
        let answer = match path.strip_prefix("/api/") {
            Some(function) => person.call(function, &arguments).await,
            None => person.get(&fill(path)).await,
        };
        let status = answer.status();
        let leads = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        let text = answer.text().await.unwrap();
        let outcome = match status {
            StatusCode::SEE_OTHER | StatusCode::FOUND if leads.starts_with("/sign-in") && *path != "/api/sign-out" => {
                Outcome::SignInPage
            }
            StatusCode::SEE_OTHER if leads == "/" => Outcome::Redirect,
            StatusCode::SEE_OTHER if leads == format!("/c/{id}/about") => Outcome::RoomPage,
            StatusCode::FORBIDDEN
                if serde_json::from_str::<Error>(&text).is_ok_and(|error| error.code == Code::NotMember) =>
            {
                Outcome::RoomPage
            }
            StatusCode::UNAUTHORIZED => {
                let error: Error = serde_json::from_str(&text).unwrap();
                if error.code == Code::SignInRequired { Outcome::Unauthorized } else { Outcome::Rejected }
            }
            StatusCode::FORBIDDEN => Outcome::Forbidden,
            StatusCode::NOT_FOUND => Outcome::NotFound,
            status if status.is_client_error() => Outcome::Rejected,
            status if status.is_success() || status == StatusCode::FOUND => Outcome::Success,
            other => panic!("{} got {other} from {path}: {text}", ROLES[role]),
        };
        (outcome, normalized(&text, id))
    }

    async fn expects(&mut self, case: &Case, conversation: Option<TestConversation>, expected: [Outcome; 7]) {
        for (role, expected) in expected.into_iter().enumerate() {
            let id = match conversation {
                Some(conversation) => self.conversation(conversation).await,
                None => ConversationId(1),
            };
            let (got, text) = self.call(role, case, id).await;
            assert_eq!(got, expected, "{} at {} {:?} in {conversation:?}: {text}", ROLES[role], case.0, case.1);
            if got == Outcome::NotFound && conversation.is_some() {
                let nowhere = self.call(role, case, ConversationId(123_456_789)).await;
                assert_eq!((got, text), nowhere, "{} can tell that {} is there: {conversation:?}", ROLES[role], case.0);
            }
            // A user may own a hundred rooms at most. (A transferred or deleted one is not theirs any more.)
            if matches!(conversation, Some(TestConversation::Public | TestConversation::Private)) {
                self.chat.core.writer.change_room(user("ana"), id, RoomCommand::Delete).await.ok();
            }
            // Signed in again for the next call.
            if case.0 == "/api/sign-out" && role != SIGNED_OUT && role != DISABLED {
                self.people[role] = self.chat.device(NAMES[role]).await;
            }
        }
    }
}

/// A page without what differs each time: its nonces and the id of the conversation.
fn normalized(text: &str, id: ConversationId) -> String {
    let without = |text: &str, before: &str| {
        let mut parts = text.split(before);
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('"').map_or(part, |(_, rest)| rest));
        rest.fold(first, |text, part| text + part)
    };
    let text = without(&without(text, "nonce=\""), "crossorigin=\"");
    // The id itself, and not one that begins with it.
    ['"', '/', '?', '\\']
        .iter()
        .fold(text, |text, end| text.replace(&format!("/c/{id}{end}"), &format!("/c/{{id}}{end}")))
}

#[tokio::test]
async fn every_path_answers_every_role_as_in_the_table_and_no_path_is_missing_from_it() {
    for path in router::paths() {
        assert!(CASES.iter().any(|Case(known, ..)| *known == path), "{path} is not in the table");
    }
    let mut fixture = Fixture::new().await;
    for case in CASES {
        match case.2 {
            Scope::NoConversation(expected) => fixture.expects(case, None, expected).await,
            Scope::PerConversation(expected) => {
                let conversations = [
                    TestConversation::Public,
                    TestConversation::Private,
                    TestConversation::General,
                    TestConversation::Direct,
                ];
                for (conversation, expected) in conversations.into_iter().zip(expected) {
                    fixture.expects(case, Some(conversation), expected).await;
                }
            }
        }
    }
}
