//! Registration, sessions, passwords, devices: who is calling, signing in and out.

mod address;
mod backend;
mod devices;
pub mod form_values;
mod password_change;
mod password_strength;
mod passwords;
mod registration;
mod sessions;
mod throttle;

pub use backend::{Backend, SignedIn};
pub use devices::{devices, sign_out_device, sign_out_elsewhere};
pub use password_change::change_password;
pub use password_strength::AccountNames;
pub use passwords::Passwords;
pub use registration::{admission, hashed_user, new_user, register};
pub use sessions::{LASTS, Sessions, renew};
pub use throttle::Throttles;

use super::config::Settings;
use super::hub::Verdict;
use super::store::sessions::{self as rows, SessionKey};
use super::store::users;
use super::{Core, access, error};
use crate::model::{Error, Me, UserId};
use address::address;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, USER_AGENT};
use axum::http::request::Parts;
use backend::Credentials;
use leptos::prelude::use_context;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// The signed-in user of a request, if any, with the session.
pub type AuthSession = axum_login::AuthSession<Backend>;

/// What requests share besides the core.
#[derive(Clone, Debug)]
pub struct Auth {
    pub passwords: Passwords,
    pub throttles: Throttles,
    pub settings: Arc<Settings>,
}

/// The key under which the database knows a session: the hash of the cookie's token.
pub fn session_key(id: &tower_sessions::session::Id) -> SessionKey {
    Sha256::digest(id.0.to_be_bytes()).into()
}

/// The request that a server function or a page is answering, from its context.
struct Request {
    core: Arc<Core>,
    auth: Auth,
    session: AuthSession,
    parts: Parts,
}

fn request() -> Result<Request, Error> {
    let found = use_context::<Arc<Core>>().zip(use_context::<Auth>()).zip(use_context::<Parts>());
    let ((core, auth), parts) = found.ok_or_else(Error::unavailable)?;
    let session = parts.extensions.get::<AuthSession>().cloned().ok_or_else(Error::unavailable)?;
    Ok(Request { core, auth, session, parts })
}

/// The core and the signed-in user of the current request.
///
/// # Errors
/// `SignInRequired` without a session, `TooMany` for a flood. A request above the rate limit is delayed.
pub async fn caller() -> Result<(Arc<Core>, UserId), Error> {
    let request = request()?;
    let (user, _) = request.caller().await?;
    Ok((request.core, user))
}

/// The site's address as the current request knows it, without a slash at the end.
pub fn site() -> Result<String, Error> {
    let request = request()?;
    Ok(address::site(&request.parts, &request.auth.settings))
}

/// The signed-in user, if any.
pub async fn who_am_i() -> Result<Option<Me>, Error> {
    let request = request()?;
    let Some(user) = &request.session.user else {
        return Ok(None);
    };
    let mut snapshot = request.core.db.snapshot().await.map_err(error::reading)?;
    let account = users::find(&mut snapshot.conn(), user.id).await.map_err(error::reading)?;
    Ok(account.map(|account| access::me(&request.core, account)))
}

/// Keeps the values of a refused form, for a page without scripts.
pub fn keep_form_values(fields: &[(&str, &str)]) {
    if let Ok(request) = request() {
        form_values::keep(&request, fields);
    }
}

/// Signs in. An unknown account and a wrong password get the same answer in the same time.
pub async fn sign_in(login: &str, password: &str, next: &str) -> Result<(), Error> {
    let mut request = request()?;
    let login = login.trim();
    let signed_in = request.sign_in(login, password, next).await;
    if signed_in.is_err() {
        form_values::keep(&request, &[("login", login)]);
    }
    signed_in
}

/// Ends this session: when this returns, its live connections are closed.
pub async fn sign_out() -> Result<(), Error> {
    let mut request = request()?;
    let key = request.session.session.id().map(|id| session_key(&id));
    request.session.logout().await.map_err(session_failed)?;
    if let Some(key) = key {
        request.core.hub.close_session(&key, crate::wire::close::SESSION);
    }
    leptos_axum::redirect("/sign-in");
    Ok(())
}

impl Request {
    /// The signed-in user and their session, for requests that end sessions. These have a rate limit by session instead
    /// of by user: a thief who floods the server with a stolen session must not keep the user from ending it.
    fn caller_ending_sessions(&self) -> Result<(UserId, SessionKey), Error> {
        let (user, session) = self.signed_in()?;
        match self.core.hub.rate_limit_ending(session) {
            Verdict::Take => Ok((user, session)),
            Verdict::Wait(_) | Verdict::Flood => Err(Error::too_many(5_000)),
        }
    }

