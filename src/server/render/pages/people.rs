//! The list of people to write to.

use super::parts::{ActionForm, avatar, page_links, search_form, username_and_presence};
use crate::api::rooms::OpenDirect;
use crate::model::{Millis, Person, PersonPage, Presence, Route, UserId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// A page of people with their presence, each with a button that opens a direct message conversation.
pub fn people(
    search: &str,
    after: Option<&str>,
    people: PersonPage,
    presences: &[Presence],
    me: UserId,
    now: Millis,
) -> String {
    let rows = people.rows.iter().zip(presences).map(|(person, presence)| row(person, presence, me, now));
    let list = if people.rows.is_empty() {
        view! { <p class="quiet">"Nobody is called anything like this."</p> }.into_any()
    } else {
        view! { <ul class="rows-box">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        {search_form(Route::People, "Find somebody", "Part of a name", search)}
        {list}
        {page_links(Route::People, search, after, people.next)}
    }
    .to_html()
}

fn row(person: &Person, presence: &Presence, me: UserId, now: Millis) -> AnyView {
    let heading = format!("person-{}", person.id);
    let end = if person.id == me {
        view! { <span class="pill">"You"</span> }.into_any()
    } else {
        write_to(person.id, &heading)
    };
    view! {
        <li class="row-item">
            {avatar(person, presence)}
            <div class="grow">
                <h2 id=heading dir="auto">
                    {person.full_name()}
                </h2>
                {username_and_presence(person, presence, now)}
            </div>
            <div class="end">{end}</div>
        </li>
    }
    .into_any()
}

/// The button that opens the direct message conversation with a person.
pub(super) fn write_to(id: UserId, about: &str) -> AnyView {
    let fields = [("user", id.to_string())];
    let (class, label) = ("button s plain", "Message");
    ActionForm { action: OpenDirect::url(), fields: &fields, class, label, about, done: None }.form()
}
