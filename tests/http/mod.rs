//! Pages, server functions and live frames: who may (`roles`, `frames`), and what the refusals say.

mod first_run;
mod frames;
mod public_room;
mod roles;

use crate::support::chat::{PASSWORD, refused};
use crate::support::{Chat, message_id};
use hubbub::model::{Code, Error, Field, UserId};
use hubbub::server::config::Registration;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, HOST, HeaderMap, IF_NONE_MATCH, LOCATION, ORIGIN, SET_COOKIE};

#[tokio::test]
async fn a_registration_is_refused_in_the_words_of_the_form_all_fields_at_once() {
    let chat = Chat::start().await;
    let (status, error) = refused(
        chat.stranger()
            .call(
                "register",
                &[
                    ("username", "a b"),
                    ("first_name", ""),
                    ("last_name", " "),
                    ("email", "x"),
                    ("password", "password1"),
                ],
            )
            .await,
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = |field| error.of(field).unwrap_or_default();
    assert_eq!(said(Field::Username), "Only letters, digits, dots, underscores and hyphens, please.");
    assert_eq!(said(Field::FirstName), "Please give your first name.");
    assert_eq!(said(Field::LastName), "Please give your last name.");
    assert_eq!(said(Field::Email), "This does not look like an email address.");
    assert_eq!(said(Field::Password), "A password needs a capital letter.");
}

#[tokio::test]
async fn taken_names_are_told_under_their_fields() {
    let chat = Chat::start().await;
    chat.user("ana").await;
    let (_, error) = refused(chat.stranger().register("ANA").await).await;
    assert_eq!(error.of(Field::Username), Some("This username is taken, or looks like one that is."));
    assert_eq!(error.of(Field::Email), Some("An account with this email address exists already."));
}

#[tokio::test]
async fn where_registration_is_closed_it_says_so() {
    let chat = Chat::start_with(|settings| settings.registration = Registration::Closed).await;
    let (status, error) = refused(chat.stranger().register("ana").await).await;
    assert_eq!(
        (status, error.message.as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "Accounts here are made by the operator. Please ask them for one.")
    );
}

#[tokio::test]
async fn one_signs_in_by_username_or_email_and_a_wrong_password_gets_the_answer_of_an_unknown_account() {
    let chat = Chat::start().await;
    chat.user("ana").await;
    for login in ["ana", "ANA", "Ana@Harbour.Example"] {
        let answer = chat.stranger().call("sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert!(answer.status().is_success(), "{login}: {}", answer.status());
        assert!(answer.headers().contains_key(SET_COOKIE));
    }
    let wrong = refused(chat.stranger().call("sign-in", &[("login", "ana"), ("password", "Harbour-78")]).await).await;
    let unknown = refused(chat.stranger().call("sign-in", &[("login", "tom"), ("password", "Harbour-78")]).await).await;
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, (StatusCode::UNAUTHORIZED, Error::wrong_credentials()));
}

#[tokio::test]
async fn guessing_is_slowed_down_with_the_time_to_wait() {
    let chat = Chat::start().await;
    let mut last = None;
    for _ in 0..11 {
        last = Some(chat.stranger().call("sign-in", &[("login", "ana"), ("password", "x")]).await);
    }
    let answer = last.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() <= 30);
}

#[tokio::test]
async fn the_session_s_cookie_is_kept_from_scripts_and_other_sites_and_is_new_at_every_sign_in() {
    let chat = Chat::start_with(|settings| settings.url = Some("https://chat.example".into())).await;
    let mut person = chat.stranger();
    person.client = reqwest::Client::builder()
        .cookie_store(true)
        .default_headers(HeaderMap::from_iter([(ORIGIN, "https://chat.example".parse().unwrap())]))
        .build()
        .unwrap();
    let mut seen = Vec::new();
    for answer in
        [person.register("ana").await, person.call("sign-in", &[("login", "ana"), ("password", PASSWORD)]).await]
    {
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=259"] {
            assert!(cookie.contains(attribute), "{attribute} is missing from {cookie}");
        }
        seen.push(cookie.split(';').next().unwrap().to_owned());
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let chat = Chat::start().await;
    let mut person = chat.user("ana").await;
    let before = person.cookie.clone();
    let answer = person.call("sign-in", &[("login", "ana"), ("password", PASSWORD)]).await;
    person.keep_cookie(&answer);
    assert_ne!(before, person.cookie);
    let plain = reqwest::Client::new();
    let who = async |cookie: &str| {
        let request =
            plain.post(format!("{}/api/who-am-i", person.site)).header(ORIGIN, &person.site).header("cookie", cookie);
        request.send().await.unwrap().text().await.unwrap()
    };
    assert_eq!(who(&before).await, "null");
    assert!(who(&person.cookie).await.contains("\"ana\""));
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    assert!(person.call("sign-out", &[]).await.status().is_success());
    let request = reqwest::Client::new().post(format!("{}/api/who-am-i", person.site)).header(ORIGIN, &person.site);
    assert_eq!(request.header("cookie", &person.cookie).send().await.unwrap().text().await.unwrap(), "null");
}

