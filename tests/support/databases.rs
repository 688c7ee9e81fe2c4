//! A database of its own for each test: a SQLite file in a temporary folder, or a database of the PostgreSQL server that
//! the tests run with.

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// A database's address. A SQLite file is removed when this is dropped.
pub struct Database {
    pub url: String,
    _folder: Option<TempDir>,
}

/// An empty SQLite database.
pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().unwrap();
    Database { url: format!("sqlite://{}/hubbub.db", folder.path().display()), _folder: Some(folder) }
}

/// An empty PostgreSQL database on the server that `HUBBUB_TEST_POSTGRES` names (`make test` starts one).
pub async fn postgres() -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let server = std::env::var("HUBBUB_TEST_POSTGRES").expect(
        "HUBBUB_TEST_POSTGRES names no server: run the tests by `make test` or `scripts/postgres with cargo test`",
    );
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await.unwrap();
    let (head, tail) =
        server.split_once('?').map_or((server.as_str(), String::new()), |(head, tail)| (head, format!("?{tail}")));
    let authority_end = head.rfind('/').unwrap();
    Database { url: format!("{}/{name}{tail}", &head[..authority_end]), _folder: None }
}

/// Makes two tests of a function that takes a database's address, `NAME::on_sqlite` and `NAME::on_postgres`, so that a
/// failure on one hides nothing of the other.
macro_rules! each_database {
    ($test:ident) => {
        mod $test {
            #[tokio::test]
            async fn on_sqlite() {
                let database = $crate::support::databases::sqlite();
                super::$test(database.url.clone()).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let database = $crate::support::databases::postgres().await;
                super::$test(database.url.clone()).await;
            }
        }
    };
}
pub(crate) use each_database;
