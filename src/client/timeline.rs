//! A conversation as its views see it: rows that keep their DOM nodes while their content changes.

use super::virtual_list::{Heights, Viewport};
use crate::model::{Conversation, ConversationId, Message, Millis, Person, Seq, SortedMap, SortedSet, UserId};
use crate::sync::{Engine, FetchState, Replica, Row, RowKey, Span};
use leptos::prelude::*;
use std::ops::Range;

/// How many rows are in the page before anything is measured.
const ROWS: usize = 60;
/// The most rows that arriving messages may add to a page that nobody scrolls.
const ROWS_MAX: usize = 400;

/// A scroll position: the uppermost visible message, and its offset below the pane's top in pixels.
pub type ScrollPosition = (Seq, i32);

/// A row with its identity and time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineRow {
    pub key: RowKey,
    pub at: Millis,
    pub row: ArcRwSignal<Row>,
}

impl TimelineRow {
    /// Its place in the conversation, once the server has assigned one.
    pub fn seq(&self) -> Option<Seq> {
        self.row.with_untracked(Row::seq)
    }
}

/// The message before the first row of the page: what follows it depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preceding {
    pub author: UserId,
    pub at: Millis,
    pub is_notice: bool,
}

/// The messages whose rows are in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slice {
    /// The first one.
    low: Seq,
    /// The last one; `None`: up to the newest held message and the pending posts.
    high: Option<Seq>,
}

/// A conversation's signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    pub id: ConversationId,
    pub conversation: RwSignal<Conversation>,
    /// The rows in the page: of the held messages, oldest first, and of the pending posts.
    pub rows: RwSignal<Vec<TimelineRow>>,
    /// The held message before the first of them.
    pub preceding: RwSignal<Option<Preceding>>,
    /// The heights of the held rows above and below those in the page (pixels).
    pub space: RwSignal<(f64, f64)>,
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
    /// Where the reader was, unless they followed the newest message.
    scroll_position: StoredValue<Option<ScrollPosition>>,
    slice: StoredValue<Option<Slice>>,
    heights: StoredValue<Heights>,
}

impl Timeline {
    /// An empty timeline; [`Timeline::update`] fills it.
    pub(super) fn new(conversation: Conversation) -> Self {
        Timeline {
            id: conversation.id,
            conversation: RwSignal::new(conversation),
            rows: RwSignal::new(Vec::new()),
            preceding: RwSignal::new(None),
            space: RwSignal::new((0.0, 0.0)),
            people: RwSignal::new(SortedMap::new()),
            span: RwSignal::new(Span::default()),
            at_latest: RwSignal::new(true),
            older: RwSignal::new(FetchState::Idle),
            newer: RwSignal::new(FetchState::Idle),
            jumps_to_latest: RwSignal::new(false),
            typing: RwSignal::new(Vec::new()),
            scroll_position: StoredValue::new(None),
            slice: StoredValue::new(None),
            heights: StoredValue::new(Heights::default()),
        }
    }

    /// Saves the scroll position; `None` if the reader follows the newest message.
    pub(super) fn save_scroll_position(self, position: Option<ScrollPosition>) {
        self.scroll_position.try_set_value(position);
    }

    /// The saved scroll position.
    pub fn scroll_position(self) -> Option<ScrollPosition> {
        self.scroll_position.try_get_value().flatten()
    }

    /// The full name of a person whom a row names.
    pub fn name_of(self, user: UserId) -> String {
        self.people.with(|people| people.get(&user).map(Person::full_name).unwrap_or_default())
    }

    /// Updates who is typing.
    pub(super) fn update_typing(self, engine: &Engine) {
        set_if_changed(self.typing, engine.typing(self.id).cloned().collect());
    }

    /// Brings the rows around the saved scroll position into the page.
    pub(super) fn show_saved(self, engine: &Engine) {
        self.slice.try_set_value(None);
        self.update(engine);
    }

