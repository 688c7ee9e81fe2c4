//! Every path against every role, in every kind of conversation that it may name.

use crate::rooms::room;
use crate::support::{Chat, Person, message_id};
use hubbub::model::{Code, ConversationId, Error, UserId};
use hubbub::server::router;
use hubbub::server::store::users::UserState;
use hubbub::server::writer::RoomCommand;
use reqwest::StatusCode;
use reqwest::header::LOCATION;

/// What one role gets from one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// It answers.
    It,
    /// It answers, and what was sent is refused for what it says.
    Refusal,
    /// 403: they see what it is about, and this is not theirs to do.
    Forbidden,
    /// 404, the same as for what does not exist.
    Missing,
    /// It leads to the sign-in page.
    SignIn,
    /// It leads away, since one is signed in already.
    Away,
    /// 401, in `model::Error`'s terms.
    Unauthorised,
}

/// How somebody stands towards a room. In General all of them are members, the owner looks after it; the direct
/// conversation is one of two others, so that all of them are strangers to it.
const ROLES: [&str; 7] =
    ["nobody", "a stranger", "a member", "the room's owner", "the owner", "a removed member", "someone disabled"];
const NOBODY: usize = 0;
const DISABLED: usize = 6;

/// Which conversation a call names as `{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Public,
    Private,
    General,
    Direct,
}

/// A path, what is sent there, and what nobody, a stranger, a member, the room's owner, the owner, a removed member and someone
/// whose account was disabled get from it. `{id}` is the conversation, `{member}` and `{spare}` are users.
struct Row(&'static str, &'static [(&'static str, &'static str)], Where);

enum Where {
    /// It names no conversation.
    Anywhere([Gets; 7]),
    /// It names one: public, private, General, direct.
    In([[Gets; 7]; 4]),
}

