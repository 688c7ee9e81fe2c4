//! The list: rooms, then direct conversations.

use super::Switcher;
use crate::client::{Chat, ListEntry, memo};
use crate::model::conversation::UNREAD_SHOWN;
use crate::model::{ConversationId, ConversationKind, ConversationSummary, PresenceState, Route};
use crate::ui::parts::{Icon, IconOf, PersonAvatar, live};
use leptos::prelude::*;

/// A user's conversations.
#[component]
pub fn Conversations(route: Memo<Route>) -> impl IntoView {
    let (first, entries) = (Chat::get().first(), Chat::get().list());
    // The front page shows the first one beside the list.
    let current = memo(move || match route.get() {
        Route::Front => first.get(),
        other => other.conversation(),
    });
    let shown = move |direct: bool| {
        memo(move || {
            let shown = |entry: &&ListEntry| {
                entry.is_direct == direct && (!direct || entry.has_begun || current.get() == Some(entry.id))
            };
            entries.with(|entries| entries.iter().filter(shown).map(|entry| entry.id).collect::<Vec<_>>())
        })
    };
    let (rooms, direct) = (shown(false), shown(true));
    let list = move |ids: Memo<Vec<ConversationId>>| {
        view! {
            <For each=move || ids.get() key=|id| *id let:id>
                <ConversationLink id current />
            </For>
        }
        .into_any()
    };
    let all = Signal::derive(move || [rooms.get(), direct.get()].concat());
    view! {
        <Switcher route=route shown=all current=current />
        <div class="list">
            <SectionHeading id="rooms" title="Rooms" page=Route::Rooms new=Route::NewRoom new_title="New room" />
            <ul aria-labelledby="rooms">{list(rooms)}</ul>
            <SectionHeading id="direct" title="Direct messages" page=Route::People new=Route::People new_title="New direct message" />
            <ul aria-labelledby="direct">{list(direct)}</ul>
        </div>
    }
    .into_any()
}

/// The heading of a section, with links to the whole list and to something new.
#[component]
fn SectionHeading(
    id: &'static str,
    title: &'static str,
    page: Route,
    new: Route,
    new_title: &'static str,
) -> impl IntoView {
    view! {
        <h2 id=id>
            <a href=page.to_string()>{title}</a>
            <a class="icon-button" href=new.to_string() aria-label=new_title title=new_title>
                <Icon of=IconOf::Plus />
            </a>
        </h2>
    }
    .into_any()
}

/// One conversation, with how much of it is unread.
#[component]
fn ConversationLink(id: ConversationId, current: Memo<Option<ConversationId>>) -> impl IntoView {
    let chat = Chat::get();
    let (summary, title) = (chat.summary(id), chat.title(id));
    let unread = memo(move || summary.with(|summary| summary.as_ref().map_or(0, ConversationSummary::unread)));
    let sign = move || {
        let sign = summary.with(|summary| {
            let summary = summary.as_ref()?;
            Some(match summary.conversation.kind {
                ConversationKind::General | ConversationKind::Public | ConversationKind::Unknown => {
                    view! { <span class="hash">"#"</span> }.into_any()
                }
                ConversationKind::Private => view! { <span class="hash"><Icon of=IconOf::Lock /></span> }.into_any(),
                ConversationKind::Direct => {
                    summary.with.clone().map(|person| view! { <PersonAvatar person=person /> }).into_any()
                }
            })
        });
        sign.into_any()
    };
    let with = summary.with_untracked(|summary| Some(summary.as_ref()?.with.as_ref()?.id));
    let presence = move || {
        let state = chat.presence(with?)?.state;
        (state != PresenceState::Unknown).then(|| format!(", {}", state.as_str()))
    };
    let badge = move || {
        let sentence = match unread.get() {
            0 => return None,
            1 => ", 1 unread message".to_owned(),
            n => format!(", {n} unread messages"),
        };
        let shown = if unread.get() > UNREAD_SHOWN { format!("{UNREAD_SHOWN}+") } else { unread.get().to_string() };
        let badge = view! {
            <span class="badge" aria-hidden="true">
                {shown}
            </span>
            <span class="hidden-text">{sentence}</span>
        };
        Some(badge.into_any())
    };
    view! {
        <li>
            <a
                class="conv"
                class:unread=live(move || { unread.get() > 0 })
                href=Route::Conversation(id).to_string()
                aria-current=live(move || (current.get() == Some(id)).then_some("page"))
            >
                <span class="sign" aria-hidden="true">
                    {live(sign)}
                </span>
                <span class="name" dir="auto">
                    {live(move || title.get())}
                </span>
                <span class="hidden-text">{live(presence)}</span>
                {live(badge)}
            </a>
        </li>
    }
    .into_any()
}
