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
/// Where in a session stands which program it belongs to, and from where it began.
pub const CLIENT: &str = "client";
/// Where in a session stands the day of its last renewal.
pub const RENEWED: &str = "renewed";
/// Where axum-login keeps its own part, and in it the mark of the password.
const LOGIN: &str = "axum-login.data";
const MARK: &str = "auth_hash";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Client {
    pub agent: String,
    pub address: String,
}

/// The day of a time, counted from 1970.
pub fn day(at: Millis) -> i64 {
    at.0.div_euclid(24 * 60 * 60 * 1000)
}

/// The program of a session's data; nothing where it is not told.
pub fn client(data: &str) -> Option<Client> {
    let mut data: HashMap<String, Value> = serde_json::from_str(data).ok()?;
    serde_json::from_value(data.remove(CLIENT)?).ok()
}

/// A session's data as it goes on under another password.
///
/// # Errors
/// `SignInRequired` when nobody is signed in by it.
pub fn under(data: &str, user: &SignedIn) -> std::result::Result<String, crate::model::Error> {
    let renewed = || {
        let mut data: Value = serde_json::from_str(data).ok()?;
        *data.get_mut(LOGIN)?.get_mut(MARK)? = Value::from(user.session_auth_hash());
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

/// Notes that a session is in use, and renews it once a day: more often would cost a synchronised write a request.
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
    fn under_another_password_a_session_s_data_differs_by_its_mark_alone() {
        let (old, new) = (SignedIn::new(UserId(7), "old"), SignedIn::new(UserId(7), "new"));
        let data = |user: &SignedIn| {
            let login = json!({ "user_id": 7, MARK: user.session_auth_hash() });
            json!({ CLIENT: { "agent": "a", "address": "b" }, RENEWED: 5, LOGIN: login })
        };
        let renewed = under(&data(&old).to_string(), &new).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&renewed).unwrap(), data(&new));
        assert!(under("{}", &new).is_err(), "nobody is signed in by it");
    }
}