const ROWS: &[Row] = {
    use Gets::*;
    use Where::*;
    const PAGE: [Gets; 7] = [SignIn, It, It, It, It, It, SignIn];
    const CALL: [Gets; 7] = [Unauthorised, It, It, It, It, It, Unauthorised];
    const MISSING: [Gets; 7] = [Unauthorised, Missing, Missing, Missing, Missing, Missing, Unauthorised];
    const FORBIDDEN: [Gets; 7] = [Unauthorised, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Unauthorised];
    const REFUSAL: [Gets; 7] = [Unauthorised, Refusal, Refusal, Refusal, Refusal, Refusal, Unauthorised];
    const FORM: [Gets; 7] = [Refusal; 7];
    const ENTRY: [Gets; 7] = [It, Away, Away, Away, Away, Away, It];
    const OPEN: [Gets; 7] = [It; 7];
    const OWNERS_PAGE: [Gets; 7] = [SignIn, Missing, Missing, Missing, It, Missing, SignIn];
    const OWNERS: [Gets; 7] = [Unauthorised, Missing, Missing, Missing, It, Missing, Unauthorised];
    // For those who are in it.
    const MEMBERS_PAGE: [Gets; 7] = [SignIn, Missing, It, It, Missing, Missing, SignIn];
    const MISSING_PAGE: [Gets; 7] = [SignIn, Missing, Missing, Missing, Missing, Missing, SignIn];
    const MEMBERS: [Gets; 7] = [Unauthorised, Missing, It, It, Missing, Missing, Unauthorised];
    const THEIRS_PAGE: Where = In([MEMBERS_PAGE, MEMBERS_PAGE, PAGE, MISSING_PAGE]);
    const THEIRS: Where = In([MEMBERS, MEMBERS, CALL, MISSING]);
    // For those who look after it.
    const CREATORS: [Gets; 7] = [Unauthorised, Forbidden, Forbidden, It, Forbidden, Forbidden, Unauthorised];
    const CREATORS_AND_OWNERS: [Gets; 7] = [Unauthorised, Forbidden, Forbidden, It, It, Forbidden, Unauthorised];
    const HIDDEN: [Gets; 7] = [Unauthorised, Missing, Forbidden, It, Missing, Missing, Unauthorised];
    const OWNERS_GENERAL: [Gets; 7] = [Unauthorised, Forbidden, Forbidden, Forbidden, It, Forbidden, Unauthorised];
    const LOOKED_AFTER: Where = In([CREATORS, HIDDEN, FORBIDDEN, MISSING]);
    const ID: &[(&str, &str)] = &[("conversation", "{id}")];
    const SPARE: &[(&str, &str)] = &[("conversation", "{id}"), ("user", "{spare}")];
    const ONE: &[(&str, &str)] = &[("conversation", "{id}"), ("user", "{member}")];
    const USER: &[(&str, &str)] = &[("user", "{spare}")];
    &[
        // Pages.
        Row("/", &[], Anywhere(PAGE)),
        Row("/diagnostics", &[], Anywhere(PAGE)),
        Row("/devices", &[], Anywhere(PAGE)),
        Row("/password", &[], Anywhere(PAGE)),
        Row("/people", &[], Anywhere(PAGE)),
        Row("/find", &[], Anywhere(PAGE)),
        // Accounts are open to everybody here: nobody invites.
        Row("/invitations", &[], Anywhere(MISSING_PAGE)),
        Row("/rooms", &[], Anywhere(PAGE)),
        Row("/rooms/new", &[], Anywhere(PAGE)),
        Row("/accounts", &[], Anywhere(OWNERS_PAGE)),
        Row("/sign-in", &[], Anywhere(ENTRY)),
        Row("/register", &[], Anywhere(ENTRY)),
        Row("/c/{id}", &[], THEIRS_PAGE),
        Row("/c/{id}/about", &[], In([PAGE, MEMBERS_PAGE, PAGE, MISSING_PAGE])),
        // Who one is.
        Row("/api/register", &[], Anywhere(FORM)),
        Row("/api/sign-in", &[], Anywhere(FORM)),
        Row("/api/sign-out", &[], Anywhere(CALL)),
        Row("/api/who-am-i", &[], Anywhere(OPEN)),
        Row("/api/admission", &[], Anywhere(OPEN)),
        Row("/api/invitations", &[], Anywhere(MISSING)),
        Row("/api/create-invitation", &[("days", "7"), ("uses", "5")], Anywhere(MISSING)),
        Row("/api/revoke-invitation", &[("invitation", "1")], Anywhere(MISSING)),
        Row("/api/allow-inviting", USER, Anywhere(OWNERS)),
        Row("/api/end-inviting", USER, Anywhere(OWNERS)),
        Row("/api/devices", &[], Anywhere(CALL)),
        Row("/api/sign-out-device", &[("device", "1")], Anywhere(MISSING)),
        Row("/api/sign-out-elsewhere", &[], Anywhere(CALL)),
        Row("/api/change-password", &[], Anywhere(REFUSAL)),
        Row("/api/accounts", &[], Anywhere(OWNERS)),
        Row("/api/disable-account", USER, Anywhere(OWNERS)),
        Row("/api/enable-account", USER, Anywhere(OWNERS)),
        Row("/api/server-page", &[("page", "/devices")], Anywhere(CALL)),
        Row("/api/server-page", &[("page", "/accounts")], Anywhere(OWNERS)),
        Row("/api/server-page", &[("page", "/invitations")], Anywhere(MISSING)),
        Row("/api/server-page", &[("page", "/rooms")], Anywhere(CALL)),
        Row("/api/server-page", &[("page", "/rooms/new")], Anywhere(CALL)),
        Row("/api/server-page", &[("page", "/people")], Anywhere(CALL)),
        Row("/api/server-page", &[("page", "/find")], Anywhere(CALL)),
        Row("/api/server-page", &[("page", "/c/{id}/about")], In([CALL, MEMBERS, CALL, MISSING])),
        Row("/api/server-page", &[("page", "/diagnostics")], Anywhere(MISSING)),
        // Conversations.
        Row("/api/open-conversation", ID, THEIRS),
        Row("/api/list-members", ID, THEIRS),
        Row("/api/room-details", ID, In([CALL, MEMBERS, CALL, MISSING])),
        Row("/api/post-message", &[("conversation", "{id}"), ("id", "{message}"), ("body", "hello")], THEIRS),
        Row("/api/join-room", ID, In([CALL, MEMBERS, CALL, MISSING])),
        Row("/api/leave-room", ID, In([MEMBERS, MEMBERS, FORBIDDEN, MISSING])),
        Row("/api/add-member", SPARE, LOOKED_AFTER),
        Row("/api/remove-member", ONE, LOOKED_AFTER),
        Row("/api/transfer-room", ONE, LOOKED_AFTER),
        Row("/api/delete-room", ID, In([CREATORS_AND_OWNERS, HIDDEN, FORBIDDEN, MISSING])),
        Row(
            "/api/change-room",
            &[("conversation", "{id}"), ("name", "{name}")],
            In([CREATORS, HIDDEN, OWNERS_GENERAL, MISSING]),
        ),
        Row("/api/create-room", &[("name", "")], Anywhere(REFUSAL)),
        Row("/api/browse-rooms", &[], Anywhere(CALL)),
        Row("/api/list-people", &[], Anywhere(CALL)),
        Row("/api/open-direct", USER, Anywhere(CALL)),
        Row("/api/open-direct", &[("user", "9999")], Anywhere(MISSING)),
        // The others.
        Row("/health", &[], Anywhere(OPEN)),
        Row("/ws", &[], Anywhere(REFUSAL)),
        // Not there at all: strangers learn nothing.
        Row("/nowhere", &[], Anywhere(MISSING_PAGE)),
        Row("/api/nowhere", &[], Anywhere(MISSING)),
    ]
};

/// A server with everyone who stands differently towards its rooms.
pub struct Cast {
    pub chat: Chat,
    /// By [`ROLES`].
    pub people: Vec<Person>,
}

