//! The panel of a room, beside its conversation: its members, and what it is about.

mod add;
mod confirm;
mod details;
mod member;
mod members;
mod state;

use crate::client::platform::page;
use crate::client::{Timeline, effect, memo};
use crate::model::Route;
use crate::ui::conversation::sign_of;
use crate::ui::parts::{Icon, IconOf, LazyView, Skeleton, lazy, lazy_view, live};
use add::AddPeople;
use confirm::ConfirmDialog;
use details::Details;
use leptos::ev::KeyboardEvent;
use leptos::html::H2;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_router::hooks::use_location;
use members::Members;
use state::RoomPanelState;

/// The `id` of the link in the conversation's header that opens the panel.
pub const OPENER_ID: &str = "room-panel-opener";
/// The `id` of the panel.
pub const PANEL_ID: &str = "room-panel";

/// The fragment of a room's page that leads to adding people, and of the panel that opens on it.
pub const ADD_PEOPLE: &str = "add";
/// The fragment that leads to the field of the topic.
pub const SET_TOPIC: &str = "topic";

/// What the panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Members,
    AddPeople,
    Details,
    /// Details, with the form to change them.
    Topic,
}

impl Tab {
    /// Where a fragment leads.
    fn at(fragment: &str) -> Option<Self> {
        match fragment.trim_start_matches('#') {
            ADD_PEOPLE => Some(Tab::AddPeople),
            SET_TOPIC => Some(Tab::Topic),
            _ => None,
        }
    }

    /// Which of the two tabs it belongs to.
    fn is_of(self, tab: Tab) -> bool {
        let tab_of = |tab| match tab {
            Tab::Members | Tab::AddPeople => Tab::Members,
            Tab::Details | Tab::Topic => Tab::Details,
        };
        tab_of(self) == tab_of(tab)
    }
}

/// The panel of the room that is open. Its content is loaded lazily.
#[component]
pub fn RoomPanel(timeline: Timeline) -> impl IntoView {
    let title = NodeRef::<H2>::new();
    effect(move || {
        if let Some(title) = title.get() {
            // Refused only by an element that is gone.
            let _ = title.focus();
        }
    });
    let conversation = Route::Conversation(timeline.id).to_string();
    let address = conversation.clone();
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            page::visit(&address);
            page::focus_soon(OPENER_ID);
        }
    };
    let name = move || timeline.conversation.with(|room| format!("{}{}", sign_of(room.kind), room.name));
    view! {
        <aside class="panel" id=PANEL_ID aria-label=live(move || format!("About {}", name())) on:keydown=on_key>
            <header>
                <h2 node_ref=title tabindex="-1" dir="auto">
                    {live(name)}
                </h2>
                <a class="icon-button" href=conversation aria-label="Close" on:click=move |_| page::focus_soon(OPENER_ID)>
                    <Icon of=IconOf::Cross />
                </a>
            </header>
            {lazy(move || room_panel(timeline), || view! { <Skeleton rows=6 /> }.into_any())}
        </aside>
    }
    .into_any()
}

#[wasm_split(room_panel, wasm_split_path = leptos::wasm_split, fallible)]
fn room_panel(timeline: Timeline) -> LazyView {
    lazy_view(move || view! { <Content timeline=timeline /> }.into_any())
}

/// The tabs, and what they show.
#[component]
fn Content(timeline: Timeline) -> impl IntoView {
    let state = RoomPanelState::new(timeline);
    let fragment = use_location().hash;
    let tab = RwSignal::new(fragment.with_untracked(|fragment| Tab::at(fragment)).unwrap_or(Tab::Members));
    effect(move || {
        if let Some(asked) = fragment.with(|fragment| Tab::at(fragment)) {
            tab.set(asked);
        }
    });
    // The address says what is shown only as long as it is: the same link leads there again.
    effect(move || {
        let shown = tab.get();
        if fragment.with_untracked(|fragment| Tab::at(fragment)).is_some_and(|asked| asked != shown) {
            page::replace(&Route::About(state.id).to_string());
        }
    });
    let count = move || state.room.with(|room| room.member_count.to_string());
    let tabs = move |of: Tab, id: &'static str| {
        let is_shown = move || tab.get().is_of(of);
        let on_key = move |event: KeyboardEvent| {
            let other = match (event.key().as_str(), of) {
                ("ArrowLeft" | "ArrowRight", Tab::Members | Tab::AddPeople) => (Tab::Details, "room-tab-details"),
                ("ArrowLeft" | "ArrowRight", Tab::Details | Tab::Topic) => (Tab::Members, "room-tab-members"),
                _ => return,
            };
            event.prevent_default();
            tab.set(other.0);
            page::focus_soon(other.1);
        };
        view! {
            <button
                type="button"
                role="tab"
                id=id
                aria-selected=live(move || is_shown().to_string())
                aria-controls="room-tab-panel"
                tabindex=live(move || if is_shown() { "0" } else { "-1" })
                on:click=move |_| tab.set(of)
                on:keydown=on_key
            >
                {match of {
                    Tab::Details | Tab::Topic => "Details".into_any(),
                    Tab::Members | Tab::AddPeople => view! {
                        "Members "
                        <span class="count">{live(count)}</span>
                    }
                    .into_any(),
                }}
            </button>
        }
        .into_any()
    };
    // Not what changes with every refresh, under which a form would begin anew.
    let is_loading = memo(move || state.is_loading());
    let failure = memo(move || state.problem.get().filter(|_| state.details.with(Option::is_none)));
    let content = move || {
        if let Some(error) = failure.get() {
            return view! {
                <div class="panel-note" role="alert">
                    <p>{error.message}</p>
                    <button class="button s" type="button" on:click=move |_| state.load()>
                        "Try again"
                    </button>
                </div>
            }
            .into_any();
        }
        match (is_loading.get(), tab.get()) {
            (true, _) => view! { <Skeleton rows=6 /> }.into_any(),
            (false, Tab::Members) => {
                view! { <Members state=state add=Callback::new(move |()| tab.set(Tab::AddPeople)) /> }.into_any()
            }
            (false, Tab::AddPeople) => {
                view! { <AddPeople state=state back=Callback::new(move |()| tab.set(Tab::Members)) /> }.into_any()
            }
            (false, shown @ (Tab::Details | Tab::Topic)) => {
                view! { <Details state=state sets_topic=shown == Tab::Topic /> }.into_any()
            }
        }
    };
    // What could not be refreshed: what is shown stays.
    let stale = move || {
        let problem = state.problem.get().filter(|_| state.details.with(Option::is_some))?;
        let problem = view! {
            <p class="panel-note" role="alert">
                {problem.message}
                " "
                <button class="link" type="button" on:click=move |_| state.load()>
                    "Try again"
                </button>
            </p>
        };
        Some(problem.into_any())
    };
    view! {
            <div class="tabs" role="tablist" aria-label="About this room">
                {tabs(Tab::Members, "room-tab-members")} {tabs(Tab::Details, "room-tab-details")}
            </div>
            {live(stale)}
            <div
                class="panel-body"
                id="room-tab-panel"
                role="tabpanel"
                tabindex="0"
                aria-labelledby=live(move || if tab.get().is_of(Tab::Details) { "room-tab-details" } else { "room-tab-members" })
                aria-busy=live(move || is_loading.get().to_string())
            >
                {live(content)}
            </div>
            <p class="hidden-text" role="status">
                {live(move || state.done.get())}
            </p>
            <ConfirmDialog state=state />
    }
    .into_any()
}
