//! What the servers committed, as recorded by the database itself: who was a member of which conversation, from which
//! revision until which. Triggers write it within the servers' own transactions, so that nothing committed is missing,
//! even if a server crashed before publishing it.

use hubbub::model::{ConversationId, Rev, UserId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use std::collections::BTreeMap;
use std::str::FromStr;
use tokio::runtime::{Builder, Runtime};

const TRIGGERS: &str = "
create table commit_log (n integer primary key, what text not null, conversation integer not null, user integer, rev integer not null);
create trigger commit_log_entered after insert on members begin
    insert into commit_log (what, conversation, user, rev) values (new.state, new.conversation_id, new.user_id, new.rev);
end;
create trigger commit_log_moved after update of state on members when new.state <> old.state begin
    insert into commit_log (what, conversation, user, rev) values (new.state, new.conversation_id, new.user_id, new.rev);
end;
create trigger commit_log_made after insert on conversations begin
    insert into commit_log (what, conversation, user, rev) values (new.kind, new.id, new.owner_id, new.rev);
end;
create trigger commit_log_handed after update of owner_id on conversations begin
    insert into commit_log (what, conversation, user, rev) values ('owner', new.id, new.owner_id, new.rev);
end;
create trigger commit_log_ended after update of state on conversations when new.state = 'deleted' begin
    insert into commit_log (what, conversation, user, rev) values ('deleted', new.id, null, new.rev);
end;
create trigger commit_log_swept after delete on conversations begin
    insert into commit_log (what, conversation, user, rev) values ('purged', old.id, null, old.rev);
end;
";

/// A connection to the database that no server knows of.
pub struct CommitLog {
    runtime: Runtime,
    db: SqliteConnection,
    seen: i64,
}

impl CommitLog {
    /// Creates the triggers; the tables exist already.
    pub fn begin(url: &str) -> Self {
        let runtime = Builder::new_current_thread().build().unwrap();
        let options = SqliteConnectOptions::from_str(url).unwrap();
        let mut db = runtime.block_on(options.connect()).unwrap();
        runtime.block_on(sqlx::raw_sql(TRIGGERS).execute(&mut db)).unwrap();
        CommitLog { runtime, db, seen: 0 }
    }

    /// Reads what was committed since the last call.
    pub fn read_new(&mut self, now: u64, history: &mut History) {
        type Row = (i64, String, i64, Option<i64>, i64);
        let sql = "select n, what, conversation, user, rev from commit_log where n > $1 order by n";
        let rows = sqlx::query_as(sql).bind(self.seen).fetch_all(&mut self.db);
        let rows: Vec<Row> = self.runtime.block_on(rows).unwrap();
        for (n, what, conversation, user, rev) in rows {
            self.seen = n;
            history.note(now, &what, ConversationId(conversation), user.map(UserId), Rev(rev));
        }
    }

    /// All rows of a query of three numbers.
    pub fn numbers(&mut self, sql: &'static str) -> Vec<(i64, i64, i64)> {
        self.runtime.block_on(sqlx::query_as(sql).fetch_all(&mut self.db)).unwrap()
    }
}

/// One membership of a user in a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The change by which they joined.
    pub from: Rev,
    /// The change by which they left.
    pub until: Option<Rev>,
    pub began: u64,
    pub ended: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct ConversationHistory {
    pub kind: String,
    pub owner: Option<UserId>,
    /// When it was deleted.
    pub deleted_at: Option<u64>,
    /// Whether its rows are deleted.
    pub purged: bool,
}

/// Who was a member of which conversation, and when.
#[derive(Default)]
pub struct History {
    pub conversations: BTreeMap<ConversationId, ConversationHistory>,
    memberships: BTreeMap<(ConversationId, UserId), Vec<Membership>>,
}

impl History {
    fn note(&mut self, now: u64, what: &str, id: ConversationId, user: Option<UserId>, rev: Rev) {
        let life = self.conversations.entry(id).or_default();
        match (what, user) {
            ("joined", Some(user)) => {
                let membership = Membership { from: rev, until: None, began: now, ended: None };
                self.memberships.entry((id, user)).or_default().push(membership);
            }
            ("left", Some(user)) => {
                let membership = self.memberships.get_mut(&(id, user)).and_then(|memberships| memberships.last_mut());
                let membership = membership.expect("only a member can leave");
                (membership.until, membership.ended) = (Some(rev), Some(now));
            }
            ("deleted", _) => life.deleted_at = Some(now),
            ("purged", _) => life.purged = true,
            ("owner", _) => life.owner = user,
            (kind, owner) => (life.kind, life.owner) = (kind.to_owned(), owner),
        }
    }

    fn memberships(&self, id: ConversationId, user: UserId) -> &[Membership] {
        self.memberships.get(&(id, user)).map_or(&[], Vec::as_slice)
    }

    /// A user's memberships, for the message of a failure.
    pub fn about(&self, user: UserId) -> String {
        let of_user = self.memberships.iter().filter(|((_, member), _)| *member == user);
        let line = |((id, _), memberships): (&(ConversationId, UserId), &Vec<Membership>)| {
            format!("  {id}: {memberships:?}, deleted at {:?}", self.deleted_at(*id))
        };
        of_user.map(line).collect::<Vec<_>>().join("\n")
    }

    pub fn deleted_at(&self, id: ConversationId) -> Option<u64> {
        self.conversations.get(&id).and_then(|life| life.deleted_at)
    }

    /// Every conversation that ever existed.
    pub fn all(&self) -> Vec<ConversationId> {
        self.conversations.keys().copied().collect()
    }

    /// Those that have not been deleted.
    pub fn open(&self) -> Vec<ConversationId> {
        self.conversations.iter().filter(|(_, life)| life.deleted_at.is_none()).map(|(id, _)| *id).collect()
    }

    pub fn is_member(&self, id: ConversationId, user: UserId) -> bool {
        self.deleted_at(id).is_none()
            && self.memberships(id, user).last().is_some_and(|membership| membership.until.is_none())
    }

    /// Whether they have ever been a member.
    pub fn was_ever_member(&self, id: ConversationId, user: UserId) -> bool {
        !self.memberships(id, user).is_empty()
    }

    /// How many times they have joined.
    pub fn join_count(&self, id: ConversationId, user: UserId) -> usize {
        self.memberships(id, user).len()
    }

    /// The conversations that a user is a member of.
    pub fn conversations_of(&self, user: UserId) -> Vec<ConversationId> {
        self.all().into_iter().filter(|id| self.is_member(*id, user)).collect()
    }

    /// The members of a conversation.
    pub fn members(&self, id: ConversationId) -> Vec<UserId> {
        let users = self.memberships.keys().filter(|(place, _)| *place == id).map(|(_, user)| *user);
        users.filter(|user| self.is_member(id, *user)).collect()
    }

    /// Whether they may receive the change with this revision: the last one is that of their own removal. A new member
    /// may read what was before.
    pub fn may_receive(&self, id: ConversationId, user: UserId, rev: Rev) -> bool {
        self.memberships(id, user).iter().any(|membership| membership.until.is_none_or(|until| rev <= until))
    }

    /// Whether they were a member at this revision.
    pub fn may_read(&self, id: ConversationId, user: UserId, rev: Rev) -> bool {
        self.memberships(id, user)
            .iter()
            .any(|membership| membership.from <= rev && membership.until.is_none_or(|until| rev < until))
    }

    /// When they last left before this revision; `None` if they had never been a member.
    pub fn left_before(&self, id: ConversationId, user: UserId, rev: Rev) -> Option<u64> {
        self.memberships(id, user)
            .iter()
            .filter(|membership| membership.until.is_some_and(|until| until < rev))
            .filter_map(|membership| membership.ended)
            .max()
    }

    /// When they left, if they are not a member now but have been.
    pub fn left_at(&self, id: ConversationId, user: UserId) -> Option<u64> {
        let last = self.memberships(id, user).last()?;
        last.ended.into_iter().chain(self.deleted_at(id)).min()
    }

    /// Whether they have been a member without a break since before a moment.
    pub fn is_member_since(&self, id: ConversationId, user: UserId, moment: u64) -> bool {
        self.is_member(id, user)
            && self.memberships(id, user).last().is_some_and(|membership| membership.began < moment)
    }

    /// Whether they have been a member at any time since a moment.
    pub fn was_member_since(&self, id: ConversationId, user: UserId, moment: u64) -> bool {
        let memberships = self.memberships(id, user).iter();
        memberships
            .filter_map(|membership| membership.ended.into_iter().chain(self.deleted_at(id)).min())
            .any(|ended| ended >= moment)
            || self.is_member(id, user)
    }
}
