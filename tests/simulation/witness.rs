//! What the servers committed, as the database itself tells it: who was in which conversation, from which of its
//! numbers until which. Triggers write it down within the servers' own transactions, so that nothing committed is
//! missing from it, whoever crashed before telling.

use hubbub::model::{ConversationId, Rev, UserId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use std::collections::BTreeMap;
use std::str::FromStr;
use tokio::runtime::{Builder, Runtime};

const TRIGGERS: &str = "
create table witness (n integer primary key, what text not null, conversation integer not null, user integer, rev integer not null);
create trigger witness_entered after insert on members begin
    insert into witness (what, conversation, user, rev) values (new.state, new.conversation_id, new.user_id, new.rev);
end;
create trigger witness_moved after update of state on members when new.state <> old.state begin
    insert into witness (what, conversation, user, rev) values (new.state, new.conversation_id, new.user_id, new.rev);
end;
create trigger witness_made after insert on conversations begin
    insert into witness (what, conversation, user, rev) values (new.kind, new.id, new.owner_id, new.rev);
end;
create trigger witness_handed after update of owner_id on conversations begin
    insert into witness (what, conversation, user, rev) values ('handed', new.id, new.owner_id, new.rev);
end;
create trigger witness_ended after update of state on conversations when new.state = 'deleted' begin
    insert into witness (what, conversation, user, rev) values ('ended', new.id, null, new.rev);
end;
create trigger witness_swept after delete on conversations begin
    insert into witness (what, conversation, user, rev) values ('swept', old.id, null, old.rev);
end;
";

/// A look into the database that no server knows of.
pub struct Witness {
    runtime: Runtime,
    db: SqliteConnection,
    seen: i64,
}

impl Witness {
    /// Begins to watch; the tables are there already.
    pub fn begin(url: &str) -> Self {
        let runtime = Builder::new_current_thread().build().unwrap();
        let options = SqliteConnectOptions::from_str(url).unwrap();
        let mut db = runtime.block_on(options.connect()).unwrap();
        runtime.block_on(sqlx::raw_sql(TRIGGERS).execute(&mut db)).unwrap();
        Witness { runtime, db, seen: 0 }
    }

    /// Writes down what was committed since the last time.
    pub fn look(&mut self, now: u64, history: &mut History) {
        type Row = (i64, String, i64, Option<i64>, i64);
        let sql = "select n, what, conversation, user, rev from witness where n > $1 order by n";
        let rows = sqlx::query_as(sql).bind(self.seen).fetch_all(&mut self.db);
        let rows: Vec<Row> = self.runtime.block_on(rows).unwrap();
        for (n, what, conversation, user, rev) in rows {
            self.seen = n;
            history.note(now, &what, ConversationId(conversation), user.map(UserId), Rev(rev));
        }
    }

    /// All rows that a query of numbers gives.
    pub fn numbers(&mut self, sql: &'static str) -> Vec<(i64, i64, i64)> {
        self.runtime.block_on(sqlx::query_as(sql).fetch_all(&mut self.db)).unwrap()
    }
}

/// One stay of a user in a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Stay {
    /// The change by which they came.
    pub from: Rev,
    /// The change by which they went.
    pub until: Option<Rev>,
    pub began: u64,
    pub ended: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Life {
    pub kind: String,
    pub owner: Option<UserId>,
    /// When it was deleted.
    pub ended: Option<u64>,
    /// Whether its rows are gone.
    pub swept: bool,
}

/// Who was in what, and when.
#[derive(Default)]
pub struct History {
    pub conversations: BTreeMap<ConversationId, Life>,
    stays: BTreeMap<(ConversationId, UserId), Vec<Stay>>,
}

impl History {
    fn note(&mut self, now: u64, what: &str, id: ConversationId, user: Option<UserId>, rev: Rev) {
        let life = self.conversations.entry(id).or_default();
        match (what, user) {
            ("joined", Some(user)) => {
                let stay = Stay { from: rev, until: None, began: now, ended: None };
                self.stays.entry((id, user)).or_default().push(stay);
            }
            ("left", Some(user)) => {
                let stay = self.stays.get_mut(&(id, user)).and_then(|stays| stays.last_mut());
                let stay = stay.expect("who goes has come");
                (stay.until, stay.ended) = (Some(rev), Some(now));
            }
            ("ended", _) => life.ended = Some(now),
            ("swept", _) => life.swept = true,
            ("handed", _) => life.owner = user,
            (kind, owner) => (life.kind, life.owner) = (kind.to_owned(), owner),
        }
    }

    fn stays(&self, id: ConversationId, user: UserId) -> &[Stay] {
        self.stays.get(&(id, user)).map_or(&[], Vec::as_slice)
    }

    pub fn ended(&self, id: ConversationId) -> Option<u64> {
        self.conversations.get(&id).and_then(|life| life.ended)
    }

    /// Every conversation there has been.
    pub fn all(&self) -> Vec<ConversationId> {
        self.conversations.keys().copied().collect()
    }

    /// Those that have not been deleted.
    pub fn open(&self) -> Vec<ConversationId> {
        self.conversations.iter().filter(|(_, life)| life.ended.is_none()).map(|(id, _)| *id).collect()
    }

    pub fn is_in(&self, id: ConversationId, user: UserId) -> bool {
        self.ended(id).is_none() && self.stays(id, user).last().is_some_and(|stay| stay.until.is_none())
    }

    /// Whether they have ever been in it.
    pub fn knows(&self, id: ConversationId, user: UserId) -> bool {
        !self.stays(id, user).is_empty()
    }

    /// How often they have come.
    pub fn times(&self, id: ConversationId, user: UserId) -> usize {
        self.stays(id, user).len()
    }

    /// The conversations that a user is in.
    pub fn of(&self, user: UserId) -> Vec<ConversationId> {
        self.all().into_iter().filter(|id| self.is_in(*id, user)).collect()
    }

    /// Who is in a conversation.
    pub fn members(&self, id: ConversationId) -> Vec<UserId> {
        let users = self.stays.keys().filter(|(place, _)| *place == id).map(|(_, user)| *user);
        users.filter(|user| self.is_in(id, *user)).collect()
    }

    /// Whether the change with this number is theirs to hear of: that of their going is the last. Who comes may read
    /// what was before.
    pub fn hears(&self, id: ConversationId, user: UserId, rev: Rev) -> bool {
        self.stays(id, user).iter().any(|stay| stay.until.is_none_or(|until| rev <= until))
    }

    /// Whether they were in it when it stood at this number.
    pub fn reads(&self, id: ConversationId, user: UserId, rev: Rev) -> bool {
        self.stays(id, user).iter().any(|stay| stay.from <= rev && stay.until.is_none_or(|until| rev < until))
    }

    /// When they last went before this number; nothing if they had never been there.
    pub fn went_before(&self, id: ConversationId, user: UserId, rev: Rev) -> Option<u64> {
        self.stays(id, user)
            .iter()
            .filter(|stay| stay.until.is_some_and(|until| until < rev))
            .filter_map(|stay| stay.ended)
            .max()
    }

    /// When they went, if they are not in it now but have been.
    pub fn went(&self, id: ConversationId, user: UserId) -> Option<u64> {
        let last = self.stays(id, user).last()?;
        last.ended.into_iter().chain(self.ended(id)).min()
    }

    /// Whether they have been in it without a break since before a moment.
    pub fn has_been_in_since(&self, id: ConversationId, user: UserId, moment: u64) -> bool {
        self.is_in(id, user) && self.stays(id, user).last().is_some_and(|stay| stay.began < moment)
    }

    /// Whether they have been in it at any time since a moment.
    pub fn was_in_since(&self, id: ConversationId, user: UserId, moment: u64) -> bool {
        let stays = self.stays(id, user).iter();
        stays.filter_map(|stay| stay.ended.into_iter().chain(self.ended(id)).min()).any(|ended| ended >= moment)
            || self.is_in(id, user)
    }
}
