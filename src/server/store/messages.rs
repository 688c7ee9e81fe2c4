//! Messages.

use super::{Conn, StoreError, on, rows_of_numbers, rows_of_parameters};
use crate::model::{Content, ConversationId, Message, MessageId, Millis, Rev, Seq, UserId};
use sqlx::AssertSqlSafe;
use std::sync::Arc;

/// Rows that one inserting statement holds: the measured best on SQLite, where a statement costs more than a row.
const INSERT_ROWS: usize = 64;

/// The SHA-256 of a message's conversation and body as first posted.
pub type ContentHash = [u8; 32];

/// A message, with what only the server needs of it.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    pub conversation: ConversationId,
    pub message: Arc<Message>,
    pub hash: ContentHash,
}

/// A message to be inserted, with the counts from which unread counts are computed.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub stored: StoredMessage,
    /// How many messages people have written in the conversation, up to and including this one.
    pub message_count: i64,
    /// How many of them its author has written.
    pub own_count: i64,
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    seq: i64,
    rev: i64,
    author_id: i64,
    id: Vec<u8>,
    body: String,
    at: i64,
    notice: Option<String>,
}

impl TryFrom<MessageRow> for Arc<Message> {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        let id = uuid::Uuid::from_slice(&row.id).map_err(|error| StoreError::Decode(Box::new(error)))?;
        let content = match row.notice.as_deref().map(serde_json::from_str).transpose() {
            Ok(None) => Content::Text { body: row.body },
            Ok(Some(notice)) => Content::Notice { notice },
            Err(error) => return Err(StoreError::Decode(Box::new(error))),
        };
        Ok(Arc::new(Message {
            id: MessageId(id),
            seq: Seq(row.seq),
            rev: Rev(row.rev),
            author: UserId(row.author_id),
            at: Millis(row.at),
            content,
        }))
    }
}

fn messages(rows: Vec<MessageRow>) -> Result<Vec<Arc<Message>>, StoreError> {
    rows.into_iter().map(Arc::try_from).collect()
}

/// The newest messages below `before`, oldest first.
pub async fn before(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    before: Seq,
    limit: usize,
) -> Result<Vec<Arc<Message>>, StoreError> {
    let sql = "select seq, rev, author_id, id, body, at, notice from messages
        where conversation_id = $1 and seq < $2 order by seq desc limit $3";
    let mut rows: Vec<MessageRow> =
        on!(conn, |db| sqlx::query_as(sql).bind(conversation.0).bind(before.0).bind(limit as i64).fetch_all(db).await)?;
    rows.reverse();
    messages(rows)
}

/// The oldest messages above `after`, oldest first.
pub async fn after(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Arc<Message>>, StoreError> {
    let sql = "select seq, rev, author_id, id, body, at, notice from messages
        where conversation_id = $1 and seq > $2 order by seq limit $3";
    let rows: Vec<MessageRow> =
        on!(conn, |db| sqlx::query_as(sql).bind(conversation.0).bind(after.0).bind(limit as i64).fetch_all(db).await)?;
    messages(rows)
}

/// Messages that changed above `since`, oldest change first, at most `limit`.
pub async fn changed(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    since: Rev,
    limit: usize,
) -> Result<Vec<Arc<Message>>, StoreError> {
    let sql = "select seq, rev, author_id, id, body, at, notice from messages
        where conversation_id = $1 and rev > $2 order by rev limit $3";
    let rows: Vec<MessageRow> =
        on!(conn, |db| sqlx::query_as(sql).bind(conversation.0).bind(since.0).bind(limit as i64).fetch_all(db).await)?;
    messages(rows)
}

/// The messages with these authors and identifiers, as far as there are any.
pub async fn by_ids(conn: &mut Conn<'_>, ids: &[(UserId, MessageId)]) -> Result<Vec<StoredMessage>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct StoredMessageRow {
        conversation_id: i64,
        hash: Vec<u8>,
        #[sqlx(flatten)]
        row: MessageRow,
    }
    let sql = format!(
        "select conversation_id, hash, seq, rev, author_id, id, body, at, notice from messages
         where (author_id, id) in (values {})",
        rows_of_parameters(ids.len(), 2)
    );
    let rows: Vec<StoredMessageRow> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for (author, id) in ids {
            query = query.bind(author.0).bind(&id.0.as_bytes()[..]);
        }
        query.fetch_all(db).await
    })?;
    rows.into_iter()
        .map(|stored| {
            let hash = ContentHash::try_from(stored.hash)
                .map_err(|_| StoreError::Decode("a content hash of another length".into()))?;
            Ok(StoredMessage {
                conversation: ConversationId(stored.conversation_id),
                message: stored.row.try_into()?,
                hash,
            })
        })
        .collect()
}

/// Inserts messages, many to a statement.
pub async fn insert(conn: &mut Conn<'_>, all: &[NewMessage]) -> Result<(), StoreError> {
    for chunk in all.chunks(INSERT_ROWS) {
        let notices: Result<Vec<Option<String>>, _> =
            chunk.iter().map(|fresh| fresh.stored.message.notice().map(serde_json::to_string).transpose()).collect();
        let notices = notices.map_err(|error| StoreError::Encode(Box::new(error)))?;
        let sql = format!(
            "insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, notice, message_count,
                own_count)
             values {}",
            rows_of_parameters(chunk.len(), 11)
        );
        on!(conn, |db| {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (
                NewMessage { stored: StoredMessage { conversation, message, hash }, message_count, own_count },
                notice,
            ) in chunk.iter().zip(&notices)
            {
                query = query
                    .bind(conversation.0)
                    .bind(message.seq.0)
                    .bind(message.rev.0)
                    .bind(message.author.0)
                    .bind(&message.id.0.as_bytes()[..])
                    .bind(&hash[..])
                    .bind(message.body())
                    .bind(message.at.0)
                    .bind(notice)
                    .bind(message_count)
                    .bind(own_count);
            }
            query.execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// A reader's place in a conversation.
type Place = (ConversationId, UserId, Seq);

/// How many messages others than the reader have written up to and including each of these places.
pub async fn others_message_counts_up_to(
    conn: &mut Conn<'_>,
    places: &[Place],
) -> Result<Vec<(Place, i64)>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select v.column1, v.column2, v.column3,
            coalesce((select message_count from messages where conversation_id = v.column1 and seq = v.column3), 0)
            - coalesce((select own_count from messages
                where conversation_id = v.column1 and author_id = v.column2 and seq <= v.column3
                order by seq desc limit 1), 0)
         from (values {}) as v",
        rows_of_numbers(places.len(), 3)
    );
    let rows: Vec<(i64, i64, i64, i64)> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for (conversation, reader, seq) in places {
            query = query.bind(conversation.0).bind(reader.0).bind(seq.0);
        }
        query.fetch_all(db).await
    })?;
    let row = |(id, reader, seq, count)| ((ConversationId(id), UserId(reader), Seq(seq)), count);
    Ok(rows.into_iter().map(row).collect())
}
