//! Databases of their own for tests: a SQLite file in a temporary folder, a database of the private PostgreSQL.

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// A database's address; what it stands in goes away with this.
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

/// Runs a test on both databases.
pub async fn both<F: Future<Output = ()>>(test: impl Fn(String) -> F) {
    let sqlite = sqlite();
    test(sqlite.url.clone()).await;
    let postgres = postgres().await;
    test(postgres.url.clone()).await;
}
