//! The public rooms, with a way to join each.

use super::list::{ListCode, Rows, SearchField, started};
use crate::api::rooms::{browse_rooms, join_room};
use crate::client::platform::page;
use crate::client::{Chat, Fetched, LatestRequest, PagedSearch, memo};
use crate::model::Room;
use crate::model::Route;
use crate::ui::parts::live;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

/// The code of the page of public rooms.
#[wasm_split(lists, wasm_split_path = leptos::wasm_split, fallible)]
pub fn rooms() -> ListCode {
    fn fetch(search: String, after: Option<String>) -> Fetched<Room> {
        Box::pin(browse_rooms(search, after))
    }
    Ok(|text| started(PagedSearch::new(text, fetch), |list| view! { <Content list=list /> }.into_any()))
}

/// The search and its rows.
#[component]
fn Content(list: PagedSearch<Room>) -> impl IntoView {
    let names = |room: &Room| vec![room.conversation.name.clone(), room.conversation.topic.clone()];
    let row = |room: Room| view! { <RoomRow room=room /> }.into_any();
    view! {
        <div class="top">
                <SearchField list=list label="Find a room" hint="Part of a name or topic" />
                <a class="button" href=Route::NewRoom.to_string()>
                    "New room"
                </a>
            </div>
            <Rows list=list names=names row=row none="No public room is called anything like this." />
            <p class="quiet">"Private rooms are not listed; their owners add people to them."</p>
    }
    .into_any()
}

#[component]
fn RoomRow(room: Room) -> impl IntoView {
    let chat = Chat::get();
    let Room { conversation, joined } = room;
    let (id, name) = (conversation.id, conversation.name);
    // What the client knows of its own memberships is newer than the list.
    let joined = memo(move || chat.is_listed(id) || joined && !chat.is_live().get());
    let href = move || if joined.get() { Route::Conversation(id) } else { Route::About(id) }.to_string();
    let request = LatestRequest::new();
    let problem = RwSignal::new(None::<String>);
    let join = move |_| {
        if untrack(|| request.is_pending()) {
            return;
        }
        problem.set(None);
        // It leads to the room.
        request.ask(join_room(id), move |answer| match answer {
            Ok(()) => page::visit(&Route::Conversation(id).to_string()),
            Err(error) => {
                problem.try_set(Some(error.message));
            }
        });
    };
    let end = {
        let name = name.clone();
        move || {
            let label = format!("Join {name}");
            match joined.get() {
                true => view! { <span class="pill">"Joined"</span> }.into_any(),
                false => view! {
                    <button
                        class="button s plain"
                        type="button"
                        aria-label=label
                        class:busy=live(move || request.is_pending())
                        on:click=join
                    >
                        {live(move || if request.is_pending() { "Joining…" } else { "Join" }.to_owned())}
                    </button>
                }
                .into_any(),
            }
        }
    };
    let members = match conversation.member_count {
        1 => "1 member".to_owned(),
        n => format!("{n} members"),
    };
    view! {
        <li class="row-item">
            <span class="row-glyph" aria-hidden="true">
                "#"
            </span>
            <div class="grow">
                <h2 dir="auto">
                    <a href=live(href)>{name}</a>
                </h2>
                <p class="topic" dir="auto">
                    {conversation.topic}
                </p>
                <p class="error" role="alert">
                    {live(move || problem.get())}
                </p>
            </div>
            <span class="hint">{members}</span>
            <div class="end">{live(end)}</div>
        </li>
    }
    .into_any()
}
