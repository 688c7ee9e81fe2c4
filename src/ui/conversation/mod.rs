//! A conversation: its messages, and the composer.

mod banner;
mod beginning;
mod composer;
mod grouping;
mod header;
mod message;
mod timeline;
mod typing;
mod unread;

pub use banner::Banner;
pub use composer::Composer;
pub use header::{Back, Header, sign_of};
pub use timeline::TimelineView;
pub use typing::TypingLine;

use crate::client::{Chat, Timeline, effect, memo, platform};
use crate::model::ConversationSummary;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use unread::{JumpToUnread, Unread};

/// What browsers call the key that an input method handles.
const KEY_OF_INPUT_METHOD: u32 = 229;

/// Whether an input method handles the key: then Enter and Escape end its composition and nothing else.
fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == KEY_OF_INPUT_METHOD
}

/// A conversation that is held.
#[component]
pub fn ConversationView(timeline: Timeline) -> impl IntoView {
    let chat = Chat::get();
    let focused = platform::page_events::focus();
    let unread = Unread::new(timeline, focused);
    // The reader begins at the first new message, or where they were.
    // A page of older messages begins at its end.
    let is_older_page = use_query_map().with_untracked(|query| query.get_str("before").is_some());
    let start = unread.start().filter(|_| !is_older_page).or_else(|| timeline.scroll_position());
    let target = RwSignal::new(start);
    let uppermost = RwSignal::new(None);
    // Whether the reader stays with the newest message.
    let follows = RwSignal::new(timeline.at_latest.get_untracked() && start.is_none());
    let is_shown = RwSignal::new(false);
    // Read is what has been on the screen of a window that somebody looks at.
    effect(move || {
        let is_seen = is_shown.get() && follows.get() && timeline.at_latest.get();
        let is_viewed = is_seen && focused.get() && chat.is_live().get();
        chat.set_viewing(is_viewed.then_some(timeline.id));
    });
    on_cleanup(move || chat.set_viewing(None));
    // Whoever wants to be at the newest message wants nothing else any more.
    effect(move || {
        if follows.get() {
            target.set(None);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !is_composing(&event) {
            chat.mark_read(timeline.id);
        }
    };
    view! {
        <main id="main" class="main" tabindex="-1" on:keydown=on_key>
            <Header conversation=timeline.conversation />
            <TimelineView timeline follows is_shown unread uppermost target />
            <JumpToUnread unread uppermost target />
            <div class="foot">
                <JumpToLatest timeline=timeline follows=follows />
                <Banner />
                <TypingLine timeline=timeline />
                <Composer conversation=timeline.conversation follows=follows />
            </div>
        </main>
    }
    .into_any()
}

/// Leads back to the newest message, and says how many came in the meantime.
#[component]
fn JumpToLatest(timeline: Timeline, follows: RwSignal<bool>) -> impl IntoView {
    let chat = Chat::get();
    let is_live = chat.is_live();
    let summary = chat.summary(timeline.id);
    let fresh = memo(move || summary.with(|summary| summary.as_ref().map_or(0, ConversationSummary::unread)));
    let jump = move |_| {
        chat.load_latest(timeline.id);
        follows.set(true);
    };
    let count = move || {
        let sentence = match fresh.get() {
            0 => return None,
            1 => "1 new message".to_owned(),
            n => format!("{n} new messages"),
        };
        let shown = if fresh.get() > 99 { "99+".to_owned() } else { fresh.get().to_string() };
        let badge = view! {
            <span class="badge" aria-hidden="true">
                {shown}
            </span>
            <span class="hidden-text">{sentence}</span>
        };
        Some(badge.into_any())
    };
    let button = move || {
        let shown = is_live.get() && !follows.get();
        let button = || {
            view! {
                <button class="jump" type="button" on:click=jump>
                    <Icon of=IconOf::Down />
                    "Jump to latest"
                    {live(count)}
                </button>
            }
        };
        shown.then(|| button().into_any())
    };
    view! {
        // Screen readers announce the number, not every message.
        <div aria-live="polite">
            {live(button)}
        </div>
    }
    .into_any()
}
