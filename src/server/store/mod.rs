//! SQL, a file per noun. SQLite and PostgreSQL share it; where they differ, the difference is beside the query that needs
//! it.
//!
//! Only the writer opens a [`WriteTx`]. Everyone else reads; what must agree is read in one [`Snapshot`].

pub mod conversations;
pub mod installation;
pub mod invitations;
pub mod members;
pub mod messages;
pub mod sessions;
pub mod users;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};
use std::str::FromStr;
use std::time::Duration;

/// What a query may fail with. It is logged at the boundary and never shown to clients.
pub type StoreError = sqlx::Error;

/// Runs one expression on whichever database is behind a [`Conn`]: `on!(conn, |db| sqlx::query(…).execute(db).await)`.
macro_rules! on {
    ($conn:expr, |$db:ident| $body:expr) => {
        match $conn {
            $crate::server::store::Conn::Sqlite(connection) => {
                let $db = &mut **connection;
                $body
            }
            $crate::server::store::Conn::Postgres(connection) => {
                let $db = &mut **connection;
                $body
            }
        }
    };
}

/// Runs a query that returns no rows; gives how many it changed.
macro_rules! execute {
    ($conn:expr, $query:expr) => {
        $crate::server::store::on!($conn, |db| $query.execute(db).await.map(|done| done.rows_affected()))
    };
}
pub(crate) use {execute, on};

/// How many readers SQLite gets: enough to keep both of a small machine's cores busy.
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 8;
/// How long a connection waits for another process's lock (the operator's commands, a backup).
const BUSY: Duration = Duration::from_secs(10);
/// How many sessions' or users' keys one `in (…)` holds; SQLite allows 32,766 parameters, plans stay small.
const IN_MAX: usize = 500;

/// The database.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    Postgres { readers: PgPool, writer: PgPool },
}

/// A connection, lent to the queries of this module.
pub enum Conn<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// A read transaction: everything read in it is of the same moment.
pub enum Snapshot {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The writer's transaction.
pub enum WriteTx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens the database and runs its migrations. A SQLite file is made if it does not exist.
    ///
    /// # Errors
    /// When the address is malformed, the database cannot be reached, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url).await
        } else {
            Self::open_sqlite(url).await
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledgement is a promise: every commit is synchronised to disk.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        // Connections to a local file do not go stale: recycling and testing them only costs.
        let pool = |size: u32| {
            SqlitePoolOptions::new()
                .max_connections(size)
                .min_connections(1)
                .max_lifetime(None)
                .idle_timeout(None)
                .test_before_acquire(false)
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let readers = pool(SQLITE_READERS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Db::Sqlite { readers, writer })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.application_name("hubbub");
        // Whatever the server's settings say: an acknowledgement is a promise.
        let durable = options.clone().options([("synchronous_commit", "on")]);
        let writer = PgPoolOptions::new().max_connections(1).connect_with(durable).await?;
        sqlx::migrate!("migrations/postgres").run(&writer).await?;
        let readers = PgPoolOptions::new().max_connections(POSTGRES_READERS).connect_with(options).await?;
        Ok(Db::Postgres { readers, writer })
    }

    /// Begins a read transaction.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(match self {
            Db::Sqlite { readers, .. } => Snapshot::Sqlite(readers.begin().await?),
            Db::Postgres { readers, .. } => {
                Snapshot::Postgres(readers.begin_with("begin isolation level repeatable read read only").await?)
            }
        })
    }

    /// Begins a write transaction. Only the writer's task does; the operator's commands have a writer of their own.
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        Ok(match self {
            // A deferred transaction that reads before it writes can fail with "busy", which no time-out prevents.
            Db::Sqlite { writer, .. } => WriteTx::Sqlite(writer.begin_with("begin immediate").await?),
            Db::Postgres { writer, .. } => WriteTx::Postgres(writer.begin().await?),
        })
    }

    /// Closes every connection, so that the files can be moved or opened by another process.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
        }
    }
}

impl Snapshot {
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Snapshot::Sqlite(tx) => Conn::Sqlite(tx),
            Snapshot::Postgres(tx) => Conn::Postgres(tx),
        }
    }
}

impl WriteTx {
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            WriteTx::Sqlite(tx) => Conn::Sqlite(tx),
            WriteTx::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    /// Commits: when this returns, it is on disk. After an error it is not known whether it is.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            WriteTx::Sqlite(tx) => tx.commit().await,
            WriteTx::Postgres(tx) => tx.commit().await,
        }
    }

    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            WriteTx::Sqlite(tx) => tx.rollback().await,
            WriteTx::Postgres(tx) => tx.rollback().await,
        }
    }
}

/// `($1, $2), ($3, $4)` for two rows of two columns: the parameters of a statement over many rows.
fn rows_of_parameters(rows: usize, columns: usize) -> String {
    let row = |n: usize| {
        let parameters: Vec<String> = (1..=columns).map(|column| format!("${}", n * columns + column)).collect();
        format!("({})", parameters.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// The same for rows of numbers in a `from (values …)`: PostgreSQL cannot tell the parameters' type there.
fn rows_of_numbers(rows: usize, columns: usize) -> String {
    let row = |n: usize| {
        let parameters: Vec<String> =
            (1..=columns).map(|column| format!("cast(${} as bigint)", n * columns + column)).collect();
        format!("({})", parameters.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// A condition for rows whose search key is like all of so many patterns, which are bound as parameters from this one on;
/// nothing without one, so that the plan of a query for everything does not depend on it.
fn and_matching(column: &str, patterns: &[String], parameter: usize) -> String {
    let conditions = (0..patterns.len()).map(|n| format!("and {column} like ${} escape '\\' ", parameter + n));
    conditions.collect()
}

/// A number for each row to sort it by: 0 if its search key is like all of so many patterns, else 1.
fn rank_by(column: &str, patterns: &[String], parameter: usize) -> String {
    format!("case when true {} then 0 else 1 end", and_matching(column, patterns, parameter))
}

/// The unique index that a statement violated, if that is why it failed.
pub fn violated(error: &StoreError) -> Option<String> {
    let database = error.as_database_error()?;
    if !database.is_unique_violation() {
        return None;
    }
    // PostgreSQL names the index, SQLite the columns.
    Some(database.constraint().map_or_else(|| database.message().to_owned(), str::to_owned))
}
