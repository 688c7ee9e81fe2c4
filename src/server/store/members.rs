//! Members: who is in which conversation.

use super::{Conn, StoreError, execute, on, rows_of_parameters};
use crate::model::{ConversationId, Member, MemberState, Millis, Person, Rev, UserId};
use sqlx::AssertSqlSafe;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    username: String,
    first_name: String,
    last_name: String,
    state: String,
    rev: i64,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        Member {
            person: Person {
                id: UserId(row.id),
                username: row.username,
                first_name: row.first_name,
                last_name: row.last_name,
            },
            state: if row.state == "joined" { MemberState::Joined } else { MemberState::Left },
            rev: Rev(row.rev),
        }
    }
}

pub async fn find(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    user: UserId,
) -> Result<Option<Member>, StoreError> {
    Ok(among(conn, &[(conversation, user)]).await?.pop().map(|(_, member)| member))
}

/// The member rows of these pairs, as far as there are any.
pub async fn among(
    conn: &mut Conn<'_>,
    pairs: &[(ConversationId, UserId)],
) -> Result<Vec<(ConversationId, Member)>, StoreError> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select m.conversation_id, u.id, u.username, u.first_name, u.last_name, m.state, m.rev
         from members m join users u on u.id = m.user_id
         where (m.conversation_id, m.user_id) in (values {})",
        rows_of_parameters(pairs.len(), 2)
    );
    #[derive(sqlx::FromRow)]
    struct Pair {
        conversation_id: i64,
        #[sqlx(flatten)]
        row: Row,
    }
    let rows: Vec<Pair> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for (conversation, user) in pairs {
            query = query.bind(conversation.0).bind(user.0);
        }
        query.fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|pair| (ConversationId(pair.conversation_id), pair.row.into())).collect())
}

/// Members whose row changed above `since`, oldest change first, at most `limit`.
pub async fn changed(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    since: Rev,
    limit: usize,
) -> Result<Vec<Member>, StoreError> {
    let sql = "select u.id, u.username, u.first_name, u.last_name, m.state, m.rev
        from members m join users u on u.id = m.user_id
        where m.conversation_id = $1 and m.rev > $2 order by m.rev limit $3";
    let rows: Vec<Row> =
        on!(conn, |db| sqlx::query_as(sql).bind(conversation.0).bind(since.0).bind(limit as i64).fetch_all(db).await)?;
    Ok(rows.into_iter().map(Member::from).collect())
}

pub async fn insert(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    user: UserId,
    rev: Rev,
    at: Millis,
) -> Result<(), StoreError> {
    let sql = "insert into members (conversation_id, user_id, state, rev, joined_at) values ($1, $2, 'joined', $3, $4)";
    execute!(conn, sqlx::query(sql).bind(conversation.0).bind(user.0).bind(rev.0).bind(at.0))?;
    Ok(())
}
