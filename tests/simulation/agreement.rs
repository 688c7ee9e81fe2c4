//! Consistency: every replica equals a fresh load, and every stored count equals the rows.

use super::world::World;
use hubbub::model::{Code, Conversation, ConversationId, InitialState, Member, Message, Rev, Seq, UserId};
use hubbub::server::chat::initial_state;
use hubbub::server::store::{conversations, members, messages};
use hubbub::sync::{Engine, Event, FetchState, Now, OperationState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The state of a conversation in the database.
pub struct ConversationState {
    row: Conversation,
    through: Rev,
    pub messages: Vec<Arc<Message>>,
    members: BTreeMap<UserId, Member>,
}

/// The stored counts. Each query returns the rows where the stored count differs from the counted one.
const COUNTS: &[(&str, &str)] = &[
    (
        "members",
        "select c.id, c.member_count, count(m.user_id) from conversations c
            left join members m on m.conversation_id = c.id and m.state = 'joined'
            group by c.id having c.member_count <> count(m.user_id)",
    ),
    (
        "messages",
        "select c.id, c.message_count, count(m.seq) from conversations c
            left join messages m on m.conversation_id = c.id and m.notice is null
            group by c.id having c.message_count <> count(m.seq)",
    ),
    (
        "the newest message",
        "select c.id, c.head_seq, coalesce(max(m.seq), 0) from conversations c
            left join messages m on m.conversation_id = c.id
            group by c.id having c.head_seq <> coalesce(max(m.seq), 0) or c.head_seq <> count(m.seq)",
    ),
    (
        "the time of the newest message",
        "select c.id, c.at, coalesce(m.at, c.created_at) as came from conversations c
            left join messages m on m.conversation_id = c.id and m.seq = c.head_seq where c.at <> came",
    ),
    (
        "the last change",
        "select c.id, c.rev, max(c.row_rev, coalesce((select max(rev) from members m where m.conversation_id = c.id), 0),
                coalesce((select max(rev) from messages m where m.conversation_id = c.id), 0)) as newest
            from conversations c where c.rev <> newest",
    ),
    (
        "a member's messages",
        "select p.conversation_id, p.user_id, p.own_count from members p where p.own_count <>
            (select count(*) from messages m where m.conversation_id = p.conversation_id and m.author_id = p.user_id
                and m.notice is null)",
    ),
    (
        "the messages of others up to a read position",
        "select p.conversation_id, p.user_id, p.read_others_message_count from members p where p.state = 'joined' and p.read_others_message_count <>
            (select count(*) from messages m where m.conversation_id = p.conversation_id and m.author_id <> p.user_id
                and m.notice is null and m.seq <= p.read_seq)",
    ),
    (
        "two members in a direct conversation",
        "select c.id, count(m.user_id), 2 from conversations c
            left join members m on m.conversation_id = c.id and m.state = 'joined'
            where c.kind = 'direct' group by c.id having count(m.user_id) <> 2",
    ),
    (
        "one public room of a name",
        "select min(id), max(id), count(*) from conversations where kind = 'public' and state = 'open'
            group by name_key having count(*) > 1",
    ),
    ("deleted rooms that are not purged", "select id, rev, 0 from conversations where state = 'deleted'"),
];

impl World {
    pub fn check(&mut self) {
        self.read_commit_log();
        for (what, sql) in COUNTS {
            let differ = self.numbers(sql);
            assert!(differ.is_empty(), "{what}: {differ:?}");
        }
        let states = self.read_all();
        let messages = states.iter().map(|(id, states)| (*id, states.messages.clone())).collect();
        self.ledger.check(&messages, &self.history);
        let mut homes: BTreeMap<UserId, InitialState> = BTreeMap::new();
        for i in 0..self.clients.len() {
            if !self.clients[i].signed_out {
                self.check_refusals(i);
                let user = self.user(i);
                let initial_state = homes.entry(user).or_insert_with(|| self.initial_state(user));
                self.check_client(i, initial_state, &states);
            }
        }
        if let Some(i) = self.some_client() {
            self.check_against_fresh_load(i);
        }
    }

    /// Whatever was refused for good had to be; its author discards it.
    fn check_refusals(&mut self, i: usize) {
        let all = self.history.all();
        let pending = all.into_iter().flat_map(|id| self.clients[i].engine.operations(id)).cloned();
        for entry in pending.collect::<Vec<_>>() {
            let OperationState::Failed(error) = &entry.state else { panic!("{i} still has {entry:?}") };
            assert_eq!(error.code, Code::NotFound, "{i}: {entry:?}");
            let at = self.ledger.written[&(entry.author, entry.id)].at;
            assert!(!self.history.is_member_since(entry.conversation, entry.author, at), "{i}: {entry:?}");
            self.discard_operation(i, entry.id);
        }
        // A signed-out tab's operations, and those that failed in another tab, are still to be handled there.
        let browser = self.clients[i].browser;
        let waits = self.clients.iter().any(|tab| tab.browser == browser && tab.signed_out);
        let kept = self.browsers[browser].stored();
        let failed = kept.iter().all(|entry| matches!(entry.state, OperationState::Failed(_)));
        assert!(waits || failed, "{i} keeps {kept:?}");
    }

