//! Whether anything happened: the rows, and what everybody's connections were given.

use futures::FutureExt;
use hubbub::model::{ConversationId, Error, UserId};
use hubbub::server::Core;
use hubbub::server::hub::{Subscriber, Taken};
use hubbub::server::store::Conn;
use std::future::Future;
use std::sync::Arc;

/// What every row has that may change.
const ROWS: [&str; 4] = [
    "select id, rev, row_rev, member_count, message_count from conversations order by id",
    "select conversation_id, user_id, rev, read_seq, read_others_message_count from members order by conversation_id, user_id",
    "select conversation_id, seq, rev, author_id, message_count from messages order by row_id",
    "select id, user_rev, created_at, id, id from users order by id",
];

type Row = (i64, i64, i64, i64, i64);

/// Everyone's connections, and what stands.
pub struct Snapshot {
    core: Arc<Core>,
    ears: Vec<(UserId, Subscriber)>,
}

impl Snapshot {
    /// Everyone of these is connected once, and hears of these conversations where they are in them.
    pub fn begin(core: &Arc<Core>, users: &[(UserId, &[ConversationId])]) -> Self {
        let ear = |(user, conversations): &(UserId, &[ConversationId])| {
            let subscriber = core.hub.register(*user, [user.0 as u8; 32]).unwrap();
            subscriber.subscribe(conversations.iter().copied());
            (*user, subscriber)
        };
        Snapshot { core: Arc::clone(core), ears: users.iter().map(ear).collect() }
    }

    async fn rows(&self) -> Vec<Vec<Row>> {
        let mut snapshot = self.core.db.snapshot().await.unwrap();
        let mut all = Vec::new();
        for sql in ROWS {
            all.push(match snapshot.conn() {
                Conn::Sqlite(db) => sqlx::query_as(sql).fetch_all(db).await.unwrap(),
                Conn::Postgres(db) => sqlx::query_as(sql).fetch_all(db).await.unwrap(),
            });
        }
        all
    }

    /// What everybody has been given since the last time.
    fn heard(&self) -> Vec<(UserId, String)> {
        let mut heard = Vec::new();
        for (user, ear) in &self.ears {
            if let Some(Taken::Frames(frames)) = ear.queue.take().now_or_never() {
                heard.extend(frames.iter().map(|frame| (*user, frame.to_string())));
            }
        }
        heard
    }

    /// Does something after which everything is as it was, and nobody was told anything.
    pub async fn stays<T>(&self, what: &str, doing: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.heard();
        let before = self.rows().await;
        let answer = doing.await;
        // The writer tells of one thing after the other: what came before this has been told.
        self.core.writer.delete_expired_sessions().await.unwrap();
        assert_eq!(self.rows().await, before, "{what}: the rows");
        assert_eq!(self.heard(), [], "{what}: what others were told");
        answer
    }

    /// Does something that everyone of these is told of, and nobody else.
    pub async fn tells<T>(&self, whom: &[UserId], what: &str, doing: impl Future<Output = Result<T, Error>>) -> T {
        self.heard();
        let answer = doing.await.unwrap_or_else(|error| panic!("{what}: {error}"));
        self.core.writer.delete_expired_sessions().await.unwrap();
        let mut told: Vec<UserId> = self.heard().into_iter().map(|(user, _)| user).collect();
        told.dedup();
        assert_eq!(told, whom, "{what}");
        answer
    }
}