const NAMES: [&str; 7] = ["", "sam", "mia", "ana", "olga", "rik", "dan"];
/// Who has registered first, and so is the owner, and so on.
const ORDER: [&str; 9] = ["olga", "ana", "mia", "rik", "sam", "dan", "pat", "xenia", "yann"];

pub fn user(name: &str) -> UserId {
    UserId(ORDER.iter().position(|known| *known == name).unwrap() as i64 + 1)
}

impl Cast {
    pub async fn meet() -> Self {
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
        Cast { chat, people }
    }

    /// The conversation: a room is a new one, whatever happened to the last.
    pub async fn place(&self, place: Place) -> ConversationId {
        let writer = &self.chat.core.writer;
        match place {
            Place::General => return ConversationId(1),
            Place::Direct => return writer.open_direct(user("xenia"), user("yann")).await.unwrap(),
            Place::Public | Place::Private => {}
        }
        let (ana, name) = (user("ana"), format!("Harbour {}", message_id()));
        let id = room(&self.chat.core, ana, &name, place == Place::Private).await.unwrap();
        for step in [RoomCommand::Add(user("mia")), RoomCommand::Add(user("rik")), RoomCommand::Remove(user("rik"))] {
            writer.change_room(ana, id, step).await.unwrap();
        }
        id
    }

    async fn call(&self, role: usize, Row(path, arguments, _): &Row, id: ConversationId) -> (Gets, String) {
        let fill = |text: &str| {
            text.replace("{id}", &id.to_string())
                .replace("{member}", &user("mia").to_string())
                .replace("{spare}", &user("pat").to_string())
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
        let gets = match status {
            StatusCode::SEE_OTHER | StatusCode::FOUND if leads.starts_with("/sign-in") && *path != "/api/sign-out" => {
                Gets::SignIn
            }
            StatusCode::SEE_OTHER if leads == "/" => Gets::Away,
            StatusCode::UNAUTHORIZED => {
                let error: Error = serde_json::from_str(&text).unwrap();
                if error.code == Code::SignInRequired { Gets::Unauthorised } else { Gets::Refusal }
            }
            StatusCode::FORBIDDEN => Gets::Forbidden,
            StatusCode::NOT_FOUND => Gets::Missing,
            status if status.is_client_error() => Gets::Refusal,
            status if status.is_success() || status == StatusCode::FOUND => Gets::It,
            other => panic!("{} got {other} from {path}: {text}", ROLES[role]),
        };
        (gets, without_chance(&text, id))
    }

    async fn expects(&mut self, row: &Row, place: Option<Place>, expected: [Gets; 7]) {
        for (role, expected) in expected.into_iter().enumerate() {
            let id = match place {
                Some(place) => self.place(place).await,
                None => ConversationId(1),
            };
            let (got, text) = self.call(role, row, id).await;
            assert_eq!(got, expected, "{} at {} {:?} in {place:?}: {text}", ROLES[role], row.0, row.1);
            if got == Gets::Missing && place.is_some() {
                let nowhere = self.call(role, row, ConversationId(123_456_789)).await;
                assert_eq!((got, text), nowhere, "{} can tell that {} is there: {place:?}", ROLES[role], row.0);
            }
            // One person looks after a hundred rooms at most. (One that was handed over is another's, or is gone.)
            if matches!(place, Some(Place::Public | Place::Private)) {
                self.chat.core.writer.change_room(user("ana"), id, RoomCommand::Delete).await.ok();
            }
            // Who has signed out comes back for the next call.
            if row.0 == "/api/sign-out" && role != NOBODY && role != DISABLED {
                self.people[role] = self.chat.device(NAMES[role]).await;
            }
        }
    }
}

/// A page without what is different each time: its nonce, and the number that was asked for.
fn without_chance(text: &str, id: ConversationId) -> String {
    let without = |text: &str, before: &str| {
        let mut parts = text.split(before);
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('"').map_or(part, |(_, rest)| rest));
        rest.fold(first, |text, part| text + part)
    };
    let text = without(&without(text, "nonce=\""), "crossorigin=\"");
    // The number itself, and not one that begins with it.
    ['"', '/', '?', '\\']
        .iter()
        .fold(text, |text, end| text.replace(&format!("/c/{id}{end}"), &format!("/c/{{id}}{end}")))
}

#[tokio::test]
async fn every_path_answers_every_role_as_in_the_table_and_no_path_is_missing_from_it() {
    for path in router::paths() {
        assert!(ROWS.iter().any(|Row(known, ..)| *known == path), "{path} is not in the table");
    }
    let mut cast = Cast::meet().await;
    for row in ROWS {
        match row.2 {
            Where::Anywhere(expected) => cast.expects(row, None, expected).await,
            Where::In(expected) => {
                let places = [Place::Public, Place::Private, Place::General, Place::Direct];
                for (place, expected) in places.into_iter().zip(expected) {
                    cast.expects(row, Some(place), expected).await;
                }
            }
        }
    }
}
