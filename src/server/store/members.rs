//! Members: who is in which conversation.

use super::conversations::Head;
use super::{Conn, StoreError, and_matching, execute, on, rows_of_numbers, rows_of_parameters};
use crate::model::{ConversationId, Member, MemberState, Millis, Person, ReadPosition, Rev, Seq, UserId, UserState};
use sqlx::AssertSqlSafe;

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: i64,
    username: String,
    first_name: String,
    last_name: String,
    state: String,
    rev: i64,
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
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

/// A membership, with what only the server needs of it.
#[derive(Clone, Debug)]
pub struct Membership {
    pub conversation: ConversationId,
    pub member: Member,
    /// How many messages they have written in the conversation.
    pub own_count: i64,
    pub read: ReadPosition,
    /// Whether their account is enabled.
    pub is_active: bool,
}

impl Membership {
    /// Whether they are in the conversation now; otherwise they were.
    pub fn is_joined(&self) -> bool {
        self.member.state == MemberState::Joined
    }
}

pub async fn find(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    user: UserId,
) -> Result<Option<Membership>, StoreError> {
    Ok(among(conn, &[(conversation, user)]).await?.pop())
}

/// The memberships of these pairs, as far as there are any.
pub async fn among(conn: &mut Conn<'_>, pairs: &[(ConversationId, UserId)]) -> Result<Vec<Membership>, StoreError> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select m.conversation_id, m.own_count, m.read_seq, m.read_others_message_count,
            u.state as user_state, u.id, u.username, u.first_name, u.last_name, m.state, m.rev
         from members m join users u on u.id = m.user_id
         where (m.conversation_id, m.user_id) in (values {})",
        rows_of_parameters(pairs.len(), 2)
    );
    #[derive(sqlx::FromRow)]
    struct MembershipRow {
        conversation_id: i64,
        own_count: i64,
        read_seq: i64,
        read_others_message_count: i64,
        user_state: String,
        #[sqlx(flatten)]
        row: MemberRow,
    }
    let rows: Vec<MembershipRow> = on!(conn, |db| {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for (conversation, user) in pairs {
            query = query.bind(conversation.0).bind(user.0);
        }
        query.fetch_all(db).await
    })?;
    let membership = |row: MembershipRow| Membership {
        conversation: ConversationId(row.conversation_id),
        own_count: row.own_count,
        read: ReadPosition { seq: Seq(row.read_seq), others_message_count: row.read_others_message_count },
        is_active: row.user_state == UserState::Active.as_str(),
        member: row.row.into(),
    };
    Ok(rows.into_iter().map(membership).collect())
}

