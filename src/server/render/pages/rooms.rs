//! The list of public rooms, and the form that creates a room.

use super::parts::{ActionForm, page_links, room_fields, search_form};
use crate::api::rooms::{CreateRoom, JoinRoom};
use crate::model::{Room, RoomPage, Route};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// A page of the public rooms, with those that the user has joined marked.
pub fn rooms(search: &str, after: Option<&str>, RoomPage { rows, next }: RoomPage) -> String {
    let list = if rows.is_empty() {
        view! { <p class="quiet">"No public room is called anything like this."</p> }.into_any()
    } else {
        view! { <ul class="rows-box">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="top">
            {search_form(Route::Rooms, "Find a room", "Part of a name or topic", search)}
            <a class="button" href=Route::NewRoom.to_string()>
                "New room"
            </a>
        </div>
        {list}
        {page_links(Route::Rooms, search, after, next)}
        <p class="quiet">"Private rooms are not listed; their owners add people to them."</p>
    }
    .to_html()
}

/// How many members, in words.
pub(super) fn members_text(many: i64) -> String {
    if many == 1 { "1 member".to_owned() } else { format!("{many} members") }
}

fn row(Room { conversation, joined }: Room) -> AnyView {
    let heading = format!("room-{}", conversation.id);
    let id = conversation.id;
    let end = if joined {
        view! { <span class="pill">"Joined"</span> }.into_any()
    } else {
        let fields = [("conversation", id.to_string())];
        let (class, label) = ("button s plain", "Join");
        ActionForm { action: JoinRoom::url(), fields: &fields, class, label, about: &heading, done: None }.form()
    };
    let page = if joined { Route::Conversation(id) } else { Route::About(id) };
    view! {
        <li class="row-item">
            <span class="row-glyph" aria-hidden="true">
                "#"
            </span>
            <div class="grow">
                <h2 id=heading dir="auto">
                    <a href=page.to_string()>{conversation.name}</a>
                </h2>
                <p class="topic" dir="auto">
                    {conversation.topic}
                </p>
            </div>
            <span class="hint">{members_text(conversation.member_count)}</span>
            <div class="end">{end}</div>
        </li>
    }
    .into_any()
}

/// The form that creates a room.
pub fn new_room() -> String {
    view! {
        <form class="stack" action=CreateRoom::url() method="post" novalidate>
            {room_fields(CreateRoom::PATH, "", "")}
            <label class="choice">
                <input type="checkbox" name="private" value="true" />
                <span>
                    <b>"Private"</b>
                    <span class="hint">"Not listed; only people whom you add can see it."</span>
                </span>
            </label>
            <button class="button" type="submit">
                "Create room"
            </button>
        </form>
    }
    .to_html()
}
