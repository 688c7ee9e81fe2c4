//! The server's core: everything but HTTP. The program, the operator's commands and the simulator use the same.

use super::clock::Clock;
use super::config::Registration;
use super::hub::Hub;
use super::session_activity::SessionActivity;
use super::setup;
use super::store::{Db, StoreError, users};
use super::writer::Writer;
use crate::model::{Epoch, Millis, ServerStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The database, its writer, and the live connections.
#[derive(Debug)]
pub struct Core {
    pub db: Db,
    pub writer: Writer,
    pub hub: Arc<Hub>,
    pub session_activity: SessionActivity,
    pub clock: Clock,
    pub epoch: Epoch,
    /// Who may make an account.
    pub registration: Registration,
    /// Whether an account has been seen.
    has_accounts: AtomicBool,
    started: Millis,
}

impl Core {
    /// Opens the database, makes General at the first start, and starts the writer.
    ///
    /// # Errors
    /// When the database cannot be opened or brought up to date.
    pub async fn open(database_url: &str, clock: Clock) -> Result<Arc<Self>, StoreError> {
        Core::open_to(database_url, clock, Registration::default()).await
    }

    /// The same, with who may make an account.
    ///
    /// # Errors
    /// As [`Core::open`].
    pub async fn open_to(
        database_url: &str,
        clock: Clock,
        registration: Registration,
    ) -> Result<Arc<Self>, StoreError> {
        let db = Db::open(database_url).await?;
        let epoch = setup::initialize(&db, &clock).await?;
        let hub = Arc::new(Hub::new(clock.clone()));
        let writer = Writer::start(db.clone(), Arc::clone(&hub), clock.clone());
        Ok(Arc::new(Core {
            started: clock.now(),
            db,
            writer,
            hub,
            session_activity: SessionActivity::default(),
            clock,
            epoch,
            registration,
            has_accounts: AtomicBool::new(false),
        }))
    }

    /// Whether anybody has an account. Accounts are never deleted, so the database is asked only until there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        if self.has_accounts.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let mut snapshot = self.db.snapshot().await?;
        let any = users::any(&mut snapshot.conn()).await?;
        self.has_accounts.fetch_or(any, Ordering::Relaxed);
        Ok(any)
    }

    pub fn status(&self) -> ServerStatus {
        let now = self.clock.now();
        ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime: now.0 - self.started.0,
            connections: i64::try_from(self.hub.connections()).unwrap_or(i64::MAX),
            now,
        }
    }

    /// Closes every live connection (clients come back later), writes what waits, and closes the database.
    pub async fn close(&self) {
        let seen = self.hub.last_seen();
        self.hub.close_all(crate::wire::close::RESTART);
        if let Err(error) = self.writer.note_last_seen(seen).await {
            tracing::warn!(%error, "who was connected could not be noted");
        }
        self.writer.stop().await;
        self.db.close().await;
    }
}
