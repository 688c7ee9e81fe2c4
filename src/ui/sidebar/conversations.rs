//! The list: rooms, then direct conversations.

use super::Switcher;
use crate::client::{Chat, memo};
use crate::model::conversation::UNREAD_SHOWN;
use crate::model::{ConversationId, Kind, Listed, Seq};
use crate::ui::Route;
use crate::ui::parts::{Face, Icon, IconOf, live};
use leptos::prelude::*;

/// A user's conversations.
#[component]
pub fn Conversations(route: Memo<Route>) -> impl IntoView {
    let lines = Chat::get().lines();
    let first = memo(move || lines.with(|lines| lines.first().map(|line| line.conversation.id)));
    // The front page shows the first one beside the list.
    let current = memo(move || match route.get() {
        Route::Front => first.get(),
        other => other.conversation(),
    });
    let shown = move |direct: bool| {
        memo(move || {
            let shown = |line: &&Listed| {
                let is_direct = line.conversation.kind == Kind::Direct;
                // A direct conversation begins with its first message; until then whoever opened it sees it.
                let begun = line.head > Seq(0) || current.get() == Some(line.conversation.id);
                is_direct == direct && (begun || !is_direct)
            };
            lines.with(|lines| lines.iter().filter(shown).map(|line| line.conversation.id).collect::<Vec<_>>())
        })
    };
    let (rooms, direct) = (shown(false), shown(true));
    let list = move |ids: Memo<Vec<ConversationId>>| {
        view! {
            <For each=move || ids.get() key=|id| *id let:id>
                <Line id current />
            </For>
        }
        .into_any()
    };
    let all = Signal::derive(move || [rooms.get(), direct.get()].concat());
    view! {
        <Switcher route=route shown=all current=current />
        <div class="list">
            <Group id="rooms" title="Rooms" page=Route::Rooms new=Route::NewRoom new_title="New room" />
            <ul aria-labelledby="rooms">{list(rooms)}</ul>
            <Group id="direct" title="Direct messages" page=Route::People new=Route::People new_title="New direct message" />
            <ul aria-labelledby="direct">{list(direct)}</ul>
        </div>
    }
    .into_any()
}

/// The head of a part of the list, with the ways to all there is and to something new.
#[component]
fn Group(id: &'static str, title: &'static str, page: Route, new: Route, new_title: &'static str) -> impl IntoView {
    view! {
        <h2 id=id>
            <a href=page.to_string()>{title}</a>
            <a class="tool" href=new.to_string() aria-label=new_title title=new_title>
                <Icon of=IconOf::Plus />
            </a>
        </h2>
    }
    .into_any()
}

/// One conversation, with how much of it is unread.
#[component]
fn Line(id: ConversationId, current: Memo<Option<ConversationId>>) -> impl IntoView {
    let chat = Chat::get();
    let (line, title) = (chat.line(id), chat.title(id));
    let unread = memo(move || line.with(|line| line.as_ref().map_or(0, Listed::unread)));
    let sign = move || {
        let sign = line.with(|line| {
            let line = line.as_ref()?;
            Some(match line.conversation.kind {
                Kind::General | Kind::Public => view! { <span class="hash">"#"</span> }.into_any(),
                Kind::Private => view! { <span class="hash"><Icon of=IconOf::Lock /></span> }.into_any(),
                Kind::Direct => line.with.clone().map(|person| view! { <Face person=person /> }).into_any(),
            })
        });
        sign.into_any()
    };
    let with = line.with_untracked(|line| Some(line.as_ref()?.with.as_ref()?.id));
    let presences = chat.presences();
    let there = move || {
        let state = presences.with(|presences| Some(presences.get(&with?)?.state))?;
        Some(format!(", {}", state.word()))
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
                <span class="hidden-text">{live(there)}</span>
                {live(badge)}
            </a>
        </li>
    }
    .into_any()
}