    fn check_client(&self, i: usize, fresh: &InitialState, states: &BTreeMap<ConversationId, ConversationState>) {
        let engine = &self.clients[i].engine;
        let held = engine.initial_state().expect("a page was loaded");
        assert_eq!((held.epoch, &held.me, held.user_rev), (fresh.epoch, &fresh.me, fresh.user_rev), "{i}");
        assert_eq!(ids(held), ids(fresh), "{i}: the list");
        assert_eq!(ids(fresh), self.history.conversations_of(self.user(i)), "{i}: the list, and what was committed");
        for (held, listed) in held.conversations.iter().zip(&fresh.conversations) {
            assert_eq!(held, listed, "{i}: a summary of the list");
            let id = listed.conversation.id;
            let (Some(replica), Some(stored)) = (engine.replica(id), states.get(&id)) else { continue };
            assert_eq!(replica.conversation(), &stored.row, "{i}: {id}");
            assert_eq!(replica.rev(), stored.through, "{i}: the cursor of {id}");
            let span = replica.span();
            assert_eq!(span.head, Seq(stored.messages.len() as i64), "{i}: the head of {id}");
            let run = stored.messages.iter().filter(|message| message.seq >= span.low && message.seq <= span.high);
            let (run, shown): (Vec<_>, Vec<_>) = (run.collect(), replica.messages().collect());
            assert_eq!(shown, run, "{i}: the messages of {id}");
            for user in run.iter().flat_map(|message| message.people()) {
                assert_eq!(replica.member(user), stored.members.get(&user), "{i}: who is named in {id}");
            }
            for member in replica.members() {
                assert_eq!(Some(member), stored.members.get(&member.person.id), "{i}: a member of {id}");
            }
            assert!(
                *replica.older() != FetchState::Loading && *replica.newer() != FetchState::Loading,
                "{i}: a request for messages stays open"
            );
        }
        let own: BTreeSet<_> = ids(fresh).into_iter().collect();
        for id in self.history.all().into_iter().filter(|id| !own.contains(id)) {
            assert!(engine.replica(id).is_none(), "{i} holds {id} without being a member");
            assert_eq!(engine.typing(id).count(), 0, "{i} sees typing indicators of {id} without being a member");
        }
    }

    /// An engine freshly loaded from a page shows what one shows that has been through all the faults.
    fn check_against_fresh_load(&mut self, i: usize) {
        let user = self.user(i);
        let held: Vec<_> = self
            .history
            .conversations_of(user)
            .into_iter()
            .filter(|id| self.clients[i].engine.replica(*id).is_some())
            .collect();
        let Some(id) = self.rng.pick(&held) else { return };
        let page = self.fetch(0, user, id).expect("the user is a member");
        let mut fresh = Engine::new([0; 16]);
        fresh.handle(Now { mono: self.mono, wall: self.wall() }, Event::Loaded(Box::new(page)));
        let old = &self.clients[i].engine;
        assert_eq!(old.initial_state(), fresh.initial_state(), "{i}: the list");
        let (old, new) = (old.replica(id).expect("it is held"), fresh.replica(id).expect("it was seeded"));
        assert_eq!((old.conversation(), old.rev()), (new.conversation(), new.rev()), "{i}: {id}");
        let both = |held: &hubbub::sync::Replica, other: &hubbub::sync::Replica| {
            let span = other.span();
            let within = held.messages().filter(|message| message.seq >= span.low && message.seq <= span.high);
            within.cloned().collect::<Vec<_>>()
        };
        assert_eq!(both(old, new), both(new, old), "{i}: the messages of {id}");
        for member in new.members() {
            let before = old.member(member.person.id);
            assert!(before.is_none_or(|before| before == member), "{i}: {member:?} was held as {before:?}");
        }
    }

    fn initial_state(&mut self, user: UserId) -> InitialState {
        let core = Arc::clone(&self.node(0).core);
        self.ask(0, async move {
            let mut snapshot = core.db.snapshot().await.unwrap();
            initial_state::read_in(&core, &mut snapshot, user).await.unwrap()
        })
    }

    /// The complete state of all conversations.
    pub fn read_all(&mut self) -> BTreeMap<ConversationId, ConversationState> {
        let open = self.history.open();
        let core = Arc::clone(&self.node(0).core);
        self.ask(0, async move {
            let mut snapshot = core.db.snapshot().await.unwrap();
            let mut all = BTreeMap::new();
            for id in open {
                let found = conversations::find(&mut snapshot.conn(), id).await.unwrap().expect("it exists");
                let everyone = members::changed(&mut snapshot.conn(), id, Rev(0), 1_000).await.unwrap();
                let messages = messages::after(&mut snapshot.conn(), id, Seq(0), usize::MAX >> 1).await.unwrap();
                let members = everyone.into_iter().map(|member| (member.person.id, member)).collect();
                all.insert(id, ConversationState { row: found.conversation, through: found.rev, messages, members });
            }
            all
        })
    }
}

fn ids(initial_state: &InitialState) -> Vec<ConversationId> {
    initial_state.conversations.iter().map(|summary| summary.conversation.id).collect()
}
