//! Everybody who can be written to.

use super::{FailedPage, Sheet};
use crate::api::rooms::{OpenDirect, list_people};
use crate::client::Chat;
use crate::model::{People, Person};
use crate::ui::parts::{Attempt, Avatar, More, fetching, live, page_data};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The people, each with a way to write to them.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let first = page_data(|| list_people(None));
    let page = first.show(|first| match first {
        Ok(people) => view! { <List people=people /> }.into_any(),
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    view! {
        <Sheet title="People">
            <Transition>{page}</Transition>
        </Sheet>
    }
    .into_any()
}

#[component]
fn List(people: People) -> impl IntoView {
    let next = RwSignal::new(people.next);
    let shown = RwSignal::new(people.rows);
    let more = fetching(move |after| async move {
        let page = list_people(Some(after)).await?;
        shown.update(|people| people.extend(page.rows));
        next.set(page.next);
        Ok(())
    });
    view! {
        <ul class="rows-box">
            <For each=move || shown.get() key=|person| person.id let:person>
                <Row person />
            </For>
        </ul>
        <More next=next more=more />
    }
    .into_any()
}

#[component]
fn Row(person: Person) -> impl IntoView {
    let id = person.id;
    let is_me = Chat::get().my_id() == Some(id);
    let name = person.full_name();
    let handle = format!("@{}", person.username);
    let end = if is_me {
        view! { <span class="pill">"You"</span> }.into_any()
    } else {
        view! { <WriteTo person=person.clone() /> }.into_any()
    };
    view! {
        <li class="row-item">
            <Avatar person=person />
            <div class="grow">
                <h2 dir="auto">{name}</h2>
                <p dir="auto">{handle}</p>
            </div>
            <div class="end">{end}</div>
        </li>
    }
    .into_any()
}

/// Opens the direct conversation with somebody.
#[component]
pub fn WriteTo(person: Person) -> impl IntoView {
    let id = person.id;
    let attempt = Attempt::new(OpenDirect::PATH);
    let problem = move || attempt.refusal().map(|error| error.message);
    let open = move |event: SubmitEvent| attempt.submit(&event, None);
    view! {
        <form action=OpenDirect::url() method="post" on:submit=open>
            <input type="hidden" name="user" value=id.to_string() />
            <button
                class="button s plain"
                type="submit"
                aria-label=format!("Message {}", person.full_name())
                disabled=move || attempt.is_busy()
            >
                "Message"
            </button>
        </form>
        <p class="problem" role="alert">
            {live(problem)}
        </p>
    }
    .into_any()
}
