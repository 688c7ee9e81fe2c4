//! A conversation in the list.

use crate::client::{Chat, memo};
use crate::model::conversation::UNREAD_SHOWN;
use crate::model::{ConversationId, ConversationKind, ConversationSummary, PresenceState, Route};
use crate::ui::parts::{Icon, IconOf, PersonAvatar, live};
use leptos::prelude::*;

/// The id of a conversation's link.
pub fn link_id(id: ConversationId) -> String {
    format!("conversation-{id}")
}

/// An unread count as a badge shows it.
pub fn unread_text(unread: i64) -> String {
    if unread > UNREAD_SHOWN { format!("{UNREAD_SHOWN}+") } else { unread.to_string() }
}

/// An unread count as a screen reader continues a name with it; nothing for none.
pub fn unread_sentence(unread: i64) -> Option<String> {
    match unread {
        0 => None,
        1 => Some(", 1 unread message".to_owned()),
        n => Some(format!(", {n} unread messages")),
    }
}

/// An unread count, for eyes and for screen readers.
#[component]
pub fn UnreadBadge(#[prop(into)] unread: Signal<i64>) -> impl IntoView {
    live(move || {
        let unread = unread.get();
        let sentence = unread_sentence(unread)?;
        let badge = view! {
            <span class="badge" aria-hidden="true">
                {unread_text(unread)}
            </span>
            <span class="hidden-text">{sentence}</span>
        };
        Some(badge.into_any())
    })
}

/// One conversation: how much of it is unread, and whether a draft waits in it.
#[component]
pub fn ConversationLink(id: ConversationId, current: Memo<Option<ConversationId>>) -> impl IntoView {
    let chat = Chat::get();
    let (summary, title, has_draft) = (chat.summary(id), chat.title(id), chat.has_draft(id));
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
    let draft = move || {
        let draft = view! {
            <Icon of=IconOf::Pencil />
            <span class="hidden-text">", draft"</span>
        };
        has_draft.get().then(|| draft.into_any())
    };
    view! {
        <li>
            <a
                id=link_id(id)
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
                <UnreadBadge unread />
                {live(draft)}
            </a>
        </li>
    }
    .into_any()
}
