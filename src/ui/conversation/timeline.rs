//! What was said, newest at the bottom.

use super::grouping::places;
use super::header::sign_of;
use super::message::MessageRow;
use crate::client::platform::scroller::{ScrollHandlers, Scroller};
use crate::client::{Chat, RowKey, Timeline, effect, memo};
use crate::model::{ConversationKind, ConversationSummary, Error, Seq, SortedSet};
use crate::sync::FetchState;
use crate::ui::parts::{Icon, IconOf, Skeleton, live};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use std::time::Duration;

/// What stands above the oldest row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Top {
    /// There is nothing below either.
    Empty,
    Beginning,
    /// Older messages exist; the number is the oldest held one's.
    More(Seq),
    Asking,
    Failed(Error),
}

/// The list of messages. It scrolls by itself, fetches what its reader comes near, and never jumps.
#[component]
pub fn TimelineView(timeline: Timeline, follows: RwSignal<bool>) -> impl IntoView {
    let chat = Chat::get();
    let zone = chat.zone();
    let places = memo(move || timeline.rows.with(|entries| places(entries, zone.get())));
    let visited = RwSignal::new(None::<RowKey>);
    let stop = memo(move || {
        let still_there = visited.get().filter(|key| places.with(|places| places.contains_key(key)));
        still_there.or_else(|| timeline.rows.with(|entries| entries.last().map(|entry| entry.key)))
    });
    let (outer, rows) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    keep_in_place(timeline, follows, outer, rows);

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
    let first_new = first_new(timeline);
    let unfolded = RwSignal::new(SortedSet::new());
    view! {
        <div
            class="timeline"
            role="log"
            aria-live=live(move || if heard.get() && follows.get() { "polite" } else { "off" })
            aria-label=live(move || format!("Messages in {}", name.get()))
            node_ref=outer
            on:keydown=walk
        >
            <div class="rows" node_ref=rows>
                <TopOf timeline=timeline name=name />
                <For each=move || timeline.rows.get() key=|entry| entry.key let:entry>
                    <MessageRow entry timeline places stop visited first_new unfolded />
                </For>
                <BottomOf timeline=timeline />
            </div>
        </div>
    }
    .into_any()
}

/// The first row that was new when the reader came. It moves when they mark messages as
/// unread, and not while they read.
fn first_new(timeline: Timeline) -> Memo<Option<RowKey>> {
    let chat = Chat::get();
    let line = chat.summary(timeline.id);
    let position =
        move |line: &Option<ConversationSummary>| line.as_ref().map(|line| (line.read.seq, line.unread() > 0));
    let read = Memo::new(move |before: Option<&Option<Seq>>| {
        let now = line.with(position);
        match (before, now) {
            (_, None) => None,
            // It went back, or it is the first look.
            (Some(Some(held)), Some((read, true))) if read < *held => Some(read),
            (Some(None) | None, Some((read, true))) => Some(read),
            (Some(held), _) => *held,
            (None, _) => None,
        }
    });
    let me = chat.me();
    memo(move || {
        let (read, me) = (read.get()?, me.with(|me| me.as_ref().map(|me| me.person.id))?);
        timeline.first_unread(read, me)
    })
}

/// What stands above the oldest row: the beginning, or the way to what is older.
#[component]
fn TopOf(timeline: Timeline, name: Memo<String>) -> impl IntoView {
    let chat = Chat::get();
    let is_live = chat.is_live();
    let top = memo(move || {
        let span = timeline.span.get();
        let has_rows = timeline.rows.with(|entries| !entries.is_empty());
        match timeline.older.get() {
            _ if span.head == Seq(0) && !has_rows => Top::Empty,
            _ if span.low <= Seq(1) => Top::Beginning,
            FetchState::Loading => Top::Asking,
            FetchState::Failed(error) => Top::Failed(error),
            FetchState::Idle => Top::More(span.low),
        }
    });
    let is_direct = timeline.conversation.with_untracked(|row| row.kind == ConversationKind::Direct);
    let empty = match is_direct {
        true => "Nobody has said anything yet. Write the first message below; only the two of you will see it.",
        false => "Nobody has said anything yet. Write the first message below; everyone in here will see it.",
    };
    let beginning = move || match is_direct {
        true => format!("This is the beginning of what you and {} say to each other.", name.get()),
        false => format!("This is the beginning of {}.", name.get()),
    };
    live(move || match top.get() {
        Top::Empty => view! {
            <div class="empty">
                <span class="glyph">
                    <Icon of=IconOf::Mark />
                </span>
                <h2>"It is quiet in here"</h2>
                <p>{empty}</p>
            </div>
        }
        .into_any(),
        Top::Beginning => view! {
            <div class="beginning">
                <h2 dir="auto">
                    {sign_of(timeline.conversation.with_untracked(|row| row.kind))} {live(move || name.get())}
                </h2>
                <p>{live(beginning)}</p>
            </div>
        }
        .into_any(),
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
            <a class="more" href=format!("/c/{}", timeline.id)>
                "Newest messages"
            </a>
        }
        .into_any(),
        (FetchState::Idle, _) => ().into_any(),
    })
}

