//! Sessions, by the SHA-256 of their cookies' tokens.

use super::{Conn, IN_MAX, StoreError, execute, on, rows_of_parameters};
use crate::model::{Millis, UserId};
use sqlx::AssertSqlSafe;

/// The SHA-256 of a session's token.
pub type SessionKey = [u8; 32];

/// A session's row.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub key: SessionKey,
    pub user: Option<UserId>,
    pub data: String,
    pub used_at: Millis,
    pub expires_at: Millis,
}

/// A session's data and when it expires, unless it has expired by `now`.
pub async fn load(conn: &mut Conn<'_>, key: &SessionKey, now: Millis) -> Result<Option<(String, Millis)>, StoreError> {
    let sql = "select data, expires_at from sessions where id = $1 and expires_at > $2";
    let row: Option<(String, i64)> =
        on!(conn, |db| sqlx::query_as(sql).bind(&key[..]).bind(now.0).fetch_optional(db).await)?;
    Ok(row.map(|(data, expires_at)| (data, Millis(expires_at))))
}

/// A user's sessions that have not expired by `now`, the last used first.
pub async fn of_user(
    conn: &mut Conn<'_>,
    user: UserId,
    now: Millis,
    limit: usize,
) -> Result<Vec<SessionRow>, StoreError> {
    let sql = "select id, data, used_at, expires_at from sessions where user_id = $1 and expires_at > $2
        order by used_at desc, created_at desc limit $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(Vec<u8>, String, i64, i64)> =
        on!(conn, |db| sqlx::query_as(sql).bind(user.0).bind(now.0).bind(limit).fetch_all(db).await)?;
    let rows = rows.into_iter().filter_map(|(id, data, used_at, expires_at)| {
        let key = SessionKey::try_from(id).ok()?;
        Some(SessionRow { key, user: Some(user), data, used_at: Millis(used_at), expires_at: Millis(expires_at) })
    });
    Ok(rows.collect())
}

/// Inserts a session; false when its key exists already.
pub async fn insert(conn: &mut Conn<'_>, row: &SessionRow) -> Result<bool, StoreError> {
    let sql =
        "insert into sessions (id, user_id, data, created_at, used_at, expires_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do nothing";
    let done = execute!(
        conn,
        sqlx::query(sql)
            .bind(&row.key[..])
            .bind(row.user.map(|user| user.0))
            .bind(&row.data)
            .bind(row.used_at.0)
            .bind(row.used_at.0)
            .bind(row.expires_at.0)
    )?;
    Ok(done == 1)
}

/// Renews a session. One that was deleted meanwhile is not inserted again.
pub async fn update(conn: &mut Conn<'_>, row: &SessionRow) -> Result<(), StoreError> {
    let sql = "update sessions set user_id = $2, data = $3, used_at = $4, expires_at = $5 where id = $1";
    execute!(
        conn,
        sqlx::query(sql)
            .bind(&row.key[..])
            .bind(row.user.map(|user| user.0))
            .bind(&row.data)
            .bind(row.used_at.0)
            .bind(row.expires_at.0)
    )?;
    Ok(())
}

pub async fn delete(conn: &mut Conn<'_>, key: &SessionKey) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("delete from sessions where id = $1").bind(&key[..]))?;
    Ok(())
}

pub async fn delete_of_user(conn: &mut Conn<'_>, user: UserId) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("delete from sessions where user_id = $1").bind(user.0))?;
    Ok(())
}

/// Deletes all of a user's sessions but this one.
pub async fn delete_others(conn: &mut Conn<'_>, user: UserId, kept: &SessionKey) -> Result<(), StoreError> {
    let sql = "delete from sessions where user_id = $1 and id <> $2";
    execute!(conn, sqlx::query(sql).bind(user.0).bind(&kept[..]))?;
    Ok(())
}

pub async fn set_data(conn: &mut Conn<'_>, key: &SessionKey, data: &str) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update sessions set data = $2 where id = $1").bind(&key[..]).bind(data))?;
    Ok(())
}

/// Notes that these sessions were in use.
pub async fn note_use(conn: &mut Conn<'_>, keys: &[SessionKey], at: Millis) -> Result<(), StoreError> {
    for chunk in keys.chunks(IN_MAX) {
        let (parameters, at_at) = (rows_of_parameters(1, chunk.len()), chunk.len() + 1);
        let sql = format!("update sessions set used_at = ${at_at} where id in {parameters}");
        on!(conn, |db| {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for key in chunk {
                query = query.bind(&key[..]);
            }
            query.bind(at.0).execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// Deletes sessions that have expired by `now`.
pub async fn delete_expired(conn: &mut Conn<'_>, now: Millis) -> Result<u64, StoreError> {
    execute!(conn, sqlx::query("delete from sessions where expires_at <= $1").bind(now.0))
}

/// Which of these sessions are valid: they exist, have not expired, and their account is not disabled.
pub async fn valid_among(conn: &mut Conn<'_>, keys: &[SessionKey], now: Millis) -> Result<Vec<SessionKey>, StoreError> {
    let mut valid = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(IN_MAX) {
        let parameters = rows_of_parameters(1, chunk.len());
        let now_at = chunk.len() + 1;
        let sql = format!(
            "select sessions.id from sessions join users on users.id = sessions.user_id
             where sessions.id in {parameters} and sessions.expires_at > ${now_at} and users.state = 'active'"
        );
        let ids: Vec<Vec<u8>> = on!(conn, |db| {
            let mut query = sqlx::query_scalar(AssertSqlSafe(sql));
            for key in chunk {
                query = query.bind(&key[..]);
            }
            query.bind(now.0).fetch_all(db).await
        })?;
        valid.extend(ids.into_iter().filter_map(|id| SessionKey::try_from(id).ok()));
    }
    Ok(valid)
}
