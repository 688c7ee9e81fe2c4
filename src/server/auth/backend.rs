//! The backend of axum-login: the user of a session, and checking credentials.

use super::Passwords;
use crate::model::{Email, Error, UserId, key};
use crate::server::store::users::{self, UserState};
use crate::server::{Core, error};
use axum_login::{AuthUser, AuthnBackend};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// The signed-in user of a request.
#[derive(Clone)]
pub struct SignedIn {
    pub id: UserId,
    /// The SHA-256 of the password's hash. Sessions hold it, so it must be useless to a thief.
    password: [u8; 32],
}

impl SignedIn {
    pub fn new(id: UserId, password_hash: &str) -> Self {
        SignedIn { id, password: Sha256::digest(password_hash).into() }
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {}", self.id)
    }
}

impl AuthUser for SignedIn {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id.0
    }

    /// A session is valid as long as this is unchanged, so a new password ends the sessions of the old one.
    fn session_auth_hash(&self) -> &[u8] {
        &self.password
    }
}

pub struct Credentials {
    /// A username or an email address.
    pub login: String,
    pub password: String,
}

#[derive(Clone, Debug)]
pub struct Backend {
    core: Arc<Core>,
    passwords: Passwords,
}

impl Backend {
    pub fn new(core: Arc<Core>, passwords: Passwords) -> Self {
        Backend { core, passwords }
    }
}

impl AuthnBackend for Backend {
    type User = SignedIn;
    type Credentials = Credentials;
    type Error = Error;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<SignedIn>, Error> {
        let email_key = Email::parse(&credentials.login).map(|email| email.key()).unwrap_or_default();
        // No account has such a name, and PostgreSQL refuses some control characters in a query.
        let impossible = credentials.login.chars().any(char::is_control);
        let username_key = if impossible { String::new() } else { key::lookalike_key(&credentials.login) };
        let account = if impossible {
            None
        } else {
            let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
            users::find_by_login(&mut snapshot.conn(), &username_key, &email_key).await.map_err(error::reading)?
        };
        let good = self
            .passwords
            .verify(&credentials.password, account.as_ref().map(|account| account.password_hash.as_str()))
            .await?;
        let account = account.filter(|account| good && account.state == UserState::Active);
        Ok(account.map(|account| SignedIn::new(account.me.person.id, &account.password_hash)))
    }

    async fn get_user(&self, id: &i64) -> Result<Option<SignedIn>, Error> {
        let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
        let account = users::find(&mut snapshot.conn(), UserId(*id)).await.map_err(error::reading)?;
        let account = account.filter(|account| account.state == UserState::Active);
        Ok(account.map(|account| SignedIn::new(account.me.person.id, &account.password_hash)))
    }
}
