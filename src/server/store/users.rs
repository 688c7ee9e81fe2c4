//! Users: their accounts.

use super::{Conn, IN_MAX, StoreError, and_matching, execute, on, rank_by, rows_of_parameters};
use crate::model::{AccountEntry, ConversationId, InvitationId, Me, Millis, Person, Rev, Role, UserId, fold};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

pub use crate::model::UserState;

/// An account, with what only the server needs of it.
#[derive(Clone, Debug)]
pub struct Account {
    /// `may_invite` is what the owner has set; [`crate::server::access::me`] decides what it means.
    pub me: Me,
    pub password_hash: String,
    pub state: UserState,
    pub user_rev: Rev,
}

/// A new account, checked and hashed.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub username: String,
    pub username_key: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub email_key: String,
    pub password_hash: String,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: i64,
    username: String,
    first_name: String,
    last_name: String,
    email: String,
    password_hash: String,
    role: String,
    state: String,
    may_invite: bool,
    user_rev: i64,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Account {
            me: Me {
                person: Person {
                    id: UserId(row.id),
                    username: row.username,
                    first_name: row.first_name,
                    last_name: row.last_name,
                },
                email: row.email,
                role: if row.role == "owner" { Role::Owner } else { Role::Member },
                may_invite: row.may_invite,
            },
            password_hash: row.password_hash,
            state: if row.state == "active" { UserState::Active } else { UserState::Disabled },
            user_rev: Rev(row.user_rev),
        }
    }
}

pub async fn find(conn: &mut Conn<'_>, id: UserId) -> Result<Option<Account>, StoreError> {
    let sql = "select id, username, first_name, last_name, email, password_hash, role, state, may_invite, user_rev from users where id = $1";
    let row: Option<AccountRow> = on!(conn, |db| sqlx::query_as(sql).bind(id.0).fetch_optional(db).await)?;
    Ok(row.map(Account::from))
}

/// Finds an account by the key of its username or of its email address.
pub async fn find_by_login(
    conn: &mut Conn<'_>,
    username_key: &str,
    email_key: &str,
) -> Result<Option<Account>, StoreError> {
    let sql =
        "select id, username, first_name, last_name, email, password_hash, role, state, may_invite, user_rev from users
        where username_key = $1 or email_key = $2";
    let row: Option<AccountRow> =
        on!(conn, |db| sqlx::query_as(sql).bind(username_key).bind(email_key).fetch_optional(db).await)?;
    Ok(row.map(Account::from))
}

