//! The head of a conversation.

use crate::model::Conversation;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::prelude::*;

/// The way back to the list, where the page shows one pane at a time.
#[component]
pub fn Back() -> impl IntoView {
    view! {
        <a class="tool back" href="/" aria-label="Conversations">
            <Icon of=IconOf::Back />
        </a>
    }
    .into_any()
}

/// Its name, what it is about, and how many are in it.
#[component]
pub fn Header(conversation: RwSignal<Conversation>) -> impl IntoView {
    let members = move || match conversation.with(|conversation| conversation.member_count) {
        1 => "1 member".to_owned(),
        n => format!("{n} members"),
    };
    view! {
        <header class="head">
            <Back />
            <h1 dir="auto">"# " {live(move || conversation.with(|conversation| conversation.name.clone()))}</h1>
            <p class="topic" dir="auto">{live(move || conversation.with(|conversation| conversation.topic.clone()))}</p>
            <span class="count" title=members>
                <Icon of=IconOf::People />
                <span aria-hidden="true">{live(move || conversation.with(|conversation| conversation.member_count.to_string()))}</span>
                <span class="hidden-text">{live(members)}</span>
            </span>
        </header>
    }
    .into_any()
}