    fn signed_in(&self) -> Result<(UserId, SessionKey), Error> {
        let user = self.session.user.as_ref().map(|user| user.id);
        let (user, session) = user.zip(self.session.session.id()).ok_or_else(Error::sign_in_required)?;
        Ok((user, session_key(&session)))
    }

    /// The signed-in user and their session; delays a request above the rate limit.
    async fn caller(&self) -> Result<(UserId, SessionKey), Error> {
        let (user, session) = self.signed_in()?;
        let length = self.parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        match self.core.hub.rate_limit(user, length.unwrap_or(0)) {
            Verdict::Take => {}
            Verdict::Wait(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                // The session may have ended during the delay.
                let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
                let now = self.core.clock.now();
                let good = rows::valid_among(&mut snapshot.conn(), &[session], now).await.map_err(error::reading)?;
                if good.is_empty() {
                    return Err(Error::sign_in_required());
                }
            }
            Verdict::Flood => return Err(Error::too_many(5_000)),
        }
        Ok((user, session))
    }

    /// Whether a form without scripts sent it, whose answer must lead to a page.
    fn is_plain_form(&self) -> bool {
        let accepts = self.parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        accepts.is_some_and(|accepts| accepts.contains("text/html"))
    }

    /// Redirects a form that was sent without scripts to this page; scripts stay where they are.
    fn redirect_plain_form(&self, path: &str) {
        if self.is_plain_form() {
            leptos_axum::redirect(path);
        }
    }

    async fn sign_in(&mut self, login: &str, password: &str, next: &str) -> Result<(), Error> {
        let address = address(&self.parts, &self.auth.settings);
        self.auth.throttles.sign_in(login, address)?;
        let credentials = Credentials { login: login.to_owned(), password: password.to_owned() };
        let user = match self.session.authenticate(credentials).await {
            Ok(user) => user.ok_or_else(Error::wrong_credentials)?,
            Err(axum_login::Error::Backend(error)) => return Err(error),
            Err(axum_login::Error::Session(cause)) => return Err(error::internal("signing in", &cause)),
        };
        self.auth.throttles.signed_in(login, address);
        self.begin_session(user).await?;
        leptos_axum::redirect(local_path(next));
        Ok(())
    }

    /// Begins a new session; the one that the browser had before ends.
    async fn begin_session(&mut self, user: SignedIn) -> Result<(), Error> {
        let agent = self.parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent: String = agent.chars().take(300).collect();
        let address = address(&self.parts, &self.auth.settings).to_string();
        let session = self.session.session.clone();
        let begun = async {
            if let Some(old) = session.id() {
                session.clear().await;
                session.cycle_id().await?;
                self.core.hub.close_session(&session_key(&old), crate::wire::close::SESSION);
            }
            session.insert(sessions::CLIENT, sessions::Client { agent, address }).await?;
            session.insert(sessions::RENEWED, sessions::day(self.core.clock.now())).await
        };
        begun.await.map_err(|cause| session_failed(axum_login::Error::Session(cause)))?;
        self.session.login(&user).await.map_err(session_failed)
    }
}

fn session_failed(cause: axum_login::Error<Backend>) -> Error {
    match cause {
        axum_login::Error::Backend(error) => error,
        axum_login::Error::Session(cause) => {
            tracing::error!(%cause, "a session could not be kept");
            Error::unavailable()
        }
    }
}

/// The page to open after signing in: `next` if it is a path of this site that needs a session, otherwise the first
/// page. Anything else would let a link lead people to another site.
pub fn local_path(next: &str) -> &str {
    let safe =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    let loops = ["/sign-in", "/register", "/api/"].iter().any(|path| next.starts_with(path));
    if safe && !loops && next.is_ascii() { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_opened_after_signing_in() {
        assert_eq!(local_path("/c/1?before=5"), "/c/1?before=5");
        for refused in [
            "",
            "https://a.example",
            "//a.example",
            "/\\a.example",
            "/a\r\nb: c",
            "javascript:x",
            "/sign-in?next=/",
            "/api/sign-out",
        ] {
            assert_eq!(local_path(refused), "/", "{refused}");
        }
    }
}
