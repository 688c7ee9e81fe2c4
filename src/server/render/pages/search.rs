//! Search results: the user's conversations, rooms to join, people to write to.

use super::parts::{avatar, search_form};
use super::rooms::members_text;
use crate::api::rooms::{JoinRoom, OpenDirect};
use crate::model::conversation::UNREAD_SHOWN;
use crate::model::{ConversationKind, ConversationSummary, Person, Presence, Room, Route};
use crate::server::chat::search::SearchResults;
use crate::ui::parts::{Icon, IconOf};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The results. `presences`: of the people among the conversations and then of the other people, in this order.
pub fn search(search: &str, found: &SearchResults, presences: &[Presence]) -> String {
    let mut presences = presences.iter().copied();
    let summaries: Vec<AnyView> =
        found.conversations.iter().map(|summary| conversation(summary, &mut presences)).collect();
    let rooms: Vec<AnyView> = found.rooms.iter().map(room).collect();
    let people: Vec<AnyView> = found.people.iter().zip(presences).map(|(who, there)| person(who, &there)).collect();
    let nothing = summaries.is_empty() && rooms.is_empty() && people.is_empty();
    let groups = [
        group("found-conversations", "Conversations", summaries),
        group("found-rooms", "Rooms to join", rooms),
        group("found-people", "People", people),
    ];
    let none =
        nothing.then(|| view! { <p class="quiet">"No conversation, room or person is called anything like this."</p> });
    view! {
        {search_form(Route::Find, "Find or go to", "A room or a person", search)}
        <div class="found">
            {groups.into_iter().flatten().collect_view()}
            {none}
        </div>
    }
    .to_html()
}

fn group(id: &'static str, title: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let group = view! {
        <section aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <ul>{rows}</ul>
        </section>
    };
    Some(group.into_any())
}

fn conversation(summary: &ConversationSummary, presences: &mut impl Iterator<Item = Presence>) -> AnyView {
    let glyph = match (summary.conversation.kind, &summary.with) {
        (ConversationKind::Direct, Some(person)) => {
            let presence = presences.next().unwrap_or(Presence::unseen(person.id));
            avatar(person, &presence)
        }
        (ConversationKind::Private, _) => view! { <span class="hash"><Icon of=IconOf::Lock /></span> }.into_any(),
        _ => view! { <span class="hash" aria-hidden="true">"#"</span> }.into_any(),
    };
    let unread = match summary.unread() {
        0 => None,
        n if n > UNREAD_SHOWN => Some(format!("{UNREAD_SHOWN}+ unread")),
        n => Some(format!("{n} unread")),
    };
    view! {
        <li>
            <a class="option" href=Route::Conversation(summary.conversation.id).to_string()>
                {glyph}
                <span dir="auto">{summary.title()}</span>
                <small>{unread}</small>
            </a>
        </li>
    }
    .into_any()
}

fn room(room: &Room) -> AnyView {
    view! {
        <li>
            <form action=JoinRoom::url() method="post">
                <input type="hidden" name="conversation" value=room.conversation.id.to_string() />
                <button class="option" type="submit">
                    <span class="hash" aria-hidden="true">
                        "#"
                    </span>
                    <span dir="auto">{room.conversation.name.clone()}</span>
                    <small>{members_text(room.conversation.member_count)}</small>
                </button>
            </form>
        </li>
    }
    .into_any()
}

fn person(person: &Person, presence: &Presence) -> AnyView {
    view! {
        <li>
            <form action=OpenDirect::url() method="post">
                <input type="hidden" name="user" value=person.id.to_string() />
                <button class="option" type="submit">
                    {avatar(person, presence)}
                    <span dir="auto">{person.full_name()}</span>
                    <small>{format!("@{}", person.username)}</small>
                </button>
            </form>
        </li>
    }
    .into_any()
}
