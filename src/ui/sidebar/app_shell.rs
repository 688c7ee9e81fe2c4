//! The app shell: the sidebar beside the current page. It fetches the start data once, and stays while pages change.

use super::{Conversations, UserMenu};
use crate::api::conversations::open_conversation;
use crate::client::platform::page::focus_page;
use crate::client::{Chat, effect, memo};
use crate::model::{Code, ConversationId, OpenedConversation, Route};
use crate::sync::ConnectionState;
use crate::ui::pages::list::{ListCode, StartedList};
use crate::ui::pages::{
    ConversationPage, DiagnosticsPage, FailedPage, LazyPage, NotFoundPage, PageLayout, ToRoom, people, rendered_data,
    rooms,
};
use crate::ui::parts::{PageData, Skeleton, lazy, lazy_view, live, mark_and_name, page_data};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use std::future::Future;
use std::sync::Arc;

/// The app shell around the pages of a signed-in user.
#[component]
pub fn AppShell(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let query = use_query_map();
    // What the first page shows. Later ones are fetched by the chat, when it does not hold them yet.
    let start = page_data(move || {
        // A room's page is there for those as well who are not in it.
        let conversation = match route.get_untracked() {
            Route::Conversation(id) => Some(id),
            _ => None,
        };
        let before = query.with_untracked(|query| query.get_str("before").and_then(|before| before.parse().ok()));
        let held = chat.my_id().is_some();
        async move { if held { Ok(None) } else { open_conversation(conversation, before).await.map(Some) } }
    });
    let page = start.show(move |start: Result<Option<OpenedConversation>, _>| match start {
        Ok(opened) => {
            if let Some(opened) = opened {
                chat.seed(opened);
            }
            view! { <AppContent route=route /> }.into_any()
        }
        Err(error) => match untrack(|| route.get().conversation()) {
            Some(id) if error.code == Code::NotMember => view! { <ToRoom id=id /> }.into_any(),
            _ => view! { <FailedPage error=error /> }.into_any(),
        },
    });
    view! { <Transition fallback=AppSkeleton>{page}</Transition> }
}

/// A page that the server renders. The title of a room's page holds the room's name, if the user is a member.
fn rendered(route: Route, title: &'static str, first: Option<(Route, PageData)>) -> AnyView {
    // What was asked for before the first view: the server makes a view more than once, and must not ask as often.
    let first = first.filter(|(of, _)| *of == route && !Chat::get().is_live().get_untracked()).map(|(_, data)| data);
    let start = first.unwrap_or_else(|| rendered_data(route));
    let room = route.conversation();
    // Who is not in the room came from the list of rooms.
    let back = |id| if untrack(|| Chat::get().is_listed(id)) { Route::Conversation(id) } else { Route::Rooms };
    let name = room.map(|id| Chat::get().title(id));
    let title = Signal::derive(move || {
        // The page's title outlives the page by a moment.
        let name = name.and_then(|name| name.try_get()).filter(|name| !name.is_empty());
        name.map_or_else(|| title.to_owned(), |name| format!("About {name}"))
    });
    LazyPage::Rendered { route, title, back: room.map(back), start }.show()
}

