//! What was said, newest at the bottom.

use super::beginning::Beginning;
use super::grouping::{Place, places};
use super::message::MessageRow;
use super::unread::Unread;
use crate::client::platform::page::set_height;
use crate::client::platform::scroller::Scroller;
use crate::client::{
    Chat, RowKey, ScrollHandlers, ScrollPosition, Timeline, TimelineRow, Viewport, VisibleRow, effect, memo,
    set_if_changed, set_if_changed_arc,
};
use crate::model::{Error, Seq, SortedMap, SortedSet};
use crate::sync::FetchState;
use crate::ui::parts::{Skeleton, live};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use std::time::Duration;

/// What stands above the oldest row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Top {
    Beginning,
    /// Older messages exist; the number is the oldest held one's.
    More(Seq),
    Asking,
    Failed(Error),
}

/// The list of messages. It scrolls by itself, fetches what its reader comes near, and never jumps.
#[component]
pub fn TimelineView(
    timeline: Timeline,
    /// Whether the reader stays with the newest message.
    follows: RwSignal<bool>,
    /// Whether the messages are on the page: on a phone the list may be in their place.
    is_shown: RwSignal<bool>,
    unread: Unread,
    /// The uppermost visible message.
    uppermost: RwSignal<Option<Seq>>,
    /// The message that the reader wants to see, and where below the pane's top (pixels).
    target: RwSignal<Option<ScrollPosition>>,
) -> impl IntoView {
    let chat = Chat::get();
    let zone = chat.zone();
    let is_live = chat.is_live();
    let unfolded = RwSignal::new(SortedSet::new());
    let visited = RwSignal::new(None::<RowKey>);
    let first_new = unread.first;
    let shown = Memo::new(move |before: Option<&Vec<ShownRow>>| {
        let rows = timeline.rows.get();
        let mut places = places(timeline.preceding.get(), &rows, zone.get());
        // The Tab key stops at the row where the keyboard last was, or at what the reader sees.
        let visited = visited.get().filter(|key| places.contains_key(key));
        let tab_stop = visited.or_else(|| {
            let seen = uppermost.get().filter(|_| !follows.get());
            let is_seen = |entry: &&TimelineRow| seen.is_some() && entry.seq() == seen;
            rows.iter().find(is_seen).or(rows.last()).map(|entry| entry.key)
        });
        let first_new = first_new.with(|first| first.as_ref().map(|first| first.key));
        let held: SortedMap<RowKey, ArcRwSignal<RowState>> =
            before.into_iter().flatten().map(|row| (row.entry.key, row.state.clone())).collect();
        let mut shown = Vec::new();
        for entry in rows {
            let place = places.remove(&entry.key).unwrap_or_default();
            // Without scripts nothing can be unfolded, so the server leaves nothing out.
            let is_folded = |first| is_live.get() && unfolded.with(|unfolded| !unfolded.contains(&first));
            if place.under.is_some_and(is_folded) {
                continue;
            }
            let key = Some(entry.key);
            let state = RowState { place, is_tab_stop: key == tab_stop, is_first_new: key == first_new };
            let state = match held.get(&entry.key) {
                Some(signal) => {
                    set_if_changed_arc(signal, state);
                    signal.clone()
                }
                None => ArcRwSignal::new(state),
            };
            shown.push(ShownRow { entry, state });
        }
        shown
    });
    let nodes = Nodes { pane: NodeRef::new(), content: NodeRef::new(), rows: NodeRef::new() };
    let scroller = keep_in_place(timeline, shown, Reader { follows, is_shown, uppermost, target }, nodes);

    // New messages are read out to who is at the newest one; older pages that come in above are not, nor is what
    // changes while the page wakes up.
    let heard = RwSignal::new(false);
    effect(move || {
        let listen = move || {
            heard.try_set(true);
        };
        if let Ok(settled) = set_timeout_with_handle(listen, Duration::from_secs(1)) {
            on_cleanup(move || settled.clear());
        }
    });

    let name = chat.title(timeline.id);
    let walk = move |event: KeyboardEvent| {
        let to_latest = move || {
            chat.load_latest(timeline.id);
            follows.set(true);
        };
        walk(&event, scroller, to_latest);
    };
    view! {
        <div
            class="timeline"
            role="log"
            tabindex="-1"
            aria-live=live(move || if heard.get() && follows.get() { "polite" } else { "off" })
            aria-label=live(move || format!("Messages in {}", name.get()))
            node_ref=nodes.pane
            on:keydown=walk
        >
            <div class="rows" node_ref=nodes.content>
                <TopOf timeline=timeline name=name />
                <Space height=memo(move || timeline.space.get().0) />
                <div node_ref=nodes.rows>
                    <For each=move || shown.get() key=|row| row.entry.key let:row>
                        <MessageRow row timeline visited unfolded />
                    </For>
                </div>
                <Space height=memo(move || timeline.space.get().1) />
                <BottomOf timeline=timeline />
            </div>
        </div>
    }
    .into_any()
}

