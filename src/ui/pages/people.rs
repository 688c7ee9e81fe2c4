//! Everyone on the server, with a way to write to them.

use super::list::{ListCode, Rows, SearchField, started};
use crate::api::rooms::{list_people, open_direct};
use crate::client::platform::{clock, page};
use crate::client::{Chat, Fetched, LatestRequest, PagedSearch, effect};
use crate::model::Person;
use crate::model::Route;
use crate::ui::parts::{PersonAvatar, live};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

/// The code of the page of people.
#[wasm_split(lists, wasm_split_path = leptos::wasm_split, fallible)]
pub fn people() -> ListCode {
    fn fetch(search: String, after: Option<String>) -> Fetched<Person> {
        Box::pin(list_people(search, after))
    }
    Ok(|text| started(PagedSearch::new(text, fetch), |list| view! { <Content list=list /> }.into_any()))
}

/// The search and its rows.
#[component]
fn Content(list: PagedSearch<Person>) -> impl IntoView {
    let chat = Chat::get();
    // Whoever is shown is watched for their presence.
    effect(move || {
        chat.watch_presence(list.rows.with(|rows| rows.iter().flatten().map(|person| person.id).collect()));
    });
    on_cleanup(move || chat.watch_presence(Default::default()));
    let names = |person: &Person| vec![person.full_name(), person.username.clone()];
    let row = |person: Person| view! { <PersonRow person=person /> }.into_any();
    view! {
        <SearchField list=list label="Find somebody" hint="Part of a name" />
            <Rows list=list names=names row=row none="Nobody is called anything like this." />
    }
    .into_any()
}

#[component]
fn PersonRow(person: Person) -> impl IntoView {
    let chat = Chat::get();
    let (id, name) = (person.id, person.full_name());
    let presence = move || {
        let text = chat.presence(id)?.text(clock::now().wall);
        Some(format!(" · {text}"))
    };
    let request = LatestRequest::new();
    let problem = RwSignal::new(None::<String>);
    let write = move |_| {
        if untrack(|| request.is_pending()) {
            return;
        }
        problem.set(None);
        request.ask(open_direct(id), move |opened| match opened {
            Ok(conversation) => page::visit(&Route::Conversation(conversation).to_string()),
            Err(error) => {
                problem.try_set(Some(error.message));
            }
        });
    };
    let end = match chat.my_id() == Some(id) {
        true => view! { <span class="pill">"You"</span> }.into_any(),
        false => view! {
            <button
                class="button s plain"
                type="button"
                aria-label=format!("Message {name}")
                class:busy=live(move || request.is_pending())
                on:click=write
            >
                {live(move || if request.is_pending() { "Opening…" } else { "Message" }.to_owned())}
            </button>
        }
        .into_any(),
    };
    view! {
        <li class="row-item">
            <PersonAvatar person=person.clone() />
            <div class="grow">
                <h2 dir="auto">{name}</h2>
                <p>
                    <bdi>{format!("@{}", person.username)}</bdi>
                    {live(presence)}
                </p>
                <p class="error" role="alert">
                    {live(move || problem.get())}
                </p>
            </div>
            <div class="end">{end}</div>
        </li>
    }
    .into_any()
}
