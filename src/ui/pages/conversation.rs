//! The page of a conversation; the front page shows the first one.

use super::FailedPage;
use crate::client::platform::page;
use crate::client::{Chat, OpenState, Timeline, effect, memo};
use crate::model::conversation::UNREAD_SHOWN;
use crate::model::{Code, ConversationId, Error, Route};
use crate::sync::ConnectionState;
use crate::ui::conversation::{Back, ConversationView};
use crate::ui::parts::{Icon, IconOf, Skeleton, live};
use crate::ui::room_panel::RoomPanel;
use leptos::prelude::*;
use leptos_meta::Title;
use std::mem::{Discriminant, discriminant};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Held(Timeline),
    Asked(ConversationId),
    Failed(ConversationId, Error),
    /// It was open here, and is not open to the user any more: it was deleted, or they are not a member.
    NotMember(String),
    /// The user is in no conversation at all.
    NoConversations,
}

impl Shown {
    /// What makes it another page.
    fn key(&self) -> (Discriminant<Shown>, Option<ConversationId>) {
        let id = match self {
            Shown::Held(timeline) => Some(timeline.id),
            Shown::Asked(id) | Shown::Failed(id, _) => Some(*id),
            Shown::NotMember(_) | Shown::NoConversations => None,
        };
        (discriminant(self), id)
    }
}

/// A conversation, from the chat if it is held there, otherwise fetched.
#[component]
pub fn ConversationPage(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let first = chat.first();
    // The conversation that was shown last, with its name: when it is deleted or left, the page says so.
    let last = StoredValue::new(None::<(ConversationId, String)>);
    let shown = memo(move || {
        let Some(id) = route.get().conversation().or_else(|| first.get()) else { return Shown::NoConversations };
        match (chat.timeline(id), chat.opening(id)) {
            (Some(timeline), _) => {
                last.set_value(Some((id, chat.title(id).get())));
                Shown::Held(timeline)
            }
            (None, None)
                if !chat.is_listed(id) && last.with_value(|last| last.as_ref().is_some_and(|last| last.0 == id)) =>
            {
                Shown::NotMember(last.with_value(|last| last.clone().map(|last| last.1)).unwrap_or_default())
            }
            (None, Some(OpenState::Failed(error))) => Shown::Failed(id, error),
            (None, Some(OpenState::Loading) | None) => Shown::Asked(id),
        }
    });
    effect(move || {
        if let Shown::Asked(id) = shown.get() {
            chat.open(id);
        }
    });
    // What could not be fetched while the connection was away is asked for again when it is back.
    let link = chat.connection_state();
    effect(move || {
        let connected = link.with(|link| matches!(link, ConnectionState::Connected { .. }));
        let failed =
            shown.with_untracked(|shown| matches!(shown, Shown::Failed(_, error) if error.code == Code::Unavailable));
        if let Some(id) = route.get_untracked().conversation().filter(|_| connected && failed) {
            chat.open(id);
        }
    });
    // What the room is about and who is in it, beside the conversation while the address asks for it.
    let panel = memo(move || match (route.get(), shown.get()) {
        (Route::About(id), Shown::Held(timeline)) if timeline.id == id => Some(timeline),
        _ => None,
    });
    let panel = move || panel.get().map(|timeline| view! { <RoomPanel timeline=timeline /> }.into_any());
    let conversation = |shown: Shown| match shown {
        Shown::Held(timeline) => view! {
            <PageTitle id=timeline.id />
            <ConversationView timeline=timeline />
        }
        .into_any(),
        Shown::Asked(_) => view! {
            <Title text="Opening…" />
            <main id="main" class="main" tabindex="-1" aria-busy="true">
                <header class="head">
                    <Back />
                </header>
                <Skeleton rows=5 />
            </main>
        }
        .into_any(),
        Shown::Failed(id, error) if error.code == Code::NotMember => view! { <ToRoom id=id /> }.into_any(),
        Shown::Failed(_, error) => view! { <FailedPage error=error /> }.into_any(),
        Shown::NotMember(name) => view! {
            <Title text="No longer here" />
            <main id="main" class="main" tabindex="-1">
                <header class="head">
                    <Back />
                </header>
                <div class="empty" role="alert">
                    <span class="glyph">
                        <Icon of=IconOf::Mark />
                    </span>
                    <h1 dir="auto">{format!("“{name}” is no longer open to you")}</h1>
                    <p>"It was deleted, or you are not in it any more."</p>
                    <a class="button s" href="/">
                        "Go to General"
                    </a>
                </div>
            </main>
        }
        .into_any(),
        Shown::NoConversations => view! {
            <Title text="No conversations" />
            <main id="main" class="main" tabindex="-1">
                <div class="empty">
                    <span class="glyph">
                        <Icon of=IconOf::Mark />
                    </span>
                    <h1>"You are in no conversation yet"</h1>
                    <p>"The owner of a room can add you to it."</p>
                </div>
            </main>
        }
        .into_any(),
    };
    // Each conversation has a page of its own: one that is made from another keeps what was typed there.
    view! {
        <For each=move || [shown.get()] key=Shown::key let:shown>
            {conversation(shown)}
        </For>
        {live(panel)}
    }
    .into_any()
}

/// Leads to the page of a public room that the user is not in, where they can join it.
#[component]
pub fn ToRoom(id: ConversationId) -> impl IntoView {
    let (chat, page) = (Chat::get(), Route::About(id).to_string());
    // Once they have joined, its address opens it.
    on_cleanup(move || chat.forget_failure(id));
    page::answer_elsewhere(&page);
    effect(move || page::replace(&page));
    view! {
        <main id="main" class="main" tabindex="-1">
            <div class="head"></div>
            <Skeleton rows=5 />
        </main>
    }
    .into_any()
}

/// The page's title: what the conversation is called, behind how much is unread everywhere.
#[component]
fn PageTitle(id: ConversationId) -> impl IntoView {
    let chat = Chat::get();
    let (title, unread) = (chat.title(id), chat.unread());
    // The title outlives the page that set it by a moment.
    let text = move || counted(unread.try_get().unwrap_or_default(), title.try_get().unwrap_or_default());
    view! { <Title text=text /> }
}

/// A page's title behind how much is unread everywhere.
pub fn counted(unread: i64, title: String) -> String {
    match unread {
        0 => title,
        n if n > UNREAD_SHOWN => format!("({UNREAD_SHOWN}+) {title}"),
        n => format!("({n}) {title}"),
    }
}
