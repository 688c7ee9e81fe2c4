//! Hostile names: characters that a database cannot hold, and look-alikes.

use crate::support::chat::{PASSWORD, refused};
use crate::support::{Chat, each_database};
use hubbub::model::user::RESERVED_REFUSAL;
use hubbub::model::{Error, Field};
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