/// A row in the page that is not folded.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRow {
    pub entry: TimelineRow,
    /// It has a signal of its own: one for all rows would keep a note of every row that has ever read it.
    pub state: ArcRwSignal<RowState>,
}

/// What a row shows besides its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowState {
    pub place: Place,
    /// The Tab key stops here.
    pub is_tab_stop: bool,
    /// The first row that was unread when the reader came.
    pub is_first_new: bool,
}

/// The pane's scroller, once there is one. (What belongs to one thread is made in the browser only: the server drops a
/// page's values on any.)
type ScrollerRef = StoredValue<Option<StoredValue<Scroller, LocalStorage>>>;

/// Does something with the scroller, if there is one.
fn with_scroller<T>(scroller: ScrollerRef, act: impl FnOnce(&Scroller) -> T) -> Option<T> {
    scroller.try_get_value().flatten()?.try_with_value(act)
}

/// Where the reader is.
#[derive(Clone, Copy)]
struct Reader {
    follows: RwSignal<bool>,
    is_shown: RwSignal<bool>,
    uppermost: RwSignal<Option<Seq>>,
    target: RwSignal<Option<ScrollPosition>>,
}

#[derive(Clone, Copy)]
struct Nodes {
    pane: NodeRef<Div>,
    content: NodeRef<Div>,
    rows: NodeRef<Div>,
}

/// Blank space in place of rows that are not in the page.
#[component]
fn Space(height: Memo<f64>) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    effect(move || {
        if let Some(node) = node.get() {
            set_height(&node, height.get());
        }
    });
    view! { <div aria-hidden="true" node_ref=node></div> }.into_any()
}

