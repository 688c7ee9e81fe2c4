//! Conversations: their rows, their heads, and users' summaries of them.

use super::{Conn, IN_MAX, StoreError, and_matching, execute, on, rows_of_parameters};
use crate::model::{
    Conversation, ConversationId, ConversationKind, ConversationSummary, Millis, Person, ReadPosition, Rev, Seq,
    UserId, fold,
};
use sqlx::AssertSqlSafe;

/// How far a conversation has come. The writer locks it while it takes the next numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub rev: Rev,
    pub seq: Seq,
    /// How many messages people have written; notices do not count.
    pub message_count: i64,
    /// When the newest message was posted, or the conversation was made.
    pub at: Millis,
}

#[derive(sqlx::FromRow)]
struct ConversationRow {
    id: i64,
    kind: String,
    name: String,
    topic: String,
    owner_id: Option<i64>,
    row_rev: i64,
    member_count: i64,
    rev: i64,
    head_seq: i64,
}

impl ConversationRow {
    fn conversation(self) -> Result<Conversation, StoreError> {
        Ok(Conversation {
            id: ConversationId(self.id),
            rev: Rev(self.row_rev),
            kind: kind_of(&self.kind)?,
            name: self.name,
            topic: self.topic,
            owner: self.owner_id.map(UserId),
            member_count: self.member_count,
        })
    }
}

fn kind_of(word: &str) -> Result<ConversationKind, StoreError> {
    match word {
        "general" => Ok(ConversationKind::General),
        "public" => Ok(ConversationKind::Public),
        "private" => Ok(ConversationKind::Private),
        "direct" => Ok(ConversationKind::Direct),
        other => Err(StoreError::Decode(format!("{other:?} is no kind of conversation").into())),
    }
}

/// A conversation that has not been deleted, and how far it has come.
#[derive(Clone, Debug)]
pub struct StoredConversation {
    pub conversation: Conversation,
    /// The `rev` of its last change.
    pub rev: Rev,
    /// The newest message's `seq`.
    pub head: Seq,
}

pub async fn find(conn: &mut Conn<'_>, id: ConversationId) -> Result<Option<StoredConversation>, StoreError> {
    let sql = "select id, kind, name, topic, owner_id, row_rev, member_count, rev, head_seq
        from conversations where id = $1 and state = 'open'";
    let row: Option<ConversationRow> = on!(conn, |db| sqlx::query_as(sql).bind(id.0).fetch_optional(db).await)?;
    let stored = |row: ConversationRow| {
        Ok(StoredConversation { rev: Rev(row.rev), head: Seq(row.head_seq), conversation: row.conversation()? })
    };
    row.map(stored).transpose()
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    #[sqlx(flatten)]
    row: ConversationRow,
    at: i64,
    others_message_count: i64,
    read_seq: i64,
    read_others_message_count: i64,
    with_id: Option<i64>,
    with_username: Option<String>,
    with_first_name: Option<String>,
    with_last_name: Option<String>,
}

impl TryFrom<SummaryRow> for ConversationSummary {
    type Error = StoreError;

    fn try_from(summary: SummaryRow) -> Result<Self, StoreError> {
        let with = || {
            Some(Person {
                id: UserId(summary.with_id?),
                username: summary.with_username?,
                first_name: summary.with_first_name?,
                last_name: summary.with_last_name?,
            })
        };
        Ok(ConversationSummary {
            with: with(),
            rev: Rev(summary.row.rev),
            head: Seq(summary.row.head_seq),
            at: Millis(summary.at),
            others_message_count: summary.others_message_count,
            read: ReadPosition { seq: Seq(summary.read_seq), others_message_count: summary.read_others_message_count },
            conversation: summary.row.conversation()?,
        })
    }
}

/// What both queries for conversation summaries begin with. `$1` is the user.
const SUMMARIES: &str =
    "select c.id, c.kind, c.name, c.topic, c.owner_id, c.row_rev, c.member_count, c.rev, c.head_seq,
        c.at, c.message_count - m.own_count as others_message_count, m.read_seq, m.read_others_message_count, u.id as with_id,
        u.username as with_username, u.first_name as with_first_name, u.last_name as with_last_name
    from members m
    join conversations c on c.id = m.conversation_id
    left join members o on c.kind = 'direct' and o.conversation_id = c.id and o.user_id <> m.user_id
    left join users u on u.id = o.user_id
    where m.user_id = $1 and m.state = 'joined' and c.state = 'open'";

