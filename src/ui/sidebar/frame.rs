//! The frame: it fetches what the page starts from, once, and stays while pages change inside it.

use super::{Me, Rooms};
use crate::api::conversations::open_conversation;
use crate::client::Chat;
use crate::sync::Link;
use crate::ui::conversation::place_of;
use crate::ui::pages::FailedPage;
use crate::ui::parts::{Bones, Icon, IconOf};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_query_map};

/// The frame around the pages of a signed-in user.
#[component]
pub fn Frame() -> impl IntoView {
    let chat = Chat::get();
    let path = use_location().pathname;
    let query = use_query_map();
    // What the first page shows. Later ones are fetched by the chat, when it does not hold them yet.
    let start = Resource::new_blocking(
        || (),
        move |()| {
            let conversation = path.with_untracked(|path| place_of(path));
            let before = query.with_untracked(|query| query.get_str("before").and_then(|before| before.parse().ok()));
            let held = chat.my_id().is_some();
            async move { if held { Ok(None) } else { open_conversation(conversation, before).await.map(Some) } }
        },
    );
    let page = Suspend::new(async move {
        match start.await {
            Ok(opened) => {
                if let Some(opened) = opened {
                    chat.seed(opened);
                }
                view! { <Inside /> }.into_any()
            }
            Err(error) => view! { <FailedPage error=error /> }.into_any(),
        }
    });
    view! { <Transition fallback=Waiting>{page}</Transition> }
}

/// The frame with its content.
#[component]
fn Inside() -> impl IntoView {
    let chat = Chat::get();
    let link = chat.link();
    let path = use_location().pathname;
    Effect::new(move |_| chat.wake_up());
    view! {
        <div
            class="frame"
            class:listing=move || path.with(|path| path == "/")
            data-link=move || link.with(link_word)
        >
            // On a phone the list is a page of its own, and has a title like every page.
            <main class="list-title">
                <h1>"Conversations"</h1>
            </main>
            <nav class="side" aria-label="Conversations">
                <Workspace />
                <Rooms />
                <Me />
            </nav>
            <Outlet />
        </div>
    }
    .into_any()
}

/// The frame's shape while its content is on its way.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="frame" aria-busy="true">
            <div class="side">
                <Workspace />
            </div>
            <main class="main">
                <div class="head"></div>
                <Bones rows=5 />
            </main>
        </div>
    }
    .into_any()
}

/// Whose place this is.
#[component]
fn Workspace() -> impl IntoView {
    view! {
        <a class="workspace" href="/">
            <span class="mark">
                <Icon of=IconOf::Mark />
            </span>
            "Hubbub"
        </a>
    }
    .into_any()
}

/// The connection's state in a word, for tests and style sheets.
fn link_word(link: &Link) -> &'static str {
    match link {
        Link::Idle => "idle",
        Link::Connecting { .. } => "connecting",
        Link::Connected { .. } => "connected",
        Link::Waiting { .. } => "waiting",
        Link::Offline { .. } => "offline",
        Link::SignedOut => "signed-out",
        Link::Outdated => "outdated",
    }
}
