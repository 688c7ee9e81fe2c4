//! A conversation as its views see it: rows that keep their place in the page while what they show changes.

use crate::model::{Conversation, ConversationId, Millis, Person, Seq, UserId};
use crate::sync::{Engine, FetchState, Row, RowKey as Key, Span};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Where a reader is among the rows: the number of the uppermost row in sight, and how many pixels below the pane's top
/// it stands.
pub type ScrollPosition = (usize, i32);

/// A row and its place in the order.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Key,
    pub at: Millis,
    pub row: ArcRwSignal<Row>,
}

/// A conversation's signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    pub id: ConversationId,
    pub conversation: RwSignal<Conversation>,
    /// What is held of the conversation, oldest first, then what is on its way.
    pub entries: RwSignal<Vec<Entry>>,
    /// The authors of the rows.
    pub people: RwSignal<BTreeMap<UserId, Person>>,
    pub span: RwSignal<Span>,
    pub at_latest: RwSignal<bool>,
    pub older: RwSignal<FetchState>,
    pub newer: RwSignal<FetchState>,
    /// Who else is typing.
    pub typing: RwSignal<Vec<Person>>,
    /// Where its reader was, away from the newest message: the uppermost row in sight, and how many pixels below the
    /// pane's top it stood.
    spot: StoredValue<Option<(Key, i32)>>,
}

impl Timeline {
    /// A conversation of which nothing is read yet; [`Timeline::read`] fills it.
    pub(super) fn new(conversation: Conversation) -> Self {
        Timeline {
            id: conversation.id,
            conversation: RwSignal::new(conversation),
            entries: RwSignal::new(Vec::new()),
            people: RwSignal::new(BTreeMap::new()),
            span: RwSignal::new(Span::default()),
            at_latest: RwSignal::new(true),
            older: RwSignal::new(FetchState::Idle),
            newer: RwSignal::new(FetchState::Idle),
            typing: RwSignal::new(Vec::new()),
            spot: StoredValue::new(None),
        }
    }

    /// Keeps where its reader is, unless they follow the newest message.
    pub fn save_scroll_position(self, spot: Option<ScrollPosition>) {
        let key =
            |at: usize| self.entries.try_with_untracked(|entries| entries.get(at).map(|entry| entry.key)).flatten();
        self.spot.try_set_value(spot.and_then(|(at, stood)| Some((key(at)?, stood))));
    }

    /// Where its reader was, if that is still held.
    pub fn spot(self) -> Option<ScrollPosition> {
        let (key, stood) = self.spot.get_value()?;
        let at = self.entries.with_untracked(|entries| entries.iter().position(|entry| entry.key == key))?;
        Some((at, stood))
    }

    /// What somebody who is named here is called.
    pub fn name_of(self, user: UserId) -> String {
        self.people.with(|people| people.get(&user).map(Person::full_name).unwrap_or_default())
    }

    /// The first row that somebody other than `me` wrote above a place.
    pub fn first_of_others_above(self, read: Seq, me: UserId) -> Option<Key> {
        let is_new = |row: &Row| match row {
            Row::Posted(message) => message.seq > read && message.is_text() && message.author != me,
            Row::Pending(_) => false,
        };
        self.entries
            .with(|entries| entries.iter().find(|entry| entry.row.with_untracked(is_new)).map(|entry| entry.key))
    }

    /// Takes over who is typing.
    pub(super) fn read_typing(self, engine: &Engine) {
        put(self.typing, engine.typing(self.id).cloned().collect());
    }

    /// Takes over what the engine now holds, touching only what differs.
    pub(super) fn read(self, engine: &Engine) {
        let Some(replica) = engine.replica(self.id) else { return };
        put(self.conversation, replica.conversation().clone());

        let mut people: BTreeMap<UserId, Person> = BTreeMap::new();
        let held: BTreeMap<Key, ArcRwSignal<Row>> =
            self.entries.with_untracked(|entries| entries.iter().map(|entry| (entry.key, entry.row.clone())).collect());
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        for row in engine.rows(self.id) {
            let key = row.key();
            if !seen.insert(key) {
                continue;
            }
            for user in row.people() {
                if let Some(member) = replica.member(user) {
                    people.insert(user, member.person.clone());
                }
            }
            let at = row.at();
            let row = match held.get(&key) {
                Some(signal) => {
                    if signal.with_untracked(|held| *held != row) {
                        signal.set(row);
                    }
                    signal.clone()
                }
                None => ArcRwSignal::new(row),
            };
            entries.push(Entry { key, at, row });
        }

        put(self.people, people);
        let places = |entries: &[Entry]| entries.iter().map(|entry| (entry.key, entry.at)).collect::<Vec<_>>();
        if self.entries.with_untracked(|held| places(held)) != places(&entries) {
            self.entries.set(entries);
        }
        put(self.span, replica.span());
        put(self.at_latest, replica.at_latest());
        put(self.older, replica.older().clone());
        put(self.newer, replica.newer().clone());
    }
}