    /// Brings the rows into the page that belong there, by what has been measured of those that are in it: their heights
    /// and where they lie.
    pub(super) fn fill(self, engine: &Engine, viewport: Viewport, heights: impl FnOnce() -> Vec<(Seq, f64)>) {
        let Some(replica) = engine.replica(self.id) else { return };
        let (range, len) = (self.range(replica), replica.len());
        if viewport.is_filled((range.start > 0, range.end < len)) {
            return;
        }
        self.heights.try_update_value(|held| heights().into_iter().for_each(|(seq, height)| held.set(seq, height)));
        let seq_at = |place: usize| replica.messages_at(place..place + 1).next().map(|message| message.seq);
        let filled = self.heights.with_value(|heights| {
            viewport.fill(range.clone(), len, |place| seq_at(place).map_or(0.0, |seq| heights.get(seq)))
        });
        if filled != range {
            self.update_with(engine, replica, whole_runs(replica, filled));
        }
    }

    fn set_slice(self, replica: &Replica, range: Range<usize>) {
        let open = range.end >= replica.len();
        let mut shown = replica.messages_at(range).map(|message| message.seq);
        let slice = shown.next().map(|low| Slice { low, high: shown.next_back().or(Some(low)).filter(|_| !open) });
        self.slice.try_set_value(slice);
    }

    /// The places of the messages whose rows are in the page.
    fn range(self, replica: &Replica) -> Range<usize> {
        let len = replica.len();
        let mut range = match self.slice.try_get_value().flatten() {
            Some(Slice { low, high }) => {
                let end = high.map_or(len, |high| replica.count_below(Seq(high.0.saturating_add(1))));
                replica.count_below(low).min(end)..end
            }
            None => 0..0,
        };
        if range.is_empty() {
            let held =
                self.scroll_position().filter(|(seq, _)| replica.span().low <= *seq && *seq <= replica.span().high);
            let end = held.map_or(len, |(seq, _)| len.min(replica.count_below(seq) + ROWS / 2));
            range = end.saturating_sub(ROWS)..end;
        }
        whole_runs(replica, range)
    }

    /// The same places without those of messages that have arrived beyond [`ROWS_MAX`] and that nobody has looked at.
    fn without_arrivals(self, replica: &Replica, range: Range<usize>) -> Range<usize> {
        let len = replica.len();
        if range.len() <= ROWS_MAX || range.end < len {
            return range;
        }
        let range = match self.scroll_position() {
            Some((seq, _)) => {
                let seen = replica.count_below(seq).saturating_add(ROWS_MAX / 2);
                range.start..len.min(seen.max(range.start + ROWS_MAX))
            }
            None => len - ROWS_MAX / 2..len,
        };
        whole_runs(replica, range)
    }

    /// Updates the signals from the engine, touching only those that differ.
    pub(super) fn update(self, engine: &Engine) {
        let Some(replica) = engine.replica(self.id) else { return };
        let range = self.without_arrivals(replica, self.range(replica));
        self.update_with(engine, replica, range);
    }

    /// The same, with the rows at these places in the page.
    fn update_with(self, engine: &Engine, replica: &Replica, range: Range<usize>) {
        set_if_changed(self.conversation, replica.conversation().clone());
        self.set_slice(replica, range.clone());
        let mut people: SortedMap<UserId, Person> = SortedMap::new();
        let held: SortedMap<RowKey, ArcRwSignal<Row>> =
            self.rows.with_untracked(|rows| rows.iter().map(|entry| (entry.key, entry.row.clone())).collect());
        let mut seen = SortedSet::new();
        let mut rows = Vec::new();
        let posted = replica.messages_at(range.clone()).map(|message| Row::Posted(message.clone()));
        let pending = engine.pending(self.id).filter(|_| range.end == replica.len());
        for row in posted.chain(pending) {
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
        set_if_changed(self.preceding, preceding(replica, range.start));
        set_if_changed(self.space, self.space_around(replica, &range));
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

    /// The heights of what is held above and below the rows in the page.
    fn space_around(self, replica: &Replica, range: &Range<usize>) -> (f64, f64) {
        let mut shown = replica.messages_at(range.clone()).map(|message| message.seq);
        let Some(first) = shown.next() else { return (0.0, 0.0) };
        let after = Seq(shown.next_back().unwrap_or(first).0.saturating_add(1));
        let Span { low, high, .. } = replica.span();
        let height =
            |from, to, count| self.heights.try_with_value(|heights| heights.sum(from, to, count)).unwrap_or(0.0);
        (height(low, first, range.start), height(after, Seq(high.0.saturating_add(1)), replica.len() - range.end))
    }
}

/// The message before a place.
fn preceding(replica: &Replica, place: usize) -> Option<Preceding> {
    let message = replica.messages_at(place.checked_sub(1)?..place).next()?;
    Some(Preceding { author: message.author, at: message.at, is_notice: is_notice(message) })
}

fn is_notice(message: &Message) -> bool {
    message.notice().is_some()
}

/// The same places, and what belongs to the runs of notices at their ends: a run is shown folded, as a whole.
fn whole_runs(replica: &Replica, range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    let joins = |place: usize| replica.messages_at(place - 1..place + 1).all(|message| is_notice(message));
    while start > 0 && start < end && joins(start) {
        start -= 1;
    }
    while end > start && end < replica.len() && joins(end) {
        end += 1;
    }
    start..end
}

/// Sets a signal only if that changes its value.
pub fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|held| *held != value).unwrap_or(false) {
        signal.set(value);
    }
}

