//! Sessions as rows of the project's own table, for tower-sessions.

use super::{SignedIn, session_key};
use crate::model::{Millis, UserId};
use crate::server::Core;
use crate::server::store::sessions::{self, SessionRow};
use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use axum_login::AuthUser;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

/// How long an unused session lasts.
pub const LASTS: time::Duration = time::Duration::days(30);
/// The session value with the client that it belongs to ([`Client`]).
pub const CLIENT: &str = "client";
/// The session value with the day of its last renewal ([`day`]).
pub const RENEWED: &str = "renewed";
/// The session value of axum-login, and in it the hash of the password's hash.
const LOGIN: &str = "axum-login.data";
const AUTH_HASH: &str = "auth_hash";

/// The browser or program of a session, from the request that signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Client {
    /// Its `User-Agent` header.
    pub agent: String,
    /// Its IP address.
    pub address: String,
}

/// The day of a time (UTC), counted from 1970-01-01.
pub fn day(at: Millis) -> i64 {
    at.0.div_euclid(24 * 60 * 60 * 1000)
}

/// The client in a session's data, if it has one.
pub fn client(data: &str) -> Option<Client> {
    let mut data: HashMap<String, Value> = serde_json::from_str(data).ok()?;
    serde_json::from_value(data.remove(CLIENT)?).ok()
}

/// A session's data, changed so that it stays valid under the user's new password.
///
/// # Errors
/// `SignInRequired` when nobody is signed in with it.
pub fn with_new_password(data: &str, user: &SignedIn) -> std::result::Result<String, crate::model::Error> {
    let renewed = || {
        let mut data: Value = serde_json::from_str(data).ok()?;
        *data.get_mut(LOGIN)?.get_mut(AUTH_HASH)? = Value::from(user.session_auth_hash());
        Some(data.to_string())
    };
    renewed().ok_or_else(crate::model::Error::sign_in_required)
}

#[derive(Clone, Debug)]
pub struct Sessions(Arc<Core>);

impl Sessions {
    pub fn new(core: Arc<Core>) -> Self {
        Sessions(core)
    }

    fn row(&self, record: &Record) -> Result<SessionRow> {
        let user = record.data.get(LOGIN).and_then(|login| login.get("user_id")).and_then(Value::as_i64);
        Ok(SessionRow {
            key: session_key(&record.id),
            user: user.map(UserId),
            data: serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?,
            used_at: self.0.clock.now(),
            expires_at: millis(record.expiry_date),
        })
    }
}

fn millis(at: OffsetDateTime) -> Millis {
    Millis(i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.0.writer.insert_session(self.row(record)?).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0.writer.update_session(self.row(record)?).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut snapshot = self.0.db.snapshot().await.map_err(backend)?;
        let found =
            sessions::load(&mut snapshot.conn(), &session_key(id), self.0.clock.now()).await.map_err(backend)?;
        let Some((data, expires_at)) = found else {
            return Ok(None);
        };
        let data: HashMap<String, Value> =
            serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires_at.0) * 1_000_000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.writer.delete_session(session_key(id)).await.map_err(backend)
    }
}

/// Records that a session is in use, and renews it once a day: each renewal is a durable write.
pub async fn renew(core: &Core, session: Session, request: Request, next: Next) -> Response {
    let today = day(core.clock.now());
    match session.get::<i64>(RENEWED).await {
        Ok(Some(renewed)) => {
            session.id().into_iter().for_each(|id| core.session_activity.note(session_key(&id)));
            if renewed < today
                && let Err(error) = session.insert(RENEWED, today).await
            {
                tracing::warn!(%error, "a session could not be renewed");
            }
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "a session could not be read"),
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_new_password_changes_only_the_password_s_hash_in_a_session_s_data() {
        let (old, new) = (SignedIn::new(UserId(7), "old"), SignedIn::new(UserId(7), "new"));
        let data = |user: &SignedIn| {
            let login = json!({ "user_id": 7, AUTH_HASH: user.session_auth_hash() });
            json!({ CLIENT: { "agent": "a", "address": "b" }, RENEWED: 5, LOGIN: login })
        };
        let renewed = with_new_password(&data(&old).to_string(), &new).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&renewed).unwrap(), data(&new));
        assert!(with_new_password("{}", &new).is_err(), "nobody is signed in");
    }
}
