//! Names: characters that a database cannot hold, look-alikes, and finding names by a part of them.

use crate::rooms::room;
use crate::support::chat::{PASSWORD, refused};
use crate::support::core::account;
use crate::support::{Chat, Person, each_database};
use hubbub::model::page::PAGE;
use hubbub::model::room::{RoomDetails, RoomForm};
use hubbub::model::user::RESERVED_REFUSAL;
use hubbub::model::{Accounts, Error, Field, PersonPage, RoomPage, UserId};
use hubbub::server::chat::{rooms, search};
use hubbub::server::store::users::NewUser;
use reqwest::StatusCode;

async fn a_login_with_a_nul_belongs_to_no_account(url: String) {
    let chat = Chat::over(&url).await;
    chat.user("ana").await;
    for (login, password) in [
        ("ana\0", PASSWORD),
        ("\0", PASSWORD),
        ("ana\0@harbour.example", PASSWORD),
        ("ana@harbour.example\0", PASSWORD),
        ("ana", "\0"),
    ] {
        let answer = refused(chat.stranger().call("sign-in", &[("login", login), ("password", password)]).await).await;
        assert_eq!(answer, (StatusCode::UNAUTHORIZED, Error::wrong_credentials()), "{login:?} {password:?}");
    }
}
each_database!(a_login_with_a_nul_belongs_to_no_account);

async fn a_registration_with_a_nul_is_refused_under_the_field_that_has_it(url: String) {
    let chat = Chat::over(&url).await;
    let good = [
        ("username", "ana"),
        ("first_name", "Ana"),
        ("last_name", "Ruiz"),
        ("email", "ana@harbour.example"),
        ("password", PASSWORD),
    ];
    for (name, field, says) in [
        ("username", Field::Username, "Only letters, digits, dots, underscores and hyphens, please."),
        ("first_name", Field::FirstName, "This name contains characters that cannot be shown."),
        ("last_name", Field::LastName, "This name contains characters that cannot be shown."),
        ("email", Field::Email, "This does not look like an email address."),
    ] {
        for (head, tail) in [("\0", ""), ("", "\0"), ("A\0", "")] {
            let form = good
                .map(|(key, text)| (key, if key == name { format!("{head}{text}{tail}") } else { text.to_owned() }));
            let form = form.each_ref().map(|(key, text)| (*key, text.as_str()));
            let (status, error) = refused(chat.stranger().call("register", &form).await).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
            assert_eq!((error.of(field), error.fields.len()), (Some(says), 1), "{form:?}");
        }
    }
}
each_database!(a_registration_with_a_nul_is_refused_under_the_field_that_has_it);

/// Its hash alone is kept, so it may hold anything; what comes after a NUL counts like what comes before.
async fn a_password_with_a_nul_is_a_password_like_any_other(url: String) {
    let chat = Chat::over(&url).await;
    let password = format!("{PASSWORD}\0tail");
    let form = [
        ("username", "ana"),
        ("first_name", "Ana"),
        ("last_name", "Ruiz"),
        ("email", "ana@harbour.example"),
        ("password", password.as_str()),
    ];
    assert_eq!(chat.stranger().call("register", &form).await.status(), StatusCode::OK);
    let sign_in = async |password: &str| {
        chat.stranger().call("sign-in", &[("login", "ana"), ("password", password)]).await.status()
    };
    assert_eq!(sign_in(&password).await, StatusCode::OK);
    assert_eq!(sign_in(PASSWORD).await, StatusCode::UNAUTHORIZED);
}
each_database!(a_password_with_a_nul_is_a_password_like_any_other);

/// All of these pass for letters and digits; only how they look gives them away.
#[tokio::test]
async fn a_look_alike_of_a_reserved_username_is_refused_like_the_reserved_one() {
    let chat = Chat::start().await;
    let reserved = refused(chat.stranger().register("admin").await).await;
    assert_eq!(
        (reserved.0, reserved.1.of(Field::Username)),
        (StatusCode::UNPROCESSABLE_ENTITY, Some(RESERVED_REFUSAL))
    );
    for username in [
        // Capitals, which are kept small.
        "ADMIN",
        // Digits.
        "r00t",
        "a11",
        "he1p",
        "0wner",
        // A letter for two, and two for a letter.
        "rnoderator",
        "systern",
        // Cyrillic, Greek, full-width.
        "аdmin",
        "ѕuрроrt",
        "rοοt",
        "ｈｕｂｂｕｂ",
        "ＡＤＭＩＮ",
        "nо-rерlу",
    ] {
        let answer = refused(chat.stranger().register(username).await).await;
        assert_eq!(answer, reserved, "{username}");
    }
    // A name that differs to the eye is free.
    chat.user("admin2").await;
}