/// Every account, the oldest first.
pub async fn all(conn: &mut Conn<'_>) -> Result<Vec<Account>, StoreError> {
    let sql = "select id, username, first_name, last_name, email, password_hash, role, state, may_invite, user_rev from users order by id";
    let rows: Vec<AccountRow> = on!(conn, |db| sqlx::query_as(sql).fetch_all(db).await)?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Accounts for the owner's list: those made after this one whose search key is like the patterns, the oldest first.
pub async fn after(
    conn: &mut Conn<'_>,
    id: UserId,
    patterns: &[String],
    limit: usize,
) -> Result<Vec<AccountEntry>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct AccountEntryRow {
        #[sqlx(flatten)]
        row: AccountRow,
        created_at: i64,
    }
    let sql = format!(
        "select id, username, first_name, last_name, email, password_hash, role, state, may_invite, user_rev, created_at
        from users where id > $1 {} order by id limit $2",
        and_matching("search_key", patterns, 3)
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let entries: Vec<AccountEntryRow> = on!(conn, |db| {
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(id.0).bind(limit);
        patterns.iter().fold(query, |query, pattern| query.bind(pattern)).fetch_all(db).await
    })?;
    let entries = entries.into_iter().map(|entry| {
        let account = Account::from(entry.row);
        AccountEntry { me: account.me, state: account.state, created_at: Millis(entry.created_at) }
    });
    Ok(entries.collect())
}

pub async fn any(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    let one: Option<i64> = on!(conn, |db| sqlx::query_scalar("select id from users limit 1").fetch_optional(db).await)?;
    Ok(one.is_some())
}

/// Which of these keys are taken: the username's, the email's.
pub async fn taken(conn: &mut Conn<'_>, username_key: &str, email_key: &str) -> Result<(bool, bool), StoreError> {
    let sql = "select username_key, email_key from users where username_key = $1 or email_key = $2";
    let rows: Vec<(String, String)> =
        on!(conn, |db| sqlx::query_as(sql).bind(username_key).bind(email_key).fetch_all(db).await)?;
    Ok((rows.iter().any(|(key, _)| key == username_key), rows.iter().any(|(_, key)| key == email_key)))
}

/// Makes an account. `invitation`: the one that it was made with.
pub async fn insert(
    conn: &mut Conn<'_>,
    user: &NewUser,
    role: Role,
    invitation: Option<InvitationId>,
    at: Millis,
) -> Result<UserId, StoreError> {
    let role = role.as_str();
    let sql = "insert into users
        (username, username_key, first_name, last_name, email, email_key, password_hash, role, state, user_rev, invitation_id, created_at, search_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'active', 1, $9, $10, $11) returning id";
    // The last name stands in the full one as well: with a line of its own, it is found by its beginning.
    let full_name = format!("{} {}", user.first_name, user.last_name);
    let search_key = fold::search_key(&[&user.username, &full_name, &user.last_name]);
    let id: i64 = on!(conn, |db| {
        sqlx::query_scalar(sql)
            .bind(&user.username)
            .bind(&user.username_key)
            .bind(&user.first_name)
            .bind(&user.last_name)
            .bind(&user.email)
            .bind(&user.email_key)
            .bind(&user.password_hash)
            .bind(role)
            .bind(invitation.map(|invitation| invitation.0))
            .bind(at.0)
            .bind(search_key)
            .fetch_one(db)
            .await
    })?;
    Ok(UserId(id))
}

pub async fn set_password_hash(conn: &mut Conn<'_>, id: UserId, hash: &str) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update users set password_hash = $2 where id = $1").bind(id.0).bind(hash))?;
    Ok(())
}

/// Replaces a password's hash if it is `before`; false if it was changed meanwhile.
pub async fn replace_password_hash(
    conn: &mut Conn<'_>,
    id: UserId,
    before: &str,
    hash: &str,
) -> Result<bool, StoreError> {
    let sql = "update users set password_hash = $3 where id = $1 and password_hash = $2";
    let done = execute!(conn, sqlx::query(sql).bind(id.0).bind(before).bind(hash))?;
    Ok(done == 1)
}

pub async fn set_state(conn: &mut Conn<'_>, id: UserId, state: UserState) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update users set state = $2 where id = $1").bind(id.0).bind(state.as_str()))?;
    Ok(())
}

/// Gives a user the right to invite, or takes it away.
pub async fn set_may_invite(conn: &mut Conn<'_>, id: UserId, may_invite: bool) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update users set may_invite = $2 where id = $1").bind(id.0).bind(may_invite))?;
    Ok(())
}

/// Finds an account and locks its row until the writing transaction ends.
pub async fn lock(conn: &mut Conn<'_>, id: UserId) -> Result<Option<Account>, StoreError> {
    if let Conn::Postgres(_) = conn {
        // SQLite's writing transaction holds everything already.
        execute!(conn, sqlx::query("select id from users where id = $1 for update").bind(id.0))?;
    }
    find(conn, id).await
}

/// Takes a user's next `user_rev`.
pub async fn next_user_rev(conn: &mut Conn<'_>, id: UserId) -> Result<Rev, StoreError> {
    let sql = "update users set user_rev = user_rev + 1 where id = $1 returning user_rev";
    let rev: i64 = on!(conn, |db| sqlx::query_scalar(sql).bind(id.0).fetch_one(db).await)?;
    Ok(Rev(rev))
}

/// The `user_rev` of each of these users.
pub async fn revs(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<Vec<(UserId, Rev)>, StoreError> {
    let mut revs = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IN_MAX) {
        let sql = format!("select id, user_rev from users where id in {}", rows_of_parameters(1, chunk.len()));
        let rows: Vec<(i64, i64)> = on!(conn, |db| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for id in chunk {
                query = query.bind(id.0);
            }
            query.fetch_all(db).await
        })?;
        revs.extend(rows.into_iter().map(|(id, rev)| (UserId(id), Rev(rev))));
    }
    Ok(revs)
}

fn person((id, username, first_name, last_name): (i64, String, String, String)) -> Person {
    Person { id: UserId(id), username, first_name, last_name }
}

/// What a search for people compares their search keys with: who is like all of `containing` is found, and who is like all
/// of `beginning` as well comes first.
#[derive(Clone, Copy, Debug)]
pub struct NamePatterns<'a> {
    pub containing: &'a [String],
    pub beginning: &'a [String],
}

/// The place of a person in a list: the rank of how they were found, their names, their id.
pub type PersonPlace<'a> = (i64, &'a str, &'a str, UserId);

