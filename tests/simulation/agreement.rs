//! Everything that anybody holds is what a fresh load would show, and what is counted is what there is.

use super::world::World;
use hubbub::model::{Code, Conversation, ConversationId, InitialState, Member, Message, Rev, Seq, UserId};
use hubbub::server::chat::initial_state;
use hubbub::server::store::{conversations, members, messages};
use hubbub::sync::{Engine, Event, FetchState, Now, OperationState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A conversation as it stands.
pub struct Standing {
    row: Conversation,
    through: Rev,
    pub messages: Vec<Arc<Message>>,
    members: BTreeMap<UserId, Member>,
}

/// What is counted on rows, and what there is: each gives the rows where both differ.
const COUNTS: &[(&str, &str)] = &[
    (
        "members",
        "select c.id, c.member_count, count(m.user_id) from conversations c
            left join members m on m.conversation_id = c.id and m.state = 'joined'
            group by c.id having c.member_count <> count(m.user_id)",
    ),
    (
        "texts",
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
        "when the newest message came",
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
        "a member's texts",
        "select p.conversation_id, p.user_id, p.own_count from members p where p.own_count <>
            (select count(*) from messages m where m.conversation_id = p.conversation_id and m.author_id = p.user_id
                and m.notice is null)",
    ),
    (
        "what others had said up to a read position",
        "select p.conversation_id, p.user_id, p.read_others_count from members p where p.state = 'joined' and p.read_others_count <>
            (select count(*) from messages m where m.conversation_id = p.conversation_id and m.author_id <> p.user_id
                and m.notice is null and m.seq <= p.read_seq)",
    ),
    (
        "two in a direct conversation",
        "select c.id, count(m.user_id), 2 from conversations c
            left join members m on m.conversation_id = c.id and m.state = 'joined'
            where c.kind = 'direct' group by c.id having count(m.user_id) <> 2",
    ),
    (
        "one public room of a name",
        "select min(id), max(id), count(*) from conversations where kind = 'public' and state = 'open'
            group by name_key having count(*) > 1",
    ),
    ("deleted rooms are swept away", "select id, rev, 0 from conversations where state = 'deleted'"),
];

impl World {
    pub fn check(&mut self) {
        self.look();
        for (what, sql) in COUNTS {
            let differ = self.numbers(sql);
            assert!(differ.is_empty(), "{what}: {differ:?}");
        }
        let standing = self.everything();
        let messages = standing.iter().map(|(id, standing)| (*id, standing.messages.clone())).collect();
        self.ledger.agrees_with(&messages, &self.history);
        let mut homes: BTreeMap<UserId, InitialState> = BTreeMap::new();
        for i in 0..self.clients.len() {
            if !self.clients[i].signed_out {
                self.refusals_are_shown(i);
                let user = self.user(i);
                let initial_state = homes.entry(user).or_insert_with(|| self.initial_state(user));
                self.client_agrees(i, initial_state, &standing);
            }
        }
        if let Some(i) = self.some_client() {
            self.agrees_with_a_fresh_load(i);
        }
    }

    /// What was refused for good is what had to be; its author gives it up.
    fn refusals_are_shown(&mut self, i: usize) {
        let all = self.history.all();
        let pending = all.into_iter().flat_map(|id| self.clients[i].engine.operations(id)).cloned();
        for entry in pending.collect::<Vec<_>>() {
            let OperationState::Failed(error) = &entry.state else { panic!("{i} still has {entry:?}") };
            assert_eq!(error.code, Code::NotFound, "{i}: {entry:?}");
            let at = self.ledger.written[&(entry.author, entry.id)].at;
            assert!(!self.history.has_been_in_since(entry.conversation, entry.author, at), "{i}: {entry:?}");
            self.give_up(i, entry.id);
        }
        // What another tab keeps that is signed out, or failed at itself, is still to be dealt with there.
        let browser = self.clients[i].browser;
        let waits = self.clients.iter().any(|tab| tab.browser == browser && tab.signed_out);
        let kept = self.browsers[browser].kept();
        let failed = kept.iter().all(|entry| matches!(entry.state, OperationState::Failed(_)));
        assert!(waits || failed, "{i} keeps {kept:?}");
    }

    fn client_agrees(&self, i: usize, fresh: &InitialState, standing: &BTreeMap<ConversationId, Standing>) {
        let engine = &self.clients[i].engine;
        let held = engine.initial_state().expect("a page was loaded");
        assert_eq!((held.epoch, &held.me, held.user_rev), (fresh.epoch, &fresh.me, fresh.user_rev), "{i}");
        assert_eq!(ids(held), ids(fresh), "{i}: the list");
        assert_eq!(ids(fresh), self.history.of(self.user(i)), "{i}: the list, and what was committed");
        for (held, listed) in held.conversations.iter().zip(&fresh.conversations) {
            assert_eq!(held, listed, "{i}: a summary of the list");
            let id = listed.conversation.id;
            let (Some(replica), Some(stands)) = (engine.replica(id), standing.get(&id)) else { continue };
            assert_eq!(replica.conversation(), &stands.row, "{i}: {id}");
            assert_eq!(replica.rev(), stands.through, "{i}: the cursor of {id}");
            let span = replica.span();
            assert_eq!(span.head, Seq(stands.messages.len() as i64), "{i}: the head of {id}");
            let run = stands.messages.iter().filter(|message| message.seq >= span.low && message.seq <= span.high);
            let (run, shown): (Vec<_>, Vec<_>) = (run.collect(), replica.messages().collect());
            assert_eq!(shown, run, "{i}: the messages of {id}");
            for user in run.iter().flat_map(|message| message.people()) {
                assert_eq!(replica.member(user), stands.members.get(&user), "{i}: who is named in {id}");
            }
            for member in replica.members() {
                assert_eq!(Some(member), stands.members.get(&member.person.id), "{i}: a member of {id}");
            }
            assert!(
                *replica.older() != FetchState::Loading && *replica.newer() != FetchState::Loading,
                "{i}: asks for ever"
            );
        }
        let theirs: BTreeSet<_> = ids(fresh).into_iter().collect();
        for id in self.history.all().into_iter().filter(|id| !theirs.contains(id)) {
            assert!(engine.replica(id).is_none(), "{i} holds {id}, which is not theirs");
            assert_eq!(engine.typing(id).count(), 0, "{i} sees who types in {id}");
        }
    }

    /// An engine that has just been seeded by a page shows what one shows that has lived through the storm.
    fn agrees_with_a_fresh_load(&mut self, i: usize) {
        let user = self.user(i);
        let held: Vec<_> =
            self.history.of(user).into_iter().filter(|id| self.clients[i].engine.replica(*id).is_some()).collect();
        let Some(id) = self.chance.pick(&held) else { return };
        let page = self.fetch(0, user, id).expect("it is theirs");
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

    /// All conversations that there are, whole.
    pub fn everything(&mut self) -> BTreeMap<ConversationId, Standing> {
        let open = self.history.open();
        let core = Arc::clone(&self.node(0).core);
        self.ask(0, async move {
            let mut snapshot = core.db.snapshot().await.unwrap();
            let mut everything = BTreeMap::new();
            for id in open {
                let found = conversations::find(&mut snapshot.conn(), id).await.unwrap().expect("it is there");
                let everyone = members::changed(&mut snapshot.conn(), id, Rev(0), 1_000).await.unwrap();
                let messages = messages::after(&mut snapshot.conn(), id, Seq(0), usize::MAX >> 1).await.unwrap();
                let members = everyone.into_iter().map(|member| (member.person.id, member)).collect();
                everything.insert(id, Standing { row: found.conversation, through: found.rev, messages, members });
            }
            everything
        })
    }
}

fn ids(initial_state: &InitialState) -> Vec<ConversationId> {
    initial_state.conversations.iter().map(|summary| summary.conversation.id).collect()
}
