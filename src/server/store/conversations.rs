//! Conversations: their rows and their heads.

use super::{Conn, IN_MAX, StoreError, execute, on, rows_of_parameters};
use crate::model::{Conversation, ConversationId, Listed, Millis, Rev, Seq, UserId};
use sqlx::AssertSqlSafe;

/// The head of a conversation's numbers, held while a batch allots the next ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub rev: Rev,
    pub seq: Seq,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    topic: String,
    row_rev: i64,
    member_count: i64,
    rev: i64,
    head_seq: i64,
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        Listed {
            conversation: Conversation {
                id: ConversationId(row.id),
                rev: Rev(row.row_rev),
                name: row.name,
                topic: row.topic,
                member_count: row.member_count,
            },
            rev: Rev(row.rev),
            head: Seq(row.head_seq),
        }
    }
}

pub async fn find(conn: &mut Conn<'_>, id: ConversationId) -> Result<Option<Listed>, StoreError> {
    let sql = "select id, name, topic, row_rev, member_count, rev, head_seq from conversations where id = $1";
    let row: Option<Row> = on!(conn, |db| sqlx::query_as(sql).bind(id.0).fetch_optional(db).await)?;
    Ok(row.map(Listed::from))
}

/// The conversations that a user is in, in the order of their list.
pub async fn of_user(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<Listed>, StoreError> {
    let sql = "select c.id, c.name, c.topic, c.row_rev, c.member_count, c.rev, c.head_seq
        from members m join conversations c on c.id = m.conversation_id
        where m.user_id = $1 and m.state = 'joined' order by c.id";
    let rows: Vec<Row> = on!(conn, |db| sqlx::query_as(sql).bind(user.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// The conversation that exists from the first start: the oldest.
pub async fn general(conn: &mut Conn<'_>) -> Result<Option<ConversationId>, StoreError> {
    let id: Option<i64> = on!(conn, |db| sqlx::query_scalar("select id from conversations order by id limit 1")
        .fetch_optional(db)
        .await)?;
    Ok(id.map(ConversationId))
}

/// Makes a public room; its own making is the first change that it counts.
pub async fn insert(
    conn: &mut Conn<'_>,
    name: &str,
    name_key: &str,
    topic: &str,
    at: Millis,
) -> Result<ConversationId, StoreError> {
    let sql =
        "insert into conversations (kind, name, name_key, topic, rev, row_rev, head_seq, member_count, created_at)
        values ('public', $1, $2, $3, 1, 1, 0, 0, $4) returning id";
    let id: i64 =
        on!(conn, |db| sqlx::query_scalar(sql).bind(name).bind(name_key).bind(topic).bind(at.0).fetch_one(db).await)?;
    Ok(ConversationId(id))
}

/// How far these conversations have come.
pub async fn revs(conn: &mut Conn<'_>, ids: &[ConversationId]) -> Result<Vec<(ConversationId, Rev)>, StoreError> {
    let mut revs = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IN_MAX) {
        let sql = format!("select id, rev from conversations where id in {}", rows_of_parameters(1, chunk.len()));
        let rows: Vec<(i64, i64)> = on!(conn, |db| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for id in chunk {
                query = query.bind(id.0);
            }
            query.fetch_all(db).await
        })?;
        revs.extend(rows.into_iter().map(|(id, rev)| (ConversationId(id), Rev(rev))));
    }
    Ok(revs)
}

/// The heads of these conversations, locked until the transaction ends. Rows are locked in the order of their ids,
/// so that two nodes never wait for each other.
pub async fn lock_heads(
    conn: &mut Conn<'_>,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, Head)>, StoreError> {
    let lock = match conn {
        // SQLite's writing transaction holds everything already.
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " for update",
    };
    let sql = format!(
        "select id, rev, head_seq from conversations where id in {} order by id{lock}",
        rows_of_parameters(1, ids.len())
    );
    let rows: Vec<(i64, i64, i64)> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(id.0);
        }
        query.fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|(id, rev, seq)| (ConversationId(id), Head { rev: Rev(rev), seq: Seq(seq) })).collect())
}

pub async fn set_head(conn: &mut Conn<'_>, id: ConversationId, head: Head) -> Result<(), StoreError> {
    execute!(
        conn,
        sqlx::query("update conversations set rev = $2, head_seq = $3 where id = $1")
            .bind(id.0)
            .bind(head.rev.0)
            .bind(head.seq.0)
    )?;
    Ok(())
}

/// Counts a member more (or less) and notes that the row changed at `rev`.
pub async fn add_to_member_count(conn: &mut Conn<'_>, id: ConversationId, by: i64, rev: Rev) -> Result<(), StoreError> {
    execute!(
        conn,
        sqlx::query("update conversations set member_count = member_count + $2, row_rev = $3 where id = $1")
            .bind(id.0)
            .bind(by)
            .bind(rev.0)
    )?;
    Ok(())
}
