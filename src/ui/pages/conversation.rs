//! The page of a conversation; the front page shows the first one.

use super::FailedPage;
use crate::client::{Chat, Opening, Timeline};
use crate::model::{ConversationId, Error};
use crate::ui::Route;
use crate::ui::conversation::{Back, ConversationView};
use crate::ui::parts::{Bones, Icon, IconOf, live};
use leptos::prelude::*;
use leptos_meta::Title;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Held(Timeline),
    Asked(ConversationId),
    Failed(Error),
    /// The user is in no conversation at all.
    Nowhere,
}

/// A conversation, from the chat if it is held there, otherwise fetched.
#[component]
pub fn ConversationPage(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let first = {
        let conversations = chat.conversations();
        Memo::new(move |_| conversations.with(|conversations| conversations.first().map(|first| first.id)))
    };
    let shown = Memo::new(move |_| {
        let Some(id) = route.get().conversation().or_else(|| first.get()) else { return Shown::Nowhere };
        match (chat.timeline(id), chat.opening(id)) {
            (Some(timeline), _) => Shown::Held(timeline),
            (None, Some(Opening::Failed(error))) => Shown::Failed(error),
            (None, Some(Opening::Asked) | None) => Shown::Asked(id),
        }
    });
    Effect::new(move |_| {
        if let Shown::Asked(id) = shown.get() {
            chat.open(id);
        }
    });
    live(move || match shown.get() {
        Shown::Held(timeline) => view! {
            <Title text=move || timeline.conversation.with(|conversation| conversation.name.clone()) />
            <ConversationView timeline=timeline />
        }
        .into_any(),
        Shown::Asked(_) => view! {
            <Title text="Opening…" />
            <main class="main" aria-busy="true">
                <header class="head">
                    <Back />
                </header>
                <Bones rows=5 />
            </main>
        }
        .into_any(),
        Shown::Failed(error) => view! { <FailedPage error=error /> }.into_any(),
        Shown::Nowhere => view! {
            <Title text="No conversations" />
            <main class="main">
                <div class="empty">
                    <span class="glyph">
                        <Icon of=IconOf::Mark />
                    </span>
                    <h1>"You are in no conversation yet"</h1>
                    <p>"Someone who runs this place can bring you into one."</p>
                </div>
            </main>
        }
        .into_any(),
    })
}