/// A list that the client searches by itself. Where the server rendered the page, what it rendered stays until the
/// client has the rows.
fn listed<F>(route: Route, title: &'static str, first: Option<(Route, PageData)>, load: fn() -> F) -> AnyView
where
    F: Future<Output = ListCode> + 'static,
{
    let is_first = first.is_some_and(|(of, _)| of == route) && !Chat::get().is_live().get_untracked();
    let query = use_query_map();
    let text = query.with_untracked(|query| query.get_str("search").unwrap_or_default().to_owned());
    let page = move |content: AnyView| {
        view! { <PageLayout title=title.to_owned() back=None>{content}</PageLayout> }.into_any()
    };
    if !is_first {
        let load = move || {
            let text = text.clone();
            async move {
                let start = load().await?;
                lazy_view(move || (start(text.clone()).view)())
            }
        };
        return page(lazy(load, || view! { <Skeleton rows=5 /> }.into_any()));
    }
    let list = RwSignal::new(None::<Arc<StartedList>>);
    let owner = Owner::current();
    effect(move || {
        let (owner, text) = (owner.clone(), text.clone());
        spawn_local(async move {
            // Without the code, what the server rendered stays: it works by links and forms.
            let Ok(start) = load().await else { return };
            if let Some(owner) = owner.filter(|_| list.try_get_untracked().is_some()) {
                list.try_set(Some(Arc::new(owner.with(|| start(text)))));
            }
        });
    });
    let ready = memo(move || list.with(|list| list.as_ref().is_some_and(|list| list.has_rows.get())));
    live(move || {
        // Read in any case: a memo that is only tracked, and that nobody has read, does not follow its sources.
        let is_ready = ready.get();
        match list.get_untracked().filter(|_| is_ready) {
            Some(list) => page((list.view)()),
            None => rendered(route, title, first),
        }
    })
    .into_any()
}

/// The app shell once its start data is here.
#[component]
fn AppContent(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let connection = chat.connection_state();
    effect(move || chat.go_live());
    let first = Some(route.get_untracked()).filter(|route| route.is_server_rendered());
    let first = first.map(|route| (route, rendered_data(route)));
    // From one conversation to the next the page stays, and shows another. A member sees the room's page as a panel
    // beside the conversation, once the page is live; it stays there when the membership ends, to say so.
    let (is_live, with_panel) = (chat.is_live(), StoredValue::new(None::<ConversationId>));
    let page = memo(move || match route.get() {
        Route::Conversation(_) => Route::Front,
        Route::About(id) if is_live.get() && (chat.is_listed(id) || with_panel.get_value() == Some(id)) => {
            with_panel.set_value(Some(id));
            Route::Front
        }
        other => {
            with_panel.set_value(None);
            other
        }
    });
    let page = move || {
        let shown = page.get();
        match shown {
            Route::Front | Route::Conversation(_) => view! { <ConversationPage route=route /> }.into_any(),
            Route::Diagnostics => view! { <DiagnosticsPage /> }.into_any(),
            Route::Password => LazyPage::Password.show(),
            Route::About(_) => rendered(shown, "About this room", first),
            Route::Rooms => listed(shown, "Rooms", first, rooms),
            Route::NewRoom => rendered(shown, "New room", first),
            Route::People => listed(shown, "People", first, people),
            Route::Find => rendered(shown, "Find or go to", first),
            Route::Devices => rendered(shown, "Devices", first),
            Route::Accounts => rendered(shown, "Accounts", first),
            Route::Invitations => rendered(shown, "Invitations", first),
            Route::Workspace => rendered(shown, "Workspace", first),
            Route::SignIn | Route::Register | Route::Unknown => view! { <NotFoundPage /> }.into_any(),
        }
    };
    // Whoever follows a link by keyboard or by ear goes on in the page that it leads to.
    let shown_before = StoredValue::new(route.get_untracked());
    effect(move || {
        let now = route.get();
        if shown_before.get_value() != now {
            shown_before.set_value(now);
            focus_page();
        }
    });
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        focus_page();
    };
    view! {
        <div
            class="app-shell"
            class:listing=live(move || route.get() == Route::Front)
            data-link=live(move || connection.with(connection_word))
        >
            // On a phone the list is a page of its own, and has a title like every page.
            <main class="list-title">
                <h1>"Conversations"</h1>
            </main>
            <a class="skip-link" href="#main" on:click=skip>
                "Skip to the page"
            </a>
            <nav class="side" aria-label="Conversations">
                <Workspace />
                <Conversations route=route />
                <UserMenu />
            </nav>
            {live(page)}
        </div>
    }
    .into_any()
}

/// The skeleton of the app shell while its start data is loading.
#[component]
fn AppSkeleton() -> impl IntoView {
    view! {
        <div class="app-shell" aria-busy="true">
            <div class="side">
                <Workspace />
            </div>
            <main class="main">
                <div class="head"></div>
                <Skeleton rows=5 />
            </main>
        </div>
    }
    .into_any()
}

/// The workspace's name, leading to the start page.
#[component]
fn Workspace() -> impl IntoView {
    view! {
        <a class="workspace" href="/">
            {mark_and_name()}
        </a>
    }
    .into_any()
}

/// The connection's state in a word, for tests and style sheets.
fn connection_word(connection: &ConnectionState) -> &'static str {
    match connection {
        ConnectionState::Idle => "idle",
        ConnectionState::Connecting { .. } => "connecting",
        ConnectionState::Connected { .. } => "connected",
        ConnectionState::Waiting { .. } => "waiting",
        ConnectionState::Offline { .. } => "offline",
        ConnectionState::SignedOut => "signed-out",
        ConnectionState::Outdated => "outdated",
    }
}