/// Sets a signal if that changes anything.
pub(super) fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|held| *held != value).unwrap_or(false) {
        signal.set(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Content, ConversationKind, ConversationSummary, Epoch, InitialState, Me, Member, MemberState, Message,
        OpenedConversation, ReadPosition, Rev, Role, Rows, Window,
    };
    use crate::sync::{Event, Now};
    use crate::wire::ServerFrame;
    use std::sync::Arc;

    const ROOM: ConversationId = ConversationId(3);

    fn ana() -> Person {
        Person { id: UserId(1), username: "ana".into(), first_name: "Ana".into(), last_name: "Ruiz".into() }
    }

    fn room(rev: i64) -> Conversation {
        Conversation {
            id: ROOM,
            rev: Rev(rev),
            kind: ConversationKind::General,
            name: "General".into(),
            topic: String::new(),
            owner: None,
            member_count: 1,
        }
    }

    fn initial_state() -> InitialState {
        let me = Me { person: ana(), email: "ana@harbour.example".into(), role: Role::Owner, may_invite: false };
        let listed = ConversationSummary {
            conversation: room(1),
            with: None,
            rev: Rev(1),
            head: Seq(0),
            at: Millis(0),
            others_count: 0,
            read: ReadPosition::default(),
        };
        InitialState { epoch: Epoch(1), user_rev: Rev(1), me, conversations: vec![listed] }
    }

    fn happen(engine: &mut Engine, event: Event) {
        engine.handle(Now { mono: 1, wall: Millis(1_000) }, event);
    }

    /// An engine that holds an empty room and is connected.
    fn engine() -> Engine {
        let window =
            Window { conversation: room(1), through: Rev(1), head: Seq(0), messages: Vec::new(), members: Vec::new() };
        let mut engine = Engine::new([7; 16]);
        happen(&mut engine, Event::Loaded(Box::new(OpenedConversation { initial_state: initial_state(), window })));
        happen(&mut engine, Event::SocketOpened);
        let welcome = ServerFrame::Welcome { connection: 1, server: "1".into(), initial_state: initial_state() };
        happen(&mut engine, Event::Frame(Box::new(welcome)));
        engine
    }

    #[test]
    fn a_message_on_its_way_and_the_message_it_becomes_are_one_row() {
        let owner = Owner::new();
        owner.with(|| {
            let mut engine = engine();
            let timeline = Timeline::new(room(1));
            timeline.read(&engine);
            assert!(timeline.entries.get_untracked().is_empty());

            happen(&mut engine, Event::Post { conversation: ROOM, body: "hello".into() });
            timeline.read(&engine);
            let entry = timeline.entries.get_untracked().remove(0);
            assert!(matches!(entry.row.get_untracked(), Row::Pending(_)));

            let id = entry.key.1;
            let (seq, rev, author) = (Seq(1), Rev(2), UserId(1));
            let message = Message { id, seq, rev, author, at: Millis(2_000), content: Content::text("hello") };
            let member = Member { person: ana(), state: MemberState::Joined, rev: Rev(1) };
            let rows = Rows { conversation: None, members: vec![member], messages: vec![Arc::new(message)] };
            happen(&mut engine, Event::Frame(Box::new(ServerFrame::Posted { id, conversation: ROOM, rows })));
            timeline.read(&engine);
            let after = timeline.entries.get_untracked();
            assert_eq!(after.len(), 1);
            assert_eq!(after[0].key, entry.key);
            // The view that holds the row's signal sees it change: it is the same signal.
            assert!(matches!(entry.row.get_untracked(), Row::Posted(_)));
            assert_eq!(after[0].at, Millis(2_000));
            assert_eq!(timeline.people.get_untracked().get(&UserId(1)), Some(&ana()));
        });
    }

    #[test]
    fn reading_again_what_has_not_changed_moves_nothing() {
        let owner = Owner::new();
        owner.with(|| {
            let mut engine = engine();
            let timeline = Timeline::new(room(1));
            happen(&mut engine, Event::Post { conversation: ROOM, body: "hello".into() });
            timeline.read(&engine);
            let moved = ArcMemo::new(move |count: Option<&u32>| {
                timeline.entries.track();
                timeline.people.track();
                timeline.conversation.track();
                count.map_or(0, |count| count + 1)
            });
            assert_eq!(moved.get_untracked(), 0);
            timeline.read(&engine);
            assert_eq!(moved.get_untracked(), 0);
        });
    }
}