/// Keeps the rows where the reader wants them while they come and go, and fetches what the reader comes near.
fn keep_in_place(timeline: Timeline, follows: RwSignal<bool>, outer: NodeRef<Div>, rows: NodeRef<Div>) {
    let chat = Chat::get();
    effect(move || {
        let Some((outer, rows)) = outer.get().zip(rows.get()) else {
            return;
        };
        let more_above = move || timeline.span.try_get_untracked().is_some_and(|span| span.low > Seq(1));
        let idle = |ask: RwSignal<FetchState>| ask.try_get_untracked() == Some(FetchState::Idle);
        let spot = timeline.scroll_position();
        let reader = ScrollHandlers {
            save_scroll_position: Box::new(move |spot| timeline.save_scroll_position(spot)),
            set_follows: Box::new(move |now| {
                if follows.try_get_untracked().is_some_and(|before| before != now) {
                    follows.set(now);
                }
            }),
            follows: Box::new(move || follows.try_get_untracked().unwrap_or(false)),
            at_latest: Box::new(move || {
                let jumps = timeline.jumps_to_latest.try_get_untracked().unwrap_or(false);
                jumps || timeline.at_latest.try_get_untracked().unwrap_or(true)
            }),
            near_top: Box::new(move || {
                if more_above() && idle(timeline.older) {
                    chat.load_older(timeline.id);
                }
            }),
            near_bottom: Box::new(move || {
                if idle(timeline.newer) {
                    chat.load_newer(timeline.id);
                }
            }),
        };
        let (outer, rows): (&Element, &Element) = (outer.unchecked_ref(), rows.unchecked_ref());
        let pane = Scroller::new(outer, rows, reader);
        if let Some(spot) = spot {
            pane.return_to(spot);
        }
        let pane = StoredValue::new_local(pane);
        // Growth is seen by the pane itself; this is for changes that leave the height as it was, and for a reader
        // who asks to be at the newest message.
        effect(move || {
            timeline.rows.track();
            follows.track();
            request_animation_frame(move || {
                pane.try_with_value(Scroller::settle);
            });
        });
    });
}

/// Arrow keys walk from message to message.
fn walk(event: KeyboardEvent) {
    let is_row = |element: &Element| element.matches("article:not(.folded)").unwrap_or(false);
    let Some(row) = event.target().and_then(|target| target.dyn_into::<Element>().ok()).filter(is_row) else {
        return;
    };
    let step = |from: &Element, key: &str| match key {
        "ArrowUp" => from.previous_element_sibling(),
        _ => from.next_element_sibling(),
    };
    let key = event.key();
    let target = match key.as_str() {
        "ArrowUp" | "ArrowDown" => {
            let mut at = step(&row, &key);
            while let Some(element) = at.take_if(|element| !is_row(element)) {
                at = step(&element, &key);
            }
            at
        }
        "Home" | "End" => row.parent_element().and_then(|rows| {
            let edge = if key == "Home" { "article" } else { ":nth-last-child(1 of article:not(.folded))" };
            rows.query_selector(edge).ok().flatten()
        }),
        _ => return,
    };
    event.prevent_default();
    if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        // Refused only by an element that is gone.
        let _ = target.focus();
    }
}