/// The same for a signal that is counted by reference.
pub fn set_if_changed_arc<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|held| *held != value) {
        signal.set(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Content, ConversationKind, ConversationSummary, Epoch, InitialState, Me, Member, MemberState, Message,
        MessageId, Notice, OpenedConversation, ReadPosition, Rev, Role, Rows, Window,
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
            others_message_count: 0,
            read: ReadPosition::default(),
        };
        let workspace = "Harbour".to_owned();
        InitialState { epoch: Epoch(1), user_rev: Rev(1), me, workspace, conversations: vec![listed] }
    }

    fn handle(engine: &mut Engine, event: Event) {
        engine.handle(Now { mono: 1, wall: Millis(1_000) }, event);
    }

    /// An engine that holds an empty room and is connected.
    fn engine() -> Engine {
        engine_holding(Vec::new())
    }

    /// The same with these messages in the room.
    fn engine_holding(contents: Vec<Content>) -> Engine {
        let head = Seq(contents.len() as i64);
        let message = |(at, content)| {
            let id = MessageId::new(Millis(at), [0; 10]);
            Arc::new(Message { id, seq: Seq(at), rev: Rev(1), author: UserId(2), at: Millis(at), content })
        };
        let messages = (1..).zip(contents).map(message).collect();
        let window = Window { conversation: room(1), through: Rev(1), head, messages, members: Vec::new() };
        let mut engine = Engine::new([7; 16]);
        let opened = OpenedConversation { initial_state: initial_state(), window, invite_link: None };
        handle(&mut engine, Event::Loaded(Box::new(opened)));
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

    fn seqs(timeline: Timeline) -> (Option<i64>, Option<i64>) {
        timeline.rows.with_untracked(|rows| {
            let seq = |row: Option<&TimelineRow>| row.and_then(TimelineRow::seq).map(|seq| seq.0);
            (seq(rows.first()), seq(rows.last()))
        })
    }

    #[test]
    fn a_run_of_hundreds_of_notices_drives_nothing_out_of_the_page() {
        let owner = Owner::new();
        owner.with(|| {
            let contents = (0..560).map(|at| match at {
                0..500 => Content::Notice { notice: Notice::Joined },
                _ => Content::text("hello"),
            });
            let engine = engine_holding(contents.collect());
            let timeline = Timeline::new(room(1));
            timeline.update(&engine);
            assert_eq!(seqs(timeline), (Some(501), Some(560)));
            // The reader has scrolled up to where the run ends: all of it comes into the page, and the rest stays.
            timeline.save_scroll_position(Some((Seq(501), 0)));
            let viewport = Viewport { pane: 800.0, above: 0.0, below: 1_500.0 };
            timeline.fill(&engine, viewport, Vec::new);
            assert_eq!(seqs(timeline), (Some(1), Some(560)));
            timeline.update(&engine);
            assert_eq!(seqs(timeline), (Some(1), Some(560)));
        });
    }

    #[test]
    fn messages_that_nobody_looks_at_do_not_pile_up_in_the_page() {
        let owner = Owner::new();
        owner.with(|| {
            let timeline = Timeline::new(room(1));
            let texts = |count| (0..count).map(|_| Content::text("hello")).collect();
            timeline.update(&engine_holding(texts(60)));
            let engine = engine_holding(texts(1_000));
            timeline.update(&engine);
            assert_eq!(seqs(timeline), (Some(801), Some(1_000)), "the reader follows the newest");
            timeline.save_scroll_position(Some((Seq(500), 0)));
            timeline.show_saved(&engine);
            assert_eq!(seqs(timeline), (Some(470), Some(529)), "they are elsewhere");
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
