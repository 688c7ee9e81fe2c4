//! Hashing passwords with argon2id, off the asynchronous threads and few at a time.

use super::password_strength::{self, AccountNames};
use crate::model::password::PASSWORD_MAX;
use crate::model::{Error, Password};
use crate::server::error;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes computed at once: each takes 19 MiB and a core for some tens of milliseconds.
const AT_ONCE: usize = 2;
/// Hashes that may wait; more are refused, since people would wait for seconds.
const WAITING_MAX: usize = 64;

#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// A hash to verify against when there is no account, so that the answer takes the same time.
    nobody: Arc<str>,
}

/// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

impl Passwords {
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn new() -> Result<Self, Error> {
        let nobody = hash(&format!("{:032x}", rand::random::<u128>()))?;
        Ok(Passwords {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(WAITING_MAX)),
            nobody: nobody.into(),
        })
    }

    /// Hashes the new password of an account with these names.
    ///
    /// # Errors
    /// `Invalid` for a password that is easy to guess or contains one of the names; `Unavailable` when too many wait.
    pub async fn hash_new(&self, password: &Password, names: AccountNames) -> Result<String, Error> {
        let password = password.clone();
        self.run(move || {
            password_strength::check(&password, &names)?;
            hash(password.as_str())
        })
        .await?
    }

    /// Hashes a password as it is.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?
    }

    /// Whether the password has this hash; without a hash `false`, after the same time.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| Arc::clone(&self.nobody), Arc::from);
        // No password is longer, and hashing megabytes would be an easy attack.
        let password: String = password.chars().take(PASSWORD_MAX + 1).collect();
        let good = self.run(move || verify(&password, &hash)).await??;
        Ok(good && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let _waiting = self.queue.try_acquire().map_err(|_| Error::unavailable())?;
        let _place = self.places.acquire().await.map_err(|_| Error::unavailable())?;
        tokio::task::spawn_blocking(work).await.map_err(|cause| error::internal("hashing a password", &cause))
    }
}

fn hash(password: &str) -> Result<String, Error> {
    argon2()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|cause| error::internal("hashing a password", &cause))
}

fn verify(password: &str, hash: &str) -> Result<bool, Error> {
    let parsed = PasswordHash::new(hash).map_err(|cause| error::internal("reading a password's hash", &cause))?;
    Ok(argon2().verify_password(password.as_bytes(), &parsed).is_ok())
}
