//! The head of a conversation.

use crate::client::{Chat, Zone, memo};
use crate::model::{Conversation, ConversationKind, Presence, PresenceState, Route};
use crate::ui::navigation;
use crate::ui::parts::{Icon, IconOf, live};
use crate::ui::room_panel::{OPENER_ID, PANEL_ID};
use leptos::prelude::*;

/// The way back to the list, where the page shows one pane at a time.
#[component]
pub fn Back() -> impl IntoView {
    view! {
        <a class="icon-button back" href="/" aria-label="Conversations">
            <Icon of=IconOf::Back />
        </a>
    }
    .into_any()
}

/// What stands before a room's name.
pub fn sign_of(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::General | ConversationKind::Public | ConversationKind::Private => "# ",
        ConversationKind::Direct | ConversationKind::Unknown => "",
    }
}

/// Its name, what it is about, and how many are in it.
#[component]
pub fn Header(conversation: RwSignal<Conversation>) -> impl IntoView {
    let (id, kind) = conversation.with_untracked(|conversation| (conversation.id, conversation.kind));
    let title = Chat::get().title(id);
    let members = move || match conversation.with(|conversation| conversation.member_count) {
        1 => "1 member".to_owned(),
        n => format!("{n} members"),
    };
    let chat = Chat::get();
    let (line, zone) = (chat.summary(id), chat.zone());
    let other = line.with_untracked(|line| Some(line.as_ref()?.with.as_ref()?.id));
    // What it is about; of a direct conversation, whether the other one is there.
    let topic = move || match other {
        Some(user) => {
            let presence = chat.presence(user);
            presence.map(|presence| presence_text(zone.get(), &presence)).unwrap_or_default()
        }
        None => conversation.with(|conversation| conversation.topic.clone()),
    };
    let count = move || conversation.with(|conversation| conversation.member_count.to_string());
    let (route, is_live) = (navigation::current(), chat.is_live());
    let is_open = memo(move || route.get() == Route::About(id));
    let about = match kind {
        // What can be done with a kind of a newer server, its own clients know.
        ConversationKind::Direct | ConversationKind::Unknown => ().into_any(),
        ConversationKind::General | ConversationKind::Public | ConversationKind::Private => view! {
            <a
                class="count"
                id=OPENER_ID
                href=live(move || if is_open.get() { Route::Conversation(id) } else { Route::About(id) }.to_string())
                aria-expanded=live(move || is_live.get().then(|| is_open.get().to_string()))
                aria-controls=live(move || is_open.get().then_some(PANEL_ID))
                title=members
            >
                <Icon of=IconOf::People />
                <span aria-hidden="true">{live(count)}</span>
                <span class="hidden-text">{live(move || format!("About this room: {}", members()))}</span>
            </a>
        }
        .into_any(),
    };
    view! {
        <header class="head">
            <Back />
            <h1 dir="auto">{sign_of(kind)} {live(move || title.get())}</h1>
            <p class="topic" dir="auto">
                {live(topic)}
            </p>
            {about}
        </header>
    }
    .into_any()
}

/// Whether somebody is there, and otherwise since when they are not.
fn presence_text(zone: Zone, presence: &Presence) -> String {
    let word = match presence.state {
        PresenceState::Online => return "Online".into(),
        PresenceState::Away => "Away",
        PresenceState::Offline => "Offline",
        PresenceState::Unknown => return String::new(),
    };
    match presence.since {
        Some(since) => format!("{word} since {}", zone.since_text(since)),
        None => word.into(),
    }
}