/// Active accounts that are not in a conversation and that a search finds: the first `limit`, in the order of their rank and
/// names.
pub async fn non_members(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    NamePatterns { containing, beginning }: NamePatterns<'_>,
    limit: usize,
) -> Result<Vec<Person>, StoreError> {
    // A subquery that is computed once: with a join, PostgreSQL expects few members and compares every user with each.
    let sql = format!(
        "select id, username, first_name, last_name from users
        where state = 'active' {} and id not in
            (select user_id from members where conversation_id = $1 and members.state = 'joined')
        order by {}, first_name, last_name, id limit $2",
        and_matching("search_key", containing, 3),
        rank_by("search_key", beginning, 3 + containing.len())
    );
    let rows: Vec<(i64, String, String, String)> = on!(conn, |db| {
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(conversation.0).bind(limit as i64);
        containing.iter().chain(beginning).fold(query, |query, pattern| query.bind(pattern)).fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(person).collect())
}

/// A page of the active accounts that a search finds, each with its rank, in the order of rank and names: `limit` of them
/// after the place that the page before ended with.
pub async fn people(
    conn: &mut Conn<'_>,
    NamePatterns { containing, beginning }: NamePatterns<'_>,
    after: Option<PersonPlace<'_>>,
    limit: usize,
) -> Result<Vec<(i64, Person)>, StoreError> {
    let (rank, first, last, id) = after.unwrap_or((0, "", "", UserId(0)));
    let sql = match containing {
        // In the order of an index.
        [] => "select id, username, first_name, last_name, cast(0 as bigint) from users
            where state = 'active' and $1 = 0 and (first_name, last_name, id) > ($2, $3, $4)
            order by first_name, last_name, id limit $5"
            .to_owned(),
        containing => format!(
            "select id, username, first_name, last_name, rank from (
                select id, username, first_name, last_name, cast({} as bigint) as rank from users
                where state = 'active' {}
            ) as found
            where (rank, first_name, last_name, id) > ($1, $2, $3, $4)
            order by rank, first_name, last_name, id limit $5",
            rank_by("search_key", beginning, 6 + containing.len()),
            and_matching("search_key", containing, 6)
        ),
    };
    let rows: Vec<(i64, String, String, String, i64)> = on!(conn, |db| {
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(rank).bind(first).bind(last).bind(id.0).bind(limit as i64);
        containing.iter().chain(beginning).fold(query, |query, pattern| query.bind(pattern)).fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|(id, username, first, last, rank)| (rank, person((id, username, first, last)))).collect())
}

/// Notes when users were last connected.
pub async fn note_last_seen(conn: &mut Conn<'_>, seen: &[(UserId, Millis)]) -> Result<(), StoreError> {
    for chunk in seen.chunks(IN_MAX / 2) {
        let row = |n: usize| format!("(cast(${} as bigint), cast(${} as bigint))", 2 * n + 1, 2 * n + 2);
        let rows: Vec<String> = (0..chunk.len()).map(row).collect();
        let sql = format!(
            "update users set seen_at = v.column2 from (values {}) as v
             where users.id = v.column1 and coalesce(users.seen_at, 0) < v.column2",
            rows.join(", ")
        );
        on!(conn, |db| {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (user, at) in chunk {
                query = query.bind(user.0).bind(at.0);
            }
            query.execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// When each of these users was last connected, if they ever were.
pub async fn last_seen(conn: &mut Conn<'_>, ids: &[UserId]) -> Result<HashMap<UserId, Millis>, StoreError> {
    let mut seen = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(IN_MAX) {
        let parameters = rows_of_parameters(1, chunk.len());
        let sql = format!("select id, seen_at from users where seen_at is not null and id in {parameters}");
        let rows: Vec<(i64, i64)> = on!(conn, |db| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for id in chunk {
                query = query.bind(id.0);
            }
            query.fetch_all(db).await
        })?;
        seen.extend(rows.into_iter().map(|(id, at)| (UserId(id), Millis(at))));
    }
    Ok(seen)
}

/// Active accounts with a session that were last connected at `since` or later, and when.
pub async fn seen_since(conn: &mut Conn<'_>, since: Millis) -> Result<Vec<(UserId, Millis)>, StoreError> {
    let sql = "select id, seen_at from users where seen_at >= $1 and state = 'active'
        and exists (select 1 from sessions where sessions.user_id = users.id and sessions.expires_at > $1)";
    let rows: Vec<(i64, i64)> = on!(conn, |db| sqlx::query_as(sql).bind(since.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, at)| (UserId(id), Millis(at))).collect())
}
