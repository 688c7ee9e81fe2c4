//! Checks on every request: the name that it is for, its origin, and whether it needs a session.

use super::auth::{AuthSession, local_path};
use super::config::{Registration, Settings};
use super::store::installation;
use super::{Core, query};
use crate::model::{Code, Error, Route};
use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::http::header::{ACCEPT, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::Arc;

/// The paths that need no session; all others do, including unknown ones.
pub const PUBLIC_PATHS: &[&str] =
    &["/sign-in", "/register", "/health", "/api/register", "/api/sign-in", "/api/who-am-i", "/api/admission"];

/// An error as an HTTP answer.
pub fn refusal(status: StatusCode, error: &Error) -> Response {
    (status, axum::Json(error)).into_response()
}

/// The HTTP status of an error.
pub fn status(error: &Error) -> StatusCode {
    match error.code {
        Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::WrongCredentials | Code::SignInRequired => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::NotMember => StatusCode::FORBIDDEN,
        Code::Conflict => StatusCode::CONFLICT,
        Code::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal | Code::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Refuses requests for a name that a stranger may have led here, where the settings have no public address.
///
/// Any site can let its own name point to an address in the visitor's network (DNS rebinding). The visitor's browser
/// then takes this server for a part of that site: its scripts may register here and read everything, with an `Origin`
/// that equals the `Host`. With a public address, `Origin` is compared with that instead.
pub async fn known_host(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    if settings.url.is_some() {
        return next.run(request).await;
    }
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if is_local_name(host) {
        return next.run(request).await;
    }
    let error = Error::refused(format!(
        "This server does not know that it is called {host:?}. Its operator can set its public address: \
        HUBBUB_URL, --url, or `url` in hubbub.toml."
    ));
    if is_page(&request) {
        return (StatusCode::FORBIDDEN, error.message).into_response();
    }
    refusal(StatusCode::FORBIDDEN, &error)
}

/// Whether the `Host` of a request is an IP address, which no DNS is asked for, or a name that only the local network can
/// give: one without dots, or below a domain that is set aside for local use and that nobody can register (RFC 6761, RFC
/// 6762, RFC 8375, `.internal`), or is used like that by many routers and does not exist in the public DNS (`.lan`).
fn is_local_name(host: &str) -> bool {
    const LOCAL: [&str; 5] = ["localhost", "local", "home.arpa", "internal", "lan"];
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
    if name.is_empty() || host.contains('@') {
        return false;
    }
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(&name);
    let is_below = |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    address.parse::<IpAddr>().is_ok() || !name.contains('.') || LOCAL.into_iter().any(is_below)
}

fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    *request.method() == Method::GET && !path.starts_with("/api/") && path != "/ws"
}

/// Refuses writes and socket upgrades that do not come from a page of this site.
pub async fn same_origin(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrades = request.uri().path() == "/ws";
    if (writes || upgrades) && !is_same_origin(request.headers(), settings.url.as_deref()) {
        return refusal(StatusCode::FORBIDDEN, &Error::forbidden());
    }
    next.run(request).await
}

/// Whether the headers say that a page of this site sent the request. `site` is the public address; without one, the
/// request's own host counts, which [`known_host`] has checked.
fn is_same_origin(headers: &HeaderMap, site: Option<&str>) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    // Browsers send it over TLS and to localhost, but not over plain HTTP in a local network.
    let fetch_site = text("sec-fetch-site".parse().unwrap_or(ORIGIN));
    if fetch_site.is_some_and(|from| from != "same-origin") {
        return false;
    }
    match headers.get(ORIGIN) {
        None => fetch_site.is_some(),
        Some(origin) => {
            let Ok(origin) = origin.to_str() else { return false };
            match site {
                Some(site) => origin.eq_ignore_ascii_case(site),
                None => {
                    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
                    authority.zip(text(HOST)).is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
                }
            }
        }
    }
}

/// The workspace's name, as documents show it.
#[derive(Clone, Debug)]
pub struct ShownWorkspace(pub String);

/// Reads the workspace's name for the documents that are rendered.
pub async fn name_workspace(State(core): State<Arc<Core>>, mut request: Request, next: Next) -> Response {
    if is_page(&request) {
        let read = async {
            let mut snapshot = core.db.snapshot().await?;
            installation::workspace_name(&mut snapshot.conn()).await
        };
        match read.await {
            Ok(name) => drop(request.extensions_mut().insert(ShownWorkspace(name))),
            // The page itself says that the database does not answer.
            Err(cause) => tracing::error!(%cause, "the workspace's name could not be read"),
        }
    }
    next.run(request).await
}

/// Redirects page requests without a session to the sign-in page (and refuses other requests), and those with a session
/// away from it. As long as nobody has an account, there is nothing to sign in to: then the page to make the first one is
/// led to.
pub async fn require_session(
    State(core): State<Arc<Core>>,
    Extension(auth): Extension<AuthSession>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let page = is_page(&request);
    if auth.user.is_some() {
        if page && matches!(path, "/sign-in" | "/register") {
            return Redirect::to(local_path(&next_of(request.uri()))).into_response();
        }
        return next.run(request).await;
    }
    // Only somebody whom the operator has just added can sign in where nobody registers.
    let signs_in = page && path == "/sign-in" && core.registration != Registration::Closed;
    let first_run = page && (signs_in || !PUBLIC_PATHS.contains(&path)) && is_without_accounts(&core).await;
    if PUBLIC_PATHS.contains(&path) && !first_run {
        return next.run(request).await;
    }
    let accepts = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_plain_form = *request.method() == Method::POST && accepts.contains("text/html");
    if page {
        let entry = if first_run { Route::Register } else { Route::SignIn };
        let asked = next_of(request.uri());
        let back = match path {
            "/sign-in" => &*asked,
            _ => request.uri().path_and_query().map_or("/", |path| path.as_str()),
        };
        if back == "/" {
            return Redirect::to(&entry.to_string()).into_response();
        }
        Redirect::to(&format!("{entry}?next={}", query::value(back))).into_response()
    } else if is_plain_form {
        Redirect::to(&Route::SignIn.to_string()).into_response()
    } else {
        refusal(StatusCode::UNAUTHORIZED, &Error::sign_in_required())
    }
}

/// Whether nobody has an account. Where the database does not answer, the page that asks to sign in says so.
async fn is_without_accounts(core: &Core) -> bool {
    core.has_accounts().await.is_ok_and(|any| !any)
}

#[derive(Deserialize)]
struct SignInQuery {
    next: String,
}

/// The page that a query names as the next one; the first page if it names none.
fn next_of(uri: &Uri) -> String {
    Query::<SignInQuery>::try_from_uri(uri).map_or_else(|_| Route::Front.to_string(), |Query(query)| query.next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_write_from_another_site_is_refused() {
        let same = |pairs: &[(&'static str, &str)], site| is_same_origin(&headers(pairs), site);
        assert!(same(&[("host", "chat.lan:3000"), ("origin", "http://chat.lan:3000")], None));
        assert!(same(&[("host", "chat.lan"), ("sec-fetch-site", "same-origin")], None));
        assert!(same(&[("host", "10.0.0.1:3000"), ("origin", "https://chat.example")], Some("https://chat.example")));

        assert!(!same(&[("host", "chat.lan")], None), "neither header");
        assert!(!same(&[("host", "chat.lan"), ("origin", "http://evil.example")], None));
        assert!(!same(&[("host", "chat.lan"), ("origin", "null")], None));
        assert!(!same(&[("host", "chat.lan"), ("origin", "http://chat.lan"), ("sec-fetch-site", "cross-site")], None));
        assert!(!same(&[("host", "chat.lan"), ("sec-fetch-site", "none")], None));
        assert!(!same(&[("host", "chat.example"), ("origin", "http://chat.example")], Some("https://chat.example")));
    }

    #[test]
    fn only_addresses_and_names_of_the_local_network_are_answered_without_a_public_address() {
        for host in [
            "127.0.0.1:3000",
            "10.0.0.1",
            "[::1]:3000",
            "[fe80::1]",
            "localhost",
            "LOCALHOST:3000",
            "localhost.",
            "nas:80",
        ] {
            assert!(is_local_name(host), "{host}");
        }
        for host in ["chat.localhost:3000", "chat.local", "chat.home.arpa", "chat.corp.internal", "chat.lan:3000"] {
            assert!(is_local_name(host), "{host}");
        }
        for host in [
            "",
            ":3000",
            ".",
            "chat.example",
            "chat.example:3000",
            "127.0.0.1.evil.example",
            "evil.example.",
            "home.arpa",
            "notlocal.evil",
            "chat.evillan",
            "127.0.0.1@evil.example",
            "nas@evil",
            "1.2.3.4.5",
            "a b",
            "[::1",
        ] {
            assert!(!is_local_name(host), "{host}");
        }
    }

    #[test]
    fn an_address_travels_through_the_query_of_the_sign_in_page_unchanged() {
        for back in ["/", "/c/7", "/c/7?before=50&x=a%20b", "/people?search=%C3%A9+%2B", "/find?search=a%26next=/b"] {
            let uri: Uri = format!("/sign-in?next={}&invite=1", query::value(back)).parse().unwrap();
            assert_eq!(next_of(&uri), back);
        }
        for nothing in ["/sign-in", "/sign-in?next", "/sign-in?nextly=/c/7"] {
            assert!(matches!(&*next_of(&nothing.parse().unwrap()), "/" | ""), "{nothing}");
        }
    }
}