#[tokio::test]
async fn one_is_led_back_to_where_one_wanted_to_go_and_nowhere_else() {
    let chat = Chat::start().await;
    chat.user("ana").await;
    let stranger = chat.stranger();
    let answer = stranger.get("/c/1?before=51").await;
    assert_eq!(answer.headers()[LOCATION], "/sign-in?next=/c/1%3Fbefore%3D51");
    for (next, leads) in [("/c/1?before=51", "/c/1?before=51"), ("https://evil.example", "/"), ("//evil.example", "/")]
    {
        let form = [("login", "ana"), ("password", PASSWORD), ("next", next)];
        let request = chat.stranger();
        let answer = request
            .client
            .post(format!("{}/api/sign-in", request.site))
            .header("accept", "text/html")
            .form(&form)
            .send()
            .await
            .unwrap();
        assert_eq!((answer.status(), answer.headers()[LOCATION].to_str().unwrap()), (StatusCode::FOUND, leads));
    }
}

#[tokio::test]
async fn a_write_from_another_site_is_refused_before_anything_is_read() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let bare = reqwest::Client::new();
    for origin in [Some("http://evil.example"), Some("null"), None] {
        let mut request = bare.post(format!("{}/api/sign-out", person.site)).header("cookie", &person.cookie);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert!(person.call("who-am-i", &[]).await.text().await.unwrap().contains("\"ana\""), "still signed in");
}

#[tokio::test]
async fn a_message_posted_by_form_stands_once_however_often_it_is_sent() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let id = message_id().to_string();
    for _ in 0..2 {
        let answer =
            person.call("post-message", &[("conversation", "1"), ("id", &id), ("body", "hello\r\nthere")]).await;
        assert!(answer.status().is_success(), "{}", answer.status());
    }
    let opened = person.call("open-conversation", &[]).await.text().await.unwrap();
    assert_eq!(opened.matches("hello\\nthere").count(), 1, "{opened}");
    let (status, error) =
        refused(person.call("post-message", &[("conversation", "1"), ("id", &id), ("body", "other")]).await).await;
    assert_eq!((status, error), (StatusCode::CONFLICT, Error::conflict()));
}

#[tokio::test]
async fn malformed_arguments_are_refused_without_telling_of_the_inside() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    for arguments in [vec![("conversation", "x"), ("id", "1"), ("body", "b")], vec![("conversation", "1")], vec![]] {
        let (status, error) = refused(person.call("post-message", &arguments).await).await;
        assert_eq!((status, error.code), (StatusCode::UNPROCESSABLE_ENTITY, Code::Invalid));
        assert!(!error.message.contains("missing field") && !error.message.contains("serde"), "{}", error.message);
    }
    let id = message_id().to_string();
    let long = "x".repeat(100_000);
    let (_, error) =
        refused(person.call("post-message", &[("conversation", "1"), ("id", &id), ("body", &long)]).await).await;
    assert_eq!(error.of(Field::Body), Some("A message holds up to 8000 characters; this is 92000 over."));
    let huge =
        person.call("post-message", &[("conversation", "1"), ("id", &id), ("body", &"x".repeat(1_000_000))]).await;
    assert!(huge.status().is_client_error(), "{}", huge.status());
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    for path in ["/", "/sign-in", "/health", "/nowhere"] {
        let answer = person.get(path).await;
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"), "{path}");
        assert!(headers["server-timing"].to_str().unwrap().starts_with("total;dur="), "{path}");
    }
    let page = person.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self' 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
}

