//! Adding people to a room.

use super::state::RoomPanelState;
use crate::api::rooms::{add_member, get_room_details};
use crate::client::platform::page;
use crate::client::{LatestRequest, effect};
use crate::model::{Error, Person};
use crate::ui::parts::{Icon, IconOf, PersonAvatar, Skeleton, live};
use leptos::html::Input;
use leptos::prelude::*;

/// People who are not in the room, by their names.
#[component]
pub fn AddPeople(state: RoomPanelState, back: Callback<()>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let people = RwSignal::new(None::<Result<Vec<Person>, Error>>);
    let request = LatestRequest::new();
    let input = NodeRef::<Input>::new();
    let id = state.id;
    let take = move |answer: Result<crate::model::room::RoomDetails, Error>| {
        people.try_set(Some(answer.map(|details| details.candidates)));
    };
    let search = move || request.ask(get_room_details(id, text.get_untracked()), take);
    effect(search);
    effect(move || {
        if input.get().is_some() {
            // It can take the focus only once it is in the document.
            request_animation_frame(move || {
                if let Some(input) = input.try_get_untracked().flatten() {
                    // Refused only by a field that is gone.
                    let _ = input.focus();
                }
            });
        }
    });
    let on_input = move |event| {
        text.set(event_target_value(&event));
        request.ask_after_pause(move || get_room_details(id, text.get_untracked()), take);
    };
    let results = move || match people.get() {
        None => view! { <Skeleton rows=4 /> }.into_any(),
        Some(Err(error)) => view! {
            <div class="panel-note" role="alert">
                <p>{error.message}</p>
                <button class="button s" type="button" on:click=move |_| search()>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
        Some(Ok(people)) if people.is_empty() => {
            let note = match text.with_untracked(String::is_empty) {
                true => "Everyone is in this room already.",
                false => "Nobody who is not in this room is called anything like this.",
            };
            view! { <p class="panel-note">{note}</p> }.into_any()
        }
        Some(Ok(people)) => {
            let rows: Vec<AnyView> = people
                .into_iter()
                .map(|person| view! { <CandidateRow state=state person=person /> }.into_any())
                .collect();
            view! { <ul>{rows}</ul> }.into_any()
        }
    };
    let leave = move |_| {
        back.run(());
        page::focus_soon("add-people");
    };
    view! {
        <section>
            <div class="panel-title">
                <button class="icon-button" type="button" aria-label="Back to the members" on:click=leave>
                    <Icon of=IconOf::Back />
                </button>
                <h3>"Add people"</h3>
            </div>
            <label class="panel-search">
                <Icon of=IconOf::Search />
                <input
                    node_ref=input
                    type="search"
                    aria-label="Find somebody to add"
                    placeholder="Part of a name"
                    autocomplete="off"
                    maxlength="100"
                    dir="auto"
                    on:input=on_input
                />
            </label>
            {live(results)}
        </section>
    }
    .into_any()
}

/// Somebody who can be added.
#[component]
fn CandidateRow(state: RoomPanelState, person: Person) -> impl IntoView {
    let (id, name) = (person.id, person.full_name());
    let request = LatestRequest::new();
    let is_added = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let add = {
        let name = name.clone();
        move |_| {
            if is_added.get_untracked() || untrack(|| request.is_pending()) {
                return;
            }
            let done = format!("{name} was added.");
            problem.set(None);
            request.ask(add_member(state.id, id), move |answer| match answer {
                Ok(()) => {
                    is_added.try_set(true);
                    state.done.try_set(done);
                    state.load();
                }
                Err(error) => {
                    problem.try_set(Some(error.message));
                }
            });
        }
    };
    let label = move || match (is_added.get(), request.is_pending()) {
        (true, _) => "Added",
        (false, true) => "Adding…",
        (false, false) => "Add",
    };
    view! {
        <li class="person">
            <PersonAvatar person=person.clone() />
            <span class="person-text">
                <b dir="auto">{name.clone()}</b>
                <span>
                    <bdi>{format!("@{}", person.username)}</bdi>
                </span>
                <span class="error" role="alert">
                    {live(move || problem.get())}
                </span>
            </span>
            <span class="end">
                <button
                    class="button s plain"
                    type="button"
                    aria-label=live(move || format!("{} {name}", label()))
                    aria-disabled=live(move || (is_added.get() || request.is_pending()).then_some("true"))
                    on:click=add
                >
                    {live(move || label().to_owned())}
                </button>
            </span>
        </li>
    }
    .into_any()
}
