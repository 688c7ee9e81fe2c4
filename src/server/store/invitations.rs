//! Invitations: links that let somebody register.

use super::{Conn, StoreError, execute, on, rows_of_parameters};
use crate::model::invitation::InvitationLimits;
use crate::model::{InvitationId, InvitationState, InvitationToken, Millis, Person, UserId};
use sqlx::AssertSqlSafe;

/// An invitation with its token.
#[derive(Clone, Debug)]
pub struct StoredInvitation {
    pub id: InvitationId,
    pub token: InvitationToken,
    pub by: Person,
    pub created_at: Millis,
    pub expires_at: Millis,
    pub uses: i64,
    pub uses_max: i64,
    pub revoked_at: Option<Millis>,
}

impl StoredInvitation {
    /// Whether it can be used at this time. An invitation that was used up stays "used up" when it expires later.
    pub fn state(&self, now: Millis) -> InvitationState {
        if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if self.uses >= self.uses_max {
            InvitationState::UsedUp
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    id: i64,
    token: String,
    created_by: i64,
    username: String,
    first_name: String,
    last_name: String,
    created_at: i64,
    expires_at: i64,
    uses: i64,
    uses_max: i64,
    revoked_at: Option<i64>,
}

impl InvitationRow {
    /// `None` if the token is malformed: this program did not write the row.
    fn invitation(self) -> Option<StoredInvitation> {
        Some(StoredInvitation {
            id: InvitationId(self.id),
            token: InvitationToken::parse(&self.token).ok()?,
            by: Person {
                id: UserId(self.created_by),
                username: self.username,
                first_name: self.first_name,
                last_name: self.last_name,
            },
            created_at: Millis(self.created_at),
            expires_at: Millis(self.expires_at),
            uses: self.uses,
            uses_max: self.uses_max,
            revoked_at: self.revoked_at.map(Millis),
        })
    }
}

const COLUMNS: &str = "i.id, i.token, i.created_by, u.username, u.first_name, u.last_name, i.created_at, i.expires_at,
    i.uses, i.uses_max, i.revoked_at";

/// The condition under which an invitation is open at the time of the second parameter.
const IS_OPEN: &str = "revoked_at is null and uses < uses_max and expires_at > $2";

pub async fn insert(
    conn: &mut Conn<'_>,
    token: &InvitationToken,
    by: UserId,
    limits: InvitationLimits,
    now: Millis,
) -> Result<(), StoreError> {
    let sql =
        "insert into invitations (token, created_by, created_at, expires_at, uses_max) values ($1, $2, $3, $4, $5)";
    let expires_at = now.0.saturating_add(limits.lasts);
    execute!(conn, sqlx::query(sql).bind(token.as_str()).bind(by.0).bind(now.0).bind(expires_at).bind(limits.uses))?;
    Ok(())
}

/// Finds an invitation by the token of its link. The token is 128 random bits, so the time of the look-up is of no use
/// for guessing one.
pub async fn find_by_token(
    conn: &mut Conn<'_>,
    token: &InvitationToken,
) -> Result<Option<StoredInvitation>, StoreError> {
    let sql = format!("select {COLUMNS} from invitations i join users u on u.id = i.created_by where i.token = $1");
    let row: Option<InvitationRow> =
        on!(conn, |db| sqlx::query_as(AssertSqlSafe(sql)).bind(token.as_str()).fetch_optional(db).await)?;
    Ok(row.and_then(InvitationRow::invitation))
}

/// Who made an invitation.
pub async fn maker(conn: &mut Conn<'_>, id: InvitationId) -> Result<Option<UserId>, StoreError> {
    let sql = "select created_by from invitations where id = $1";
    let by: Option<i64> = on!(conn, |db| sqlx::query_scalar(sql).bind(id.0).fetch_optional(db).await)?;
    Ok(by.map(UserId))
}

/// Deletes the invitations that expired or were revoked before this time and that nobody registered with. The others stay:
/// the page of invitations says who has registered with which.
pub async fn delete_ended(conn: &mut Conn<'_>, before: Millis) -> Result<(), StoreError> {
    let sql = "delete from invitations where uses = 0 and coalesce(revoked_at, expires_at) <= $1";
    execute!(conn, sqlx::query(sql).bind(before.0))?;
    Ok(())
}

/// Counts one use of an invitation; false if it is not open any more.
pub async fn use_one(conn: &mut Conn<'_>, id: InvitationId, now: Millis) -> Result<bool, StoreError> {
    let sql = format!("update invitations set uses = uses + 1 where id = $1 and {IS_OPEN}");
    Ok(execute!(conn, sqlx::query(AssertSqlSafe(sql)).bind(id.0).bind(now.0))? == 1)
}

/// Revokes an invitation if it is open.
pub async fn revoke(conn: &mut Conn<'_>, id: InvitationId, now: Millis) -> Result<(), StoreError> {
    let sql = format!("update invitations set revoked_at = $2 where id = $1 and {IS_OPEN}");
    execute!(conn, sqlx::query(AssertSqlSafe(sql)).bind(id.0).bind(now.0))?;
    Ok(())
}

/// Revokes all of a user's open invitations.
pub async fn revoke_of(conn: &mut Conn<'_>, user: UserId, now: Millis) -> Result<(), StoreError> {
    let sql = format!("update invitations set revoked_at = $2 where created_by = $1 and {IS_OPEN}");
    execute!(conn, sqlx::query(AssertSqlSafe(sql)).bind(user.0).bind(now.0))?;
    Ok(())
}

/// How many open invitations a user has.
pub async fn open_of(conn: &mut Conn<'_>, user: UserId, now: Millis) -> Result<i64, StoreError> {
    let sql = format!("select count(*) from invitations where created_by = $1 and {IS_OPEN}");
    on!(conn, |db| sqlx::query_scalar(AssertSqlSafe(sql)).bind(user.0).bind(now.0).fetch_one(db).await)
}

/// Invitations older than this one, the newest first: those of one maker, or everybody's.
pub async fn before(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    id: InvitationId,
    limit: usize,
) -> Result<Vec<StoredInvitation>, StoreError> {
    let whose = if by.is_some() { "i.created_by = $3" } else { "$3 = 0" };
    let sql = format!(
        "select {COLUMNS} from invitations i join users u on u.id = i.created_by
        where i.id < $1 and {whose} order by i.id desc limit $2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let by = by.unwrap_or_default().0;
    let rows: Vec<InvitationRow> =
        on!(conn, |db| sqlx::query_as(AssertSqlSafe(sql)).bind(id.0).bind(limit).bind(by).fetch_all(db).await)?;
    Ok(rows.into_iter().filter_map(InvitationRow::invitation).collect())
}

/// Who registered with each of these invitations: the first `limit` of each, in order.
pub async fn registered_with(
    conn: &mut Conn<'_>,
    ids: &[InvitationId],
    limit: i64,
) -> Result<Vec<(InvitationId, Person)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select invitation_id, id, username, first_name, last_name from (
            select invitation_id, id, username, first_name, last_name,
                row_number() over (partition by invitation_id order by id) as position
            from users where invitation_id in {}
        ) as registered where position <= {limit} order by id",
        rows_of_parameters(1, ids.len())
    );
    let rows: Vec<(i64, i64, String, String, String)> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(id.0);
        }
        query.fetch_all(db).await
    })?;
    let registered = |(invitation, id, username, first_name, last_name)| {
        (InvitationId(invitation), Person { id: UserId(id), username, first_name, last_name })
    };
    Ok(rows.into_iter().map(registered).collect())
}