async fn names_are_found_whatever_their_case_and_their_diacritics(url: String) {
    let chat = Chat::over(&url).await;
    let ana = chat.user("ana").await;
    let people = [
        ("guest.one", "Inês", "Carvalho"),
        ("guest.two", "Lena", "Ångström"),
        ("guest.three", "So%en", "Na_me"),
        ("guest.four", "نُور", "Ali"),
    ];
    for (username, first_name, last_name) in people {
        let user = NewUser { first_name: first_name.into(), last_name: last_name.into(), ..account(username) };
        chat.core.writer.register(user).await.unwrap();
    }
    let harbour = room(&chat.core, UserId(1), "Hafen-Überfahrten", false).await.unwrap();
    let form = RoomForm { name: "Cafés".into(), topic: "Crème brûlée".into() };
    rooms::change(&chat.core, UserId(1), harbour, &form).await.unwrap();
    for user in 2..=3 {
        rooms::add_member(&chat.core, UserId(1), harbour, UserId(user)).await.unwrap();
    }
    let usernames = |page: PersonPage| page.rows.into_iter().map(|person| person.username).collect::<Vec<_>>();
    let found = async |person: &Person, search: &str| {
        usernames(person.ask("list-people", &[("search", search)]).await).join(" ")
    };
    for (query, expected) in [
        ("INES", "guest.one"),
        ("inês", "guest.one"),
        ("Ine\u{302}s c", "guest.one"),
        ("angstrom", "guest.two"),
        ("ÅNG", "guest.two"),
        ("نور", "guest.four"),
        // Signs that mean something to a database.
        ("%", "guest.three"),
        ("a_m", "guest.three"),
        ("o_en", ""),
        ("o\\", ""),
        ("'", ""),
        // Words in any order, all of them, and nothing that no name can hold.
        ("carvalho ines", "guest.one"),
        ("carvalho lena", ""),
        ("ines\0", ""),
        ("ines carvalho\ncarvalho", ""),
    ] {
        assert_eq!(found(&ana, query).await, expected, "{query:?}");
    }
    // The other searches, by the same rule.
    let rooms: RoomPage = ana.ask("browse-rooms", &[("search", "cafes")]).await;
    assert_eq!(rooms.rows.len(), 1);
    let rooms: RoomPage = ana.ask("browse-rooms", &[("search", "BRULEE")]).await;
    assert_eq!(rooms.rows.len(), 1, "by the topic");
    let rooms: RoomPage = ana.ask("browse-rooms", &[("search", "uberfahrten")]).await;
    assert_eq!(rooms.rows.len(), 0, "the name it had");
    let place = harbour.to_string();
    let members = ana.ask("list-members", &[("conversation", &place), ("search", "ines")]).await;
    assert_eq!(usernames(members), ["guest.one"]);
    let details: RoomDetails = ana.ask("room-details", &[("conversation", &place), ("search", "نور")]).await;
    assert_eq!(details.candidates.len(), 1);
    let accounts: Accounts = ana.ask("accounts", &[("search", "Angs")]).await;
    assert_eq!(accounts.entries.len(), 1, "by the beginning of the last name");
    let results = search::find(&chat.core, UserId(1), "cafes").await.unwrap();
    assert_eq!(results.conversations.len(), 1);
    let results = search::find(&chat.core, UserId(1), "angstrom").await.unwrap();
    assert_eq!(results.people.len(), 1);
    chat.core.close().await;
}
each_database!(names_are_found_whatever_their_case_and_their_diacritics);

async fn people_whose_names_begin_with_what_is_searched_for_come_first_on_all_pages(url: String) {
    let chat = Chat::over(&url).await;
    let ana = chat.user("ana").await;
    // Among the others, each second name begins with "ber"; by their first names they would take turns.
    let many = PAGE + 10;
    for number in 0..many {
        let last_name = if number % 2 == 0 { "Bergström" } else { "Oberlin" };
        let (first_name, last_name) = (format!("P{number:03}"), last_name.to_owned());
        let user = NewUser { first_name, last_name, ..account(&format!("guest{number:03}")) };
        chat.core.writer.register(user).await.unwrap();
    }
    let mut found: Vec<hubbub::model::Person> = Vec::new();
    let mut after = String::new();
    loop {
        let page: PersonPage = ana.ask("list-people", &[("search", "ber"), ("after", &after)]).await;
        found.extend(page.rows);
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(found.len(), many);
    let (first, rest) = found.split_at(many / 2);
    assert!(first.iter().all(|person| person.last_name == "Bergström"), "{first:?}");
    assert!(rest.iter().all(|person| person.last_name == "Oberlin"), "{rest:?}");
    for part in [first, rest] {
        assert!(part.is_sorted_by(|one, other| one.first_name < other.first_name), "{part:?}");
    }
    // The few that are offered to be added to a room are the best ones.
    let harbour = room(&chat.core, UserId(1), "Harbour", false).await.unwrap();
    let place = harbour.to_string();
    let details: RoomDetails = ana.ask("room-details", &[("conversation", &place), ("search", "lin p001")]).await;
    assert_eq!(details.candidates.len(), 1);
    let details: RoomDetails = ana.ask("room-details", &[("conversation", &place), ("search", "ber")]).await;
    assert_eq!(details.candidates.len(), 8);
    assert!(details.candidates.iter().all(|person| person.last_name == "Bergström"), "{:?}", details.candidates);
    chat.core.close().await;
}
each_database!(people_whose_names_begin_with_what_is_searched_for_come_first_on_all_pages);
