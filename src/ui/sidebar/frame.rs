//! The frame: it fetches what the page starts from, once, and stays while pages change inside it.

use super::{Conversations, Me};
use crate::api::conversations::open_conversation;
use crate::client::Chat;
use crate::model::{ConversationId, Opened};
use crate::sync::Link;
use crate::ui::Route;
use crate::ui::pages::{
    AboutPage, ConversationPage, DiagnosticsPage, FailedPage, NewRoomPage, NotFoundPage, PasswordPage, PeoplePage,
    RenderedPage, RoomsPage,
};
use crate::ui::parts::{Bones, Icon, IconOf, live, page_data};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The frame around the pages of a signed-in user.
#[component]
pub fn Frame(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let query = use_query_map();
    // What the first page shows. Later ones are fetched by the chat, when it does not hold them yet.
    let start = page_data(move || {
        let conversation = route.get_untracked().conversation();
        let before = query.with_untracked(|query| query.get_str("before").and_then(|before| before.parse().ok()));
        let held = chat.my_id().is_some();
        async move { if held { Ok(None) } else { open_conversation(conversation, before).await.map(Some) } }
    });
    let page = start.show(move |start: Result<Option<Opened>, _>| match start {
        Ok(opened) => {
            if let Some(opened) = opened {
                chat.seed(opened);
            }
            view! { <Inside route=route /> }.into_any()
        }
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    view! { <Transition fallback=Waiting>{page}</Transition> }
}

/// What stands beside the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Conversation,
    About(ConversationId),
    Rooms,
    NewRoom,
    People,
    Diagnostics,
    Devices,
    Password,
    Accounts,
    Invitations,
    NotFound,
}

/// The frame with its content.
#[component]
fn Inside(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let link = chat.link();
    Effect::new(move |_| chat.wake_up());
    // From one conversation to the next the page stays, and shows another.
    let page = Memo::new(move |_| match route.get() {
        Route::Front | Route::Conversation(_) => Page::Conversation,
        Route::About(id) => Page::About(id),
        Route::Rooms => Page::Rooms,
        Route::NewRoom => Page::NewRoom,
        Route::People => Page::People,
        Route::Diagnostics => Page::Diagnostics,
        Route::Devices => Page::Devices,
        Route::Password => Page::Password,
        Route::Accounts => Page::Accounts,
        Route::Invitations => Page::Invitations,
        Route::SignIn | Route::Register | Route::Unknown => Page::NotFound,
    });
    let page = move || match page.get() {
        Page::Conversation => view! { <ConversationPage route=route /> }.into_any(),
        Page::About(id) => view! { <AboutPage id=id /> }.into_any(),
        Page::Rooms => view! { <RoomsPage /> }.into_any(),
        Page::NewRoom => view! { <NewRoomPage /> }.into_any(),
        Page::People => view! { <PeoplePage /> }.into_any(),
        Page::Diagnostics => view! { <DiagnosticsPage /> }.into_any(),
        Page::Devices => view! { <RenderedPage route=Route::Devices title="Devices" /> }.into_any(),
        Page::Password => view! { <PasswordPage /> }.into_any(),
        Page::Accounts => view! { <RenderedPage route=Route::Accounts title="Accounts" /> }.into_any(),
        Page::Invitations => view! { <RenderedPage route=Route::Invitations title="Invitations" /> }.into_any(),
        Page::NotFound => view! { <NotFoundPage /> }.into_any(),
    };
    view! {
        <div
            class="frame"
            class:listing=move || route.get() == Route::Front
            data-link=move || link.with(link_word)
        >
            // On a phone the list is a page of its own, and has a title like every page.
            <main class="list-title">
                <h1>"Conversations"</h1>
            </main>
            <nav class="side" aria-label="Conversations">
                <Workspace />
                <Conversations route=route />
                <Me />
            </nav>
            {live(page)}
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
