//! Everything that the writer counts, counted again from the rows.

use hubbub::server::Core;
use hubbub::server::store::Snapshot;

/// What is counted, and a query for where the count is wrong: it gives a conversation's, message's or user's number.
/// Both databases understand them all.
const COUNTS: &[(&str, &str)] = &[
    (
        "places (seq) begin with 1 and have no gaps",
        "select conversation_id from messages group by conversation_id having count(*) <> max(seq) or min(seq) <> 1",
    ),
    (
        "a conversation's head, its message count and when the newest was posted",
        "select c.id from conversations c left join messages m on m.conversation_id = c.id
         group by c.id, c.head_seq, c.message_count, c.at, c.created_at
         having c.head_seq <> count(m.seq) or c.message_count <> sum(case when m.seq is not null and m.notice is null then 1 else 0 end)
            or c.at <> coalesce(max(m.at), c.created_at)",
    ),
    (
        "every number of a conversation's clock is taken, by its making, a message or a member",
        "select c.id from conversations c join (
            select id as conversation_id, 1 as rev from conversations
            union select conversation_id, rev from messages
            union select conversation_id, rev from members
         ) as taken on taken.conversation_id = c.id
         group by c.id, c.rev having c.rev <> count(*) or c.rev <> max(taken.rev)",
    ),
    (
        "a conversation's row changes when it is told of, or when somebody comes or goes",
        "select c.id from conversations c join (
            select id as conversation_id, 1 as rev from conversations
            union select conversation_id, rev from messages where notice is not null
            union select conversation_id, rev from members
         ) as changed on changed.conversation_id = c.id
         group by c.id, c.row_rev having c.row_rev <> max(changed.rev)",
    ),
    (
        "how many are in a conversation",
        "select c.id from conversations c left join members m on m.conversation_id = c.id and m.state = 'joined'
         group by c.id, c.member_count having c.member_count <> count(m.user_id)",
    ),
    (
        "who is in a room is who came and has not gone, as it was told",
        "select c.id from conversations c join messages m on m.conversation_id = c.id
         where c.owner_id is not null group by c.id, c.member_count
         having c.member_count <> sum(case
            when m.notice = '{\"type\":\"created\"}' or m.notice = '{\"type\":\"joined\"}' or m.notice like '{\"type\":\"added\"%' then 1
            when m.notice = '{\"type\":\"left\"}' or m.notice like '{\"type\":\"removed\"%' then -1 else 0 end)",
    ),
    (
        "a message's count of messages up to it, its author's own count, and its time",
        "select row_id from (
            select row_id, message_count, own_count, at,
                sum(case when notice is null then 1 else 0 end) over (partition by conversation_id order by seq) as all_so_far,
                sum(case when notice is null then 1 else 0 end) over (partition by conversation_id, author_id order by seq) as own_so_far,
                lag(at) over (partition by conversation_id order by seq) as before,
                lag(rev) over (partition by conversation_id order by seq) as rev_before, rev
            from messages
         ) as counted where message_count <> all_so_far or own_count <> own_so_far or at < before or rev <= rev_before",
    ),
    (
        "a member's own count, and the others' count at the read position",
        "select m.conversation_id from members m left join messages t
            on t.conversation_id = m.conversation_id and t.notice is null
         group by m.conversation_id, m.user_id, m.own_count, m.read_seq, m.read_others_message_count
         having m.own_count <> sum(case when t.author_id = m.user_id then 1 else 0 end)
            or m.read_others_message_count <> sum(case when t.author_id <> m.user_id and t.seq <= m.read_seq then 1 else 0 end)",
    ),
    (
        "nobody has read beyond the head",
        "select c.id from conversations c join members m on m.conversation_id = c.id
         where m.read_seq < 0 or m.read_seq > c.head_seq",
    ),
    (
        "who writes is a member, and was one by then",
        "select t.row_id from messages t left join members m
            on m.conversation_id = t.conversation_id and m.user_id = t.author_id where m.user_id is null",
    ),
    (
        "a list's clock has counted at least its conversations but General",
        "select u.id from users u left join members m on m.user_id = u.id
            and m.conversation_id <> (select id from conversations where kind = 'general')
         group by u.id, u.user_rev having u.user_rev < 1 + count(m.user_id)",
    ),
];

/// The counts that are wrong, each with where.
pub async fn wrong_counts(core: &Core) -> Vec<(&'static str, i64)> {
    let mut wrong = Vec::new();
    for (what, sql) in COUNTS {
        let found: Vec<i64> = match core.db.snapshot().await.unwrap() {
            Snapshot::Sqlite(mut tx) => sqlx::query_scalar(*sql).fetch_all(&mut *tx).await.unwrap(),
            Snapshot::Postgres(mut tx) => sqlx::query_scalar(*sql).fetch_all(&mut *tx).await.unwrap(),
        };
        wrong.extend(found.into_iter().map(|place| (*what, place)));
    }
    wrong
}
