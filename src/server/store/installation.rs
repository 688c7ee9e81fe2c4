//! The installation's own row: the epoch, and the workspace's name.

use super::{Conn, StoreError, execute, on};
use crate::model::{Epoch, Millis, WorkspaceName};

pub async fn epoch(conn: &mut Conn<'_>) -> Result<Option<Epoch>, StoreError> {
    let epoch: Option<i64> =
        on!(conn, |db| sqlx::query_scalar("select epoch from installation").fetch_optional(db).await)?;
    Ok(epoch.map(Epoch))
}

/// The workspace's name.
pub async fn workspace_name(conn: &mut Conn<'_>) -> Result<String, StoreError> {
    on!(conn, |db| sqlx::query_scalar("select workspace_name from installation").fetch_one(db).await)
}

pub async fn set_workspace_name(conn: &mut Conn<'_>, name: &WorkspaceName) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update installation set workspace_name = $1").bind(name.as_str()))?;
    Ok(())
}

/// Begins a new database's epoch.
pub async fn insert(conn: &mut Conn<'_>, epoch: Epoch, at: Millis) -> Result<(), StoreError> {
    execute!(
        conn,
        sqlx::query("insert into installation (one, epoch, created_at) values (1, $1, $2)").bind(epoch.0).bind(at.0)
    )?;
    Ok(())
}

/// Begins another epoch of the same database.
pub async fn set_epoch(conn: &mut Conn<'_>, epoch: Epoch) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update installation set epoch = $1").bind(epoch.0))?;
    Ok(())
}