/// The conversations that a user is in, oldest first.
pub async fn of_user(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<ConversationSummary>, StoreError> {
    let sql = format!("{SUMMARIES} order by c.id");
    let summaries: Vec<SummaryRow> =
        on!(conn, |db| sqlx::query_as(AssertSqlSafe(sql)).bind(user.0).fetch_all(db).await)?;
    summaries.into_iter().map(ConversationSummary::try_from).collect()
}

/// A user's summary of a conversation; `None` if they are not in it.
pub async fn summary(
    conn: &mut Conn<'_>,
    user: UserId,
    id: ConversationId,
) -> Result<Option<ConversationSummary>, StoreError> {
    let sql = format!("{SUMMARIES} and c.id = $2");
    let summary: Option<SummaryRow> =
        on!(conn, |db| sqlx::query_as(AssertSqlSafe(sql)).bind(user.0).bind(id.0).fetch_optional(db).await)?;
    summary.map(ConversationSummary::try_from).transpose()
}

/// General, which exists from the first start.
pub async fn general(conn: &mut Conn<'_>) -> Result<Option<ConversationId>, StoreError> {
    let sql = "select id from conversations where kind = 'general'";
    let id: Option<i64> = on!(conn, |db| sqlx::query_scalar(sql).fetch_optional(db).await)?;
    Ok(id.map(ConversationId))
}

/// A conversation to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewConversation<'a> {
    pub kind: ConversationKind,
    /// Empty for a direct conversation.
    pub name: &'a str,
    /// By which public rooms (with General) and direct conversations are unique.
    pub name_key: &'a str,
    pub topic: &'a str,
    pub owner: Option<UserId>,
}

/// Makes a conversation, whose `rev` is 1: making it is its first change.
pub async fn insert(conn: &mut Conn<'_>, new: NewConversation<'_>, at: Millis) -> Result<ConversationId, StoreError> {
    let sql = "insert into conversations
        (kind, name, name_key, topic, owner_id, rev, row_rev, head_seq, member_count, created_at, at, search_key)
        values ($1, $2, $3, $4, $5, 1, 1, 0, 0, $6, $6, $7) returning id";
    let id: i64 = on!(conn, |db| {
        sqlx::query_scalar(sql)
            .bind(new.kind.as_str())
            .bind(new.name)
            .bind(new.name_key)
            .bind(new.topic)
            .bind(new.owner.map(|owner| owner.0))
            .bind(at.0)
            .bind(fold::search_key(&[new.name, new.topic]))
            .fetch_one(db)
            .await
    })?;
    Ok(ConversationId(id))
}

/// The public room whose name has this key; General counts as one.
pub async fn public_named(conn: &mut Conn<'_>, name_key: &str) -> Result<Option<ConversationId>, StoreError> {
    let sql = "select id from conversations where name_key = $1 and kind in ('general', 'public') and state = 'open'";
    let id: Option<i64> = on!(conn, |db| sqlx::query_scalar(sql).bind(name_key).fetch_optional(db).await)?;
    Ok(id.map(ConversationId))
}

/// The direct conversation of two users, by their key.
pub async fn direct_of(conn: &mut Conn<'_>, key: &str) -> Result<Option<ConversationId>, StoreError> {
    let sql = "select id from conversations where name_key = $1 and kind = 'direct'";
    let id: Option<i64> = on!(conn, |db| sqlx::query_scalar(sql).bind(key).fetch_optional(db).await)?;
    Ok(id.map(ConversationId))
}

/// How many rooms a user owns.
pub async fn owned_rooms(conn: &mut Conn<'_>, user: UserId) -> Result<i64, StoreError> {
    let sql = "select count(*) from conversations where owner_id = $1 and state = 'open'";
    on!(conn, |db| sqlx::query_scalar(sql).bind(user.0).fetch_one(db).await)
}

/// Changes a room's name, its keys and the topic, at `rev`.
pub async fn set_text(
    conn: &mut Conn<'_>,
    id: ConversationId,
    text: (&str, &str, &str),
    rev: Rev,
) -> Result<(), StoreError> {
    let (name, name_key, topic) = text;
    let sql =
        "update conversations set name = $2, name_key = $3, topic = $4, row_rev = $5, search_key = $6 where id = $1";
    let search_key = fold::search_key(&[name, topic]);
    execute!(conn, sqlx::query(sql).bind(id.0).bind(name).bind(name_key).bind(topic).bind(rev.0).bind(search_key))?;
    Ok(())
}

/// Changes a room's owner, at `rev`. Who may become the owner is decided in `access/rooms.rs`.
pub async fn set_owner(
    conn: &mut Conn<'_>,
    id: ConversationId,
    owner: Option<UserId>,
    rev: Rev,
) -> Result<(), StoreError> {
    let sql = "update conversations set owner_id = $2, row_rev = $3 where id = $1";
    execute!(conn, sqlx::query(sql).bind(id.0).bind(owner.map(|owner| owner.0)).bind(rev.0))?;
    Ok(())
}

