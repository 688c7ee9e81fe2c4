//! Looking around in the public rooms.

use super::{FailedPage, Sheet};
use crate::api::rooms::{JoinRoom, browse_rooms};
use crate::model::{Room, Rooms};
use crate::ui::Route;
use crate::ui::parts::{Attempt, More, fetching, live, page_data};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The public rooms, with what one is in.
#[component]
pub fn RoomsPage() -> impl IntoView {
    let first = page_data(|| browse_rooms(None));
    let page = first.show(|first| match first {
        Ok(rooms) => view! { <List rooms=rooms /> }.into_any(),
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    view! {
        <Sheet title="Rooms">
            <div class="top">
                <p class="quiet">"Private rooms are not listed; someone who looks after one can bring you in."</p>
                <a class="button s" href=Route::NewRoom.to_string()>
                    "New room"
                </a>
            </div>
            <Transition>{page}</Transition>
        </Sheet>
    }
    .into_any()
}

#[component]
fn List(rooms: Rooms) -> impl IntoView {
    let next = RwSignal::new(rooms.next);
    let shown = RwSignal::new(rooms.rows);
    let more = fetching(move |after| async move {
        let page = browse_rooms(Some(after)).await?;
        shown.update(|rooms| rooms.extend(page.rows));
        next.set(page.next);
        Ok(())
    });
    view! {
        <ul class="rows-box">
            <For each=move || shown.get() key=|room| room.conversation.id let:room>
                <Row room />
            </For>
        </ul>
        <More next=next more=more />
    }
    .into_any()
}

#[component]
fn Row(room: Room) -> impl IntoView {
    let id = room.conversation.id;
    let attempt = Attempt::new(JoinRoom::PATH);
    let problem = move || attempt.refusal().map(|error| error.message);
    let join = move |event: SubmitEvent| attempt.submit(&event, None);
    let members = match room.conversation.member_count {
        1 => "1 member".to_owned(),
        n => format!("{n} members"),
    };
    let end = if room.joined {
        view! { <span class="pill">"Joined"</span> }.into_any()
    } else {
        view! {
            <form action=JoinRoom::url() method="post" on:submit=join>
                <input type="hidden" name="conversation" value=id.to_string() />
                <button class="button s plain" type="submit" disabled=move || attempt.is_busy()>
                    "Join"
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="row-item">
            <span class="hash" aria-hidden="true">
                "#"
            </span>
            <div class="grow">
                <h2 dir="auto">
                    {if room.joined {
                        view! { <a href=Route::Conversation(id).to_string()>{room.conversation.name}</a> }.into_any()
                    } else {
                        room.conversation.name.into_any()
                    }}
                </h2>
                <p dir="auto">{room.conversation.topic}</p>
                <p class="problem" role="alert">
                    {live(problem)}
                </p>
            </div>
            <span class="hint">{members}</span>
            <div class="end">{end}</div>
        </li>
    }
    .into_any()
}