#[tokio::test]
async fn names_in_a_document_s_title_are_text() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let id = crate::rooms::room(&chat.core, UserId(1), "</title><img src=x> & co", false).await.unwrap();
    let page = person.get(&format!("/c/{id}")).await.text().await.unwrap();
    assert!(page.contains("<title>&lt;/title&gt;&lt;img src=x&gt; &amp; co · Hubbub</title>"), "{page}");
    assert!(!page.contains("<img src=x>"), "{page}");
}

#[tokio::test]
async fn the_site_s_files_need_no_session_and_are_fetched_once() {
    let chat = Chat::start().await;
    let stranger = chat.stranger();
    let page = stranger.get("/register").await.text().await.unwrap();
    let (_, style) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let style = style.split('"').next().unwrap();
    let first = stranger.get(style).await;
    assert_eq!(
        (first.status(), first.headers()["content-type"].to_str().unwrap()),
        (StatusCode::OK, "text/css; charset=utf-8")
    );
    let tag = first.headers()["etag"].clone();
    let again =
        stranger.client.get(format!("{}{style}", stranger.site)).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

/// A page of a stranger's site can lead its own name to this server's address (DNS rebinding); for the browser, the
/// server then is a part of that site.
#[tokio::test]
async fn a_name_that_anybody_can_own_is_answered_only_where_it_is_the_public_address() {
    let chat = Chat::start().await;
    let stranger = chat.stranger();
    let page = async |chat: &Chat, host: &str| {
        let request = chat.stranger().client.get(format!("http://{}/register", chat.address)).header(HOST, host);
        let answer = request.header("accept", "text/html").send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let (status, text) = page(&chat, "rebound.example:3000").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(text.contains("rebound.example") && text.contains("HUBBUB_URL"), "it says what to set: {text}");
    let register = stranger.client.post(format!("{}/api/register", stranger.site)).header(HOST, "rebound.example:3000");
    let register = reqwest::Client::new().execute({
        let mut request = register.form(&[("username", "eve")]).build().unwrap();
        request.headers_mut().insert(ORIGIN, "http://rebound.example:3000".parse().unwrap());
        request
    });
    let (status, error) = refused(register.await.unwrap()).await;
    assert_eq!((status, error.code), (StatusCode::FORBIDDEN, Code::Forbidden));
    for host in ["localhost:3000", "192.168.0.7", "[::1]:3000", "nas", "chat.local", "chat.home.arpa"] {
        assert_eq!(page(&chat, host).await.0, StatusCode::OK, "{host}");
    }
    let health = stranger.client.get(format!("{}/health", stranger.site)).header(HOST, "rebound.example");
    assert_eq!(health.send().await.unwrap().status(), StatusCode::OK, "monitoring may use any name");

    // With a public address, the check of the origin needs no trust in `Host`.
    let chat = Chat::start_with(|settings| settings.url = Some("https://chat.example".into())).await;
    assert_eq!(page(&chat, "chat.example").await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_forms_of_a_file_do_not_share_a_strong_tag() {
    let chat = Chat::start().await;
    let stranger = chat.stranger();
    let page = stranger.get("/register").await.text().await.unwrap();
    let (_, style) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let style = style.split('"').next().unwrap();
    let get = async |coding: &str, known: Option<&str>| {
        let request = stranger.client.get(format!("{}{style}", stranger.site)).header(ACCEPT_ENCODING, coding);
        let request = known.into_iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, tag));
        let answer = request.send().await.unwrap();
        let text = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert!(text("vary").unwrap().to_lowercase().contains("accept-encoding"), "{coding}");
        (answer.status(), text("content-encoding"), text("etag").unwrap())
    };
    for (coding, used) in
        [("identity", None), ("gzip", Some("gzip")), ("br", Some("br")), ("br;q=0, gzip", Some("gzip"))]
    {
        let (status, sent, tag) = get(coding, None).await;
        assert_eq!((status, sent.as_deref()), (StatusCode::OK, used), "{coding}");
        assert!(tag.starts_with("W/"), "a strong tag is for one sequence of bytes: {tag}");
        for other in ["identity", "gzip", "br"] {
            assert_eq!(get(other, Some(&tag)).await.0, StatusCode::NOT_MODIFIED, "{coding}, then {other}");
        }
    }
}