/// What stands above the oldest row: the beginning, or the way to what is older.
#[component]
fn TopOf(timeline: Timeline, name: Memo<String>) -> impl IntoView {
    let chat = Chat::get();
    let is_live = chat.is_live();
    let top = memo(move || {
        let span = timeline.span.get();
        match timeline.older.get() {
            _ if span.low <= Seq(1) => Top::Beginning,
            FetchState::Loading => Top::Asking,
            FetchState::Failed(error) => Top::Failed(error),
            FetchState::Idle => Top::More(span.low),
        }
    });
    live(move || match top.get() {
        Top::Beginning => view! { <Beginning timeline=timeline name=name /> }.into_any(),
        Top::More(_) if is_live.get() => ().into_any(),
        Top::More(low) => view! {
            <a class="more" href=format!("/c/{}?before={low}", timeline.id)>
                "Older messages"
            </a>
        }
        .into_any(),
        Top::Asking => view! { <Skeleton rows=4 /> }.into_any(),
        Top::Failed(error) => view! {
            <div class="more" role="alert">
                <span>"Could not load older messages."</span>
                <span class="reason">{error.message}</span>
                <button class="button s plain" type="button" on:click=move |_| chat.load_older(timeline.id)>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
    })
}

/// What stands below the newest held row: nothing, or the way to what is newer.
#[component]
fn BottomOf(timeline: Timeline) -> impl IntoView {
    let chat = Chat::get();
    let is_live = chat.is_live();
    let try_again = move |_| match timeline.jumps_to_latest.get_untracked() {
        true => chat.load_latest(timeline.id),
        false => chat.load_newer(timeline.id),
    };
    let newest = format!("/c/{}?before={}", timeline.id, timeline.span.get_untracked().head.0.saturating_add(1));
    live(move || match (timeline.newer.get(), timeline.at_latest.get()) {
        (FetchState::Loading, _) => view! { <Skeleton rows=2 /> }.into_any(),
        (FetchState::Failed(error), _) => view! {
            <div class="more" role="alert">
                <span>"Could not load newer messages."</span>
                <span class="reason">{error.message}</span>
                <button class="button s plain" type="button" on:click=try_again>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
        (FetchState::Idle, false) if !is_live.get() => view! {
            <a class="more" href=newest.clone()>
                "Newest messages"
            </a>
        }
        .into_any(),
        (FetchState::Idle, _) => ().into_any(),
    })
}

/// Keeps the rows where the reader wants them while they come and go, and fetches what the reader comes near.
fn keep_in_place(timeline: Timeline, shown: Memo<Vec<ShownRow>>, reader: Reader, nodes: Nodes) -> ScrollerRef {
    let chat = Chat::get();
    let Reader { follows, target, .. } = reader;
    let scroller = ScrollerRef::new(None);
    let settle = move || with_scroller(scroller, Scroller::settle_soon);
    effect(move || {
        let (Some(pane), Some(content), Some(rows)) = (nodes.pane.get(), nodes.content.get(), nodes.rows.get()) else {
            return;
        };
        let (pane, content, rows): (&Element, &Element, &Element) =
            (pane.unchecked_ref(), content.unchecked_ref(), rows.unchecked_ref());
        let handlers = Box::new(PaneHandlers { chat, timeline, shown, reader });
        let new = Scroller::new(pane, content, rows, handlers);
        // Whoever has scrolled while the client was loading stays there.
        if new.has_moved() {
            target.set(None);
        }
        scroller.set_value(Some(StoredValue::new_local(new)));
        settle();
    });
    // Growth is seen by the pane itself; this is for changes that leave the height as it was.
    effect(move || {
        shown.track();
        settle();
    });
    let mut is_first = true;
    effect(move || {
        // The page begins where the server has left it, or where the reader has scrolled since.
        let begins = std::mem::take(&mut is_first);
        if follows.get() && !begins {
            with_scroller(scroller, Scroller::to_end);
        }
    });
    // The message that the reader wants to see, once its row is in the page.
    let row_of = move |seq: Seq| {
        shown.with(|rows| {
            let is_at = |row: &ShownRow| row.entry.seq().is_some_and(|at| at >= seq);
            rows.first().and_then(|row| row.entry.seq()).filter(|first| *first <= seq)?;
            // It may be folded, or be gone: then the row before it is meant.
            let in_page = timeline.rows.with(|rows| rows.iter().rev().find_map(TimelineRow::seq));
            let is_beyond = timeline.at_latest.get() && timeline.span.with(|span| span.high < seq);
            let last = || (is_beyond || in_page.is_some_and(|last| last >= seq)).then(|| rows.len() - 1);
            rows.iter().position(is_at).or_else(last)
        })
    };
    effect(move || {
        // Where the messages are not on the page, it is shown once they are.
        reader.is_shown.track();
        let Some((seq, offset)) = target.get() else { return };
        match row_of(seq) {
            Some(_) => request_animation_frame(move || {
                // Until then rows may have come, or the reader wants to see something else.
                let Some((seq, offset)) = target.try_get_untracked().flatten() else { return };
                let is_shown = with_scroller(scroller, Scroller::is_shown) == Some(true);
                if let Some(row) = untrack(|| row_of(seq)).filter(|_| is_shown) {
                    target.set(None);
                    with_scroller(scroller, |scroller| scroller.show(row, offset));
                }
            }),
            None => chat.show_message(timeline, seq, offset),
        }
    });
    scroller
}

/// What the pane asks of this view.
struct PaneHandlers {
    chat: Chat,
    timeline: Timeline,
    shown: Memo<Vec<ShownRow>>,
    reader: Reader,
}

impl PaneHandlers {
    /// What the reader wants to see is held, and is about to be shown.
    fn is_leaving(&self) -> bool {
        let target = self.reader.target.try_get_untracked().flatten();
        let span = self.timeline.span.try_get_untracked().unwrap_or_default();
        target.is_some_and(|(seq, _)| span.low <= seq && seq <= span.high)
    }

    fn is_idle(fetch: RwSignal<FetchState>) -> bool {
        fetch.try_get_untracked() == Some(FetchState::Idle)
    }
}

impl ScrollHandlers for PaneHandlers {
    fn shown(&self, is_shown: bool) {
        set_if_changed(self.reader.is_shown, is_shown);
    }

    fn scrolled(&self, uppermost: Option<VisibleRow>, follows: bool) {
        if self.is_leaving() {
            return;
        }
        let seen = uppermost.and_then(|VisibleRow { place, offset }| {
            let seq = self.shown.try_with_untracked(|rows| rows.get(place)?.entry.seq()).flatten()?;
            Some((seq, offset))
        });
        set_if_changed(self.reader.follows, follows);
        set_if_changed(self.reader.uppermost, seen.map(|(seq, _)| seq));
        if follows || seen.is_some() {
            self.chat.set_reading(self.timeline, seen.filter(|_| !follows));
        }
    }

    fn follows(&self) -> bool {
        self.reader.follows.try_get_untracked().unwrap_or(false)
    }

    fn at_latest(&self) -> bool {
        let jumps = self.timeline.jumps_to_latest.try_get_untracked().unwrap_or(false);
        jumps || self.timeline.at_latest.try_get_untracked().unwrap_or(true)
    }

    fn fill(&self, viewport: Viewport, heights: &dyn Fn() -> Vec<f64>) {
        if self.is_leaving() {
            return;
        }
        let measured = || {
            // What is folded takes no room.
            let folded = |rows: &Vec<TimelineRow>| rows.iter().filter_map(|row| Some((row.seq()?, 0.0))).collect();
            let mut measured: Vec<(Seq, f64)> = self.timeline.rows.with_untracked(folded);
            self.shown.with_untracked(|rows| {
                measured
                    .extend(rows.iter().zip(heights()).filter_map(|(row, height)| Some((row.entry.seq()?, height))));
            });
            measured
        };
        self.chat.fill_page(self.timeline, viewport, measured);
    }

    fn near_top(&self) {
        let has_older = self.timeline.span.try_get_untracked().is_some_and(|span| span.low > Seq(1));
        if has_older && Self::is_idle(self.timeline.older) {
            self.chat.load_older(self.timeline.id);
        }
    }

    fn near_bottom(&self) {
        if Self::is_idle(self.timeline.newer) {
            self.chat.load_newer(self.timeline.id);
        }
    }
}

/// Arrow keys walk from message to message, Home to the oldest held one, End to the newest one.
fn walk(event: &KeyboardEvent, scroller: ScrollerRef, to_latest: impl FnOnce()) {
    // The pane itself has the focus when the focused message has left the page.
    let message = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|target| {
        let is = |selector| target.matches(selector).unwrap_or(false);
        match is(".timeline") {
            true => target.query_selector("article[tabindex='0']").ok()?,
            false => Some(target.clone()).filter(|_| is("article")),
        }
    });
    let Some(row) = message.and_then(|message| message.parent_element()) else { return };
    let key = event.key();
    match key.as_str() {
        "ArrowUp" => focus_message(row.previous_element_sibling()),
        "ArrowDown" => focus_message(row.next_element_sibling()),
        "Home" | "End" => {
            let Some(rows) = row.parent_element() else { return };
            let to_end = key == "End";
            if to_end {
                to_latest();
            }
            with_scroller(scroller, if to_end { Scroller::to_end } else { Scroller::to_start });
            // The rows there come into the page before the next frame.
            request_animation_frame(move || {
                focus_message(if to_end { rows.last_element_child() } else { rows.first_element_child() });
            });
        }
        _ => return,
    }
    event.prevent_default();
}

/// Focuses the message of a row.
fn focus_message(row: Option<Element>) {
    let message = row.and_then(|row| row.query_selector("article").ok().flatten());
    if let Some(message) = message.and_then(|message| message.dyn_into::<HtmlElement>().ok()) {
        // Refused only by an element that is gone.
        let _ = message.focus();
    }
}
