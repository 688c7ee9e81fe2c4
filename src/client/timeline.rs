//! A conversation as its views see it: rows that keep their DOM nodes while their content changes.

use crate::model::{Conversation, ConversationId, Millis, Person, Seq, SortedMap, SortedSet, UserId};
use crate::sync::{Engine, FetchState, Row, RowKey, Span};
use leptos::prelude::*;

/// A scroll position: the index of the uppermost visible row, and its offset below the pane's top in pixels.
pub type ScrollPosition = (usize, i32);

/// A row with its identity and time.
#[derive(Clone, Debug)]
pub struct TimelineRow {
    pub key: RowKey,
    pub at: Millis,
    pub row: ArcRwSignal<Row>,
}

/// A conversation's signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    pub id: ConversationId,
    pub conversation: RwSignal<Conversation>,
    /// The held messages, oldest first, then the pending posts.
    pub rows: RwSignal<Vec<TimelineRow>>,
    /// The people whom the rows name.
    pub people: RwSignal<SortedMap<UserId, Person>>,
    pub span: RwSignal<Span>,
    pub at_latest: RwSignal<bool>,
    pub older: RwSignal<FetchState>,
    pub newer: RwSignal<FetchState>,
    /// Whether the reader has asked for the newest messages and they have not arrived.
    pub jumps_to_latest: RwSignal<bool>,
    /// The other users who are typing.
    pub typing: RwSignal<Vec<Person>>,
    /// Where the reader was, unless they followed the newest message: the uppermost visible row, and its offset below
    /// the pane's top in pixels.
    scroll_position: StoredValue<Option<(RowKey, i32)>>,
}

impl Timeline {
    /// An empty timeline; [`Timeline::update`] fills it.
    pub(super) fn new(conversation: Conversation) -> Self {
        Timeline {
            id: conversation.id,
            conversation: RwSignal::new(conversation),
            rows: RwSignal::new(Vec::new()),
            people: RwSignal::new(SortedMap::new()),
            span: RwSignal::new(Span::default()),
            at_latest: RwSignal::new(true),
            older: RwSignal::new(FetchState::Idle),
            newer: RwSignal::new(FetchState::Idle),
            jumps_to_latest: RwSignal::new(false),
            typing: RwSignal::new(Vec::new()),
            scroll_position: StoredValue::new(None),
        }
    }

    /// Saves the scroll position; `None` if the reader follows the newest message.
    pub fn save_scroll_position(self, position: Option<ScrollPosition>) {
        let key = |at: usize| self.rows.try_with_untracked(|rows| rows.get(at).map(|entry| entry.key)).flatten();
        self.scroll_position.try_set_value(position.and_then(|(at, offset)| Some((key(at)?, offset))));
    }

    /// The saved scroll position, if its row is still held.
    pub fn scroll_position(self) -> Option<ScrollPosition> {
        let (key, offset) = self.scroll_position.get_value()?;
        let at = self.rows.with_untracked(|rows| rows.iter().position(|entry| entry.key == key))?;
        Some((at, offset))
    }

    /// The full name of a person whom a row names.
    pub fn name_of(self, user: UserId) -> String {
        self.people.with(|people| people.get(&user).map(Person::full_name).unwrap_or_default())
    }

    /// The first unread row: the first message above the read position `read` that somebody other than `me` wrote.
    pub fn first_unread(self, read: Seq, me: UserId) -> Option<RowKey> {
        let is_new = |row: &Row| match row {
            Row::Posted(message) => message.seq > read && message.is_text() && message.author != me,
            Row::Pending(_) => false,
        };
        self.rows.with(|rows| rows.iter().find(|entry| entry.row.with_untracked(is_new)).map(|entry| entry.key))
    }

    /// Updates who is typing.
    pub(super) fn update_typing(self, engine: &Engine) {
        set_if_changed(self.typing, engine.typing(self.id).cloned().collect());
    }