/// Marks a room as deleted: nobody finds it any more, and its name is free. [`sweep_deleted`] removes its rows later.
pub async fn mark_deleted(conn: &mut Conn<'_>, id: ConversationId) -> Result<(), StoreError> {
    execute!(conn, sqlx::query("update conversations set state = 'deleted' where id = $1").bind(id.0))?;
    Ok(())
}

/// Public rooms (with General) whose search key is like the patterns, in the order of their names' keys, above `after`, each
/// with whether the user is in it.
pub async fn public_rooms(
    conn: &mut Conn<'_>,
    user: UserId,
    patterns: &[String],
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(Conversation, bool)>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct PublicRoomRow {
        #[sqlx(flatten)]
        row: ConversationRow,
        joined: i64,
    }
    let sql = format!(
        "select c.id, c.kind, c.name, c.topic, c.owner_id, c.row_rev, c.member_count, c.rev, c.head_seq,
            cast(case when m.state = 'joined' then 1 else 0 end as bigint) as joined
        from conversations c left join members m on m.conversation_id = c.id and m.user_id = $1
        where c.kind in ('general', 'public') and c.state = 'open' and c.name_key > $2 {} order by c.name_key limit $3",
        and_matching("c.search_key", patterns, 4)
    );
    let rooms: Vec<PublicRoomRow> = on!(conn, |db| {
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(user.0).bind(after.unwrap_or_default()).bind(limit as i64);
        patterns.iter().fold(query, |query, pattern| query.bind(pattern)).fetch_all(db).await
    })?;
    rooms.into_iter().map(|room| Ok((room.row.conversation()?, room.joined == 1))).collect()
}

/// The `rev` of each of these conversations; deleted ones are not among them.
pub async fn revs(conn: &mut Conn<'_>, ids: &[ConversationId]) -> Result<Vec<(ConversationId, Rev)>, StoreError> {
    let mut revs = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IN_MAX) {
        let sql = format!(
            "select id, rev from conversations where state = 'open' and id in {}",
            rows_of_parameters(1, chunk.len())
        );
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

/// The newest `seq` of each of these conversations, without locking them. Those that do not exist, or are deleted, have
/// none.
pub async fn head_seqs(conn: &mut Conn<'_>, ids: &[ConversationId]) -> Result<Vec<(ConversationId, Seq)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select id, head_seq from conversations where state = 'open' and id in {}",
        rows_of_parameters(1, ids.len())
    );
    let rows: Vec<(i64, i64)> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(id.0);
        }
        query.fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|(id, head)| (ConversationId(id), Seq(head))).collect())
}

/// The heads of these conversations, locked until the transaction ends. Rows are locked in the order of their ids,
/// so that two nodes never deadlock.
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
        "select id, rev, head_seq, message_count, at from conversations where state = 'open' and id in {} order by id{lock}",
        rows_of_parameters(1, ids.len())
    );
    let rows: Vec<(i64, i64, i64, i64, i64)> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(id.0);
        }
        query.fetch_all(db).await
    })?;
    let head = |(id, rev, seq, message_count, at)| {
        (ConversationId(id), Head { rev: Rev(rev), seq: Seq(seq), message_count, at: Millis(at) })
    };
    Ok(rows.into_iter().map(head).collect())
}

pub async fn set_head(conn: &mut Conn<'_>, id: ConversationId, head: Head) -> Result<(), StoreError> {
    execute!(
        conn,
        sqlx::query("update conversations set rev = $2, head_seq = $3, message_count = $4, at = $5 where id = $1")
            .bind(id.0)
            .bind(head.rev.0)
            .bind(head.seq.0)
            .bind(head.message_count)
            .bind(head.at.0)
    )?;
    Ok(())
}

/// Adds to (or subtracts from) the number of members, at `rev`.
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

/// Rows of deleted rooms that one sweep removes: a few milliseconds' work.
const SWEEP_ROWS: i64 = 500;

/// A deleted room whose rows have not been swept yet.
pub async fn next_deleted(conn: &mut Conn<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "select id from conversations where state = 'deleted' order by id limit 1";
    on!(conn, |db| sqlx::query_scalar(sql).fetch_optional(db).await)
}

/// Removes some rows of deleted rooms; returns whether there may be more.
pub async fn sweep_deleted(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    let Some(id) = next_deleted(conn).await? else { return Ok(false) };
    let messages = "delete from messages where row_id in
        (select row_id from messages where conversation_id = $1 order by seq limit $2)";
    let members = "delete from members where conversation_id = $1 and user_id in
        (select user_id from members where conversation_id = $1 limit $2)";
    for sql in [messages, members] {
        let removed = execute!(conn, sqlx::query(sql).bind(id).bind(SWEEP_ROWS))?;
        if removed > 0 {
            return Ok(true);
        }
    }
    execute!(conn, sqlx::query("delete from conversations where id = $1").bind(id))?;
    Ok(true)
}