/// A page of a conversation's members whose search key is like the patterns, in the order of their names: `limit` of them
/// after the names and id that the page before ended with.
pub async fn page(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    patterns: &[String],
    after: Option<(&str, &str, UserId)>,
    limit: usize,
) -> Result<Vec<Member>, StoreError> {
    let (first, last, id) = after.unwrap_or(("", "", UserId(0)));
    let sql = format!(
        "select u.id, u.username, u.first_name, u.last_name, m.state, m.rev
        from members m join users u on u.id = m.user_id
        where m.conversation_id = $1 and m.state = 'joined' and (u.first_name, u.last_name, u.id) > ($2, $3, $4) {}
        order by u.first_name, u.last_name, u.id limit $5",
        and_matching("u.search_key", patterns, 6)
    );
    let rows: Vec<MemberRow> = on!(conn, |db| {
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(conversation.0).bind(first).bind(last).bind(id.0);
        let query = query.bind(limit as i64);
        patterns.iter().fold(query, |query, pattern| query.bind(pattern)).fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// How many conversations a user is in.
pub async fn conversations_of(conn: &mut Conn<'_>, user: UserId) -> Result<i64, StoreError> {
    let sql = "select count(*) from members where user_id = $1 and state = 'joined'";
    on!(conn, |db| sqlx::query_scalar(sql).bind(user.0).fetch_one(db).await)
}

/// The longest-standing member with an enabled account except this user; with `owned_max`, of those who own fewer rooms.
pub async fn longest_standing(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    except: UserId,
    owned_max: Option<i64>,
) -> Result<Option<UserId>, StoreError> {
    let bounded = "and (select count(*) from conversations c where c.owner_id = m.user_id and c.state = 'open') < $3";
    let sql = format!(
        "select m.user_id from members m join users u on u.id = m.user_id
        where m.conversation_id = $1 and m.state = 'joined' and m.user_id <> $2 and u.state = 'active' {}
        order by m.joined_at, m.user_id limit 1",
        if owned_max.is_some() { bounded } else { "" }
    );
    let id: Option<i64> = on!(conn, |db| {
        let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(conversation.0).bind(except.0);
        match owned_max {
            Some(owned_max) => query.bind(owned_max).fetch_optional(db).await,
            None => query.fetch_optional(db).await,
        }
    })?;
    Ok(id.map(UserId))
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
    let rows: Vec<MemberRow> =
        on!(conn, |db| sqlx::query_as(sql).bind(conversation.0).bind(since.0).bind(limit as i64).fetch_all(db).await)?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// Makes a user a member, or a member again, with everything read.
pub async fn join(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    user: UserId,
    rev: Rev,
    head: Head,
    at: Millis,
) -> Result<(), StoreError> {
    let sql =
        "insert into members (conversation_id, user_id, state, rev, joined_at, read_seq, read_others_message_count)
        values ($1, $2, 'joined', $3, $4, $5, $6)
        on conflict (conversation_id, user_id) do update set state = 'joined', rev = excluded.rev,
            joined_at = excluded.joined_at, read_seq = excluded.read_seq,
            read_others_message_count = excluded.read_others_message_count - members.own_count";
    execute!(
        conn,
        sqlx::query(sql)
            .bind(conversation.0)
            .bind(user.0)
            .bind(rev.0)
            .bind(at.0)
            .bind(head.seq.0)
            .bind(head.message_count)
    )?;
    Ok(())
}

/// Ends a membership. Its row stays, so that catching up can tell of it and messages keep their author's name.
pub async fn leave(
    conn: &mut Conn<'_>,
    conversation: ConversationId,
    user: UserId,
    rev: Rev,
) -> Result<(), StoreError> {
    let sql = "update members set state = 'left', rev = $3 where conversation_id = $1 and user_id = $2";
    execute!(conn, sqlx::query(sql).bind(conversation.0).bind(user.0).bind(rev.0))?;
    Ok(())
}

/// How many messages a member has written in a conversation.
#[derive(Clone, Copy, Debug)]
pub struct OwnCount {
    pub conversation: ConversationId,
    pub user: UserId,
    pub own_count: i64,
}

/// Sets how many messages members have written.
pub async fn set_own_counts(conn: &mut Conn<'_>, all: &[OwnCount]) -> Result<(), StoreError> {
    if all.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "update members set own_count = v.column3 from (values {}) as v
         where members.conversation_id = v.column1 and members.user_id = v.column2",
        rows_of_numbers(all.len(), 3)
    );
    on!(conn, |db| {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for count in all {
            query = query.bind(count.conversation.0).bind(count.user.0).bind(count.own_count);
        }
        query.execute(db).await.map(drop)
    })?;
    Ok(())
}

/// Where a member's read position moves.
#[derive(Clone, Copy, Debug)]
pub struct NewReadPosition {
    pub conversation: ConversationId,
    pub user: UserId,
    pub read: ReadPosition,
}

/// Moves members' read positions.
pub async fn set_read_positions(conn: &mut Conn<'_>, all: &[NewReadPosition]) -> Result<(), StoreError> {
    if all.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "update members set read_seq = v.column3, read_others_message_count = v.column4 from (values {}) as v
         where members.conversation_id = v.column1 and members.user_id = v.column2",
        rows_of_numbers(all.len(), 4)
    );
    on!(conn, |db| {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for new in all {
            query = query
                .bind(new.conversation.0)
                .bind(new.user.0)
                .bind(new.read.seq.0)
                .bind(new.read.others_message_count);
        }
        query.execute(db).await.map(drop)
    })?;
    Ok(())
}