    /// Updates the signals from the engine, touching only those that differ.
    pub(super) fn update(self, engine: &Engine) {
        let Some(replica) = engine.replica(self.id) else { return };
        set_if_changed(self.conversation, replica.conversation().clone());

        let mut people: SortedMap<UserId, Person> = SortedMap::new();
        let held: SortedMap<RowKey, ArcRwSignal<Row>> =
            self.rows.with_untracked(|rows| rows.iter().map(|entry| (entry.key, entry.row.clone())).collect());
        let mut seen = SortedSet::new();
        let mut rows = Vec::new();
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
                    set_if_changed_arc(signal, row);
                    signal.clone()
                }
                None => ArcRwSignal::new(row),
            };
            rows.push(TimelineRow { key, at, row });
        }

        set_if_changed(self.people, people);
        let places = |rows: &[TimelineRow]| rows.iter().map(|entry| (entry.key, entry.at)).collect::<Vec<_>>();
        if self.rows.with_untracked(|held| places(held)) != places(&rows) {
            self.rows.set(rows);
        }
        set_if_changed(self.span, replica.span());
        set_if_changed(self.at_latest, replica.at_latest());
        set_if_changed(self.older, replica.older().clone());
        set_if_changed(self.newer, replica.newer().clone());
        set_if_changed(self.jumps_to_latest, engine.jumps_to_latest(self.id));
    }
}

/// Sets a signal only if that changes its value.
pub(super) fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|held| *held != value).unwrap_or(false) {
        signal.set(value);
    }
}

/// The same for a signal that is counted by reference.
pub(super) fn set_if_changed_arc<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|held| *held != value) {
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

    fn handle(engine: &mut Engine, event: Event) {
        engine.handle(Now { mono: 1, wall: Millis(1_000) }, event);
    }

    /// An engine that holds an empty room and is connected.
    fn engine() -> Engine {
        let window =
            Window { conversation: room(1), through: Rev(1), head: Seq(0), messages: Vec::new(), members: Vec::new() };
        let mut engine = Engine::new([7; 16]);
        handle(&mut engine, Event::Loaded(Box::new(OpenedConversation { initial_state: initial_state(), window })));
        handle(&mut engine, Event::SocketOpened);
        let welcome = ServerFrame::Welcome { connection: 1, server: "1".into(), initial_state: initial_state() };
        handle(&mut engine, Event::Frame(Box::new(welcome)));
        engine
    }

    #[test]
    fn a_pending_post_and_its_message_are_one_row() {
        let owner = Owner::new();
        owner.with(|| {
            let mut engine = engine();
            let timeline = Timeline::new(room(1));
            timeline.update(&engine);
            assert!(timeline.rows.get_untracked().is_empty());

            handle(&mut engine, Event::Post { conversation: ROOM, body: "hello".into() });
            timeline.update(&engine);
            let entry = timeline.rows.get_untracked().remove(0);
            assert!(matches!(entry.row.get_untracked(), Row::Pending(_)));

            let id = entry.key.1;
            let (seq, rev, author) = (Seq(1), Rev(2), UserId(1));
            let message = Message { id, seq, rev, author, at: Millis(2_000), content: Content::text("hello") };
            let member = Member { person: ana(), state: MemberState::Joined, rev: Rev(1) };
            let rows = Rows { conversation: None, members: vec![member], messages: vec![Arc::new(message)] };
            handle(&mut engine, Event::Frame(Box::new(ServerFrame::Posted { id, conversation: ROOM, rows })));
            timeline.update(&engine);
            let after = timeline.rows.get_untracked();
            assert_eq!(after.len(), 1);
            assert_eq!(after[0].key, entry.key);
            // The view that holds the row's signal sees the change: it is the same signal.
            assert!(matches!(entry.row.get_untracked(), Row::Posted(_)));
            assert_eq!(after[0].at, Millis(2_000));
            assert_eq!(timeline.people.get_untracked().get(&UserId(1)), Some(&ana()));
        });
    }

    #[test]
    fn an_update_without_changes_notifies_nobody() {
        let owner = Owner::new();
        owner.with(|| {
            let mut engine = engine();
            let timeline = Timeline::new(room(1));
            handle(&mut engine, Event::Post { conversation: ROOM, body: "hello".into() });
            timeline.update(&engine);
            let moved = ArcMemo::new(move |count: Option<&u32>| {
                timeline.rows.track();
                timeline.people.track();
                timeline.conversation.track();
                count.map_or(0, |count| count + 1)
            });
            assert_eq!(moved.get_untracked(), 0);
            timeline.update(&engine);
            assert_eq!(moved.get_untracked(), 0);
        });
    }
}
