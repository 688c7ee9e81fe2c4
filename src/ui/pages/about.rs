//! What a room is about, who is in it, and what can be done with it.

use super::{FailedPage, NotFoundPage};
use crate::api::rooms::{AddMember, ChangeRoom, DeleteRoom, LeaveRoom, RemoveMember, list_members, list_people};
use crate::client::{Chat, platform};
use crate::model::{Conversation, ConversationId, Kind, People, Person, Role};
use crate::ui::Route;
use crate::ui::parts::{
    Attempt, Avatar, FormProblem, Icon, IconOf, More, RoomFields, RoomInputs, SubmitButton, fetching, live, page_data,
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

/// The page of a room that one is in.
#[component]
pub fn AboutPage(id: ConversationId) -> impl IntoView {
    let chat = Chat::get();
    let line = chat.line(id);
    let room = move || line.with(|line| line.as_ref().map(|line| line.conversation.clone()));
    let Some(room) = untrack(room).filter(|room| room.kind != Kind::Direct) else {
        return view! { <NotFoundPage /> }.into_any();
    };
    let looks_after = chat.me().with_untracked(|me| {
        me.as_ref().is_some_and(|me| me.role == Role::Owner || room.creator == Some(me.person.id))
    });
    let first = page_data(move || list_members(id, None));
    let bring = looks_after && room.kind != Kind::General;
    let members = first.show(move |first| match first {
        Ok(people) => view! { <Members id=id people=people bring=bring /> }.into_any(),
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    let title = chat.title(id);
    let topic = move || line.with(|line| line.as_ref().map(|line| line.conversation.topic.clone()).unwrap_or_default());
    view! {
        <Title text=move || format!("About {}", title.try_get().unwrap_or_default()) />
        <main class="main">
            <header class="head">
                <a class="tool" href=Route::Conversation(id).to_string() aria-label="Back to the room">
                    <Icon of=IconOf::Back />
                </a>
                <h1 dir="auto">"# " {live(move || title.get())}</h1>
                <p class="topic" dir="auto">
                    {live(topic)}
                </p>
            </header>
            <div class="sheet">
                <div>
                {looks_after.then(|| view! { <Change room=room.clone() /> }.into_any())}
                <Transition>{members}</Transition>
                {bring.then(|| view! { <Bring id=id /> }.into_any())}
                <Ends room=room looks_after=looks_after />
                </div>
            </div>
        </main>
    }
    .into_any()
}

/// Its name and topic, for who looks after it.
#[component]
fn Change(room: Conversation) -> impl IntoView {
    let id = room.id;
    let attempt = Attempt::new(ChangeRoom::PATH);
    let fields = RoomFields::new(untrack(|| attempt.refusal()));
    let busy = Signal::derive(move || attempt.is_busy());
    let send = move |event: SubmitEvent| {
        if fields.checked() {
            attempt.submit(&event, None);
        } else {
            event.prevent_default();
        }
    };
    Effect::new(move |_| {
        if let Some(error) = attempt.refusal() {
            fields.refuse(Some(error));
        }
    });
    view! {
        <form class="stack" action=ChangeRoom::url() method="post" novalidate on:submit=send>
            <h2>"Name and topic"</h2>
            <input type="hidden" name="conversation" value=id.to_string() />
            <RoomInputs fields name=room.name topic=room.topic />
            <FormProblem problem=fields.other_problem() />
            <SubmitButton label="Save" busy_label="Saving…" busy=busy />
        </form>
    }
    .into_any()
}

#[component]
fn Members(id: ConversationId, people: People, bring: bool) -> impl IntoView {
    let next = RwSignal::new(people.next);
    let shown = RwSignal::new(people.rows);
    let more = fetching(move |after| async move {
        let page = list_members(id, Some(after)).await?;
        shown.update(|people| people.extend(page.rows));
        next.set(page.next);
        Ok(())
    });
    let gone = Callback::new(move |person: Person| shown.update(|people| people.retain(|other| other.id != person.id)));
    view! {
        <section class="stack" aria-labelledby="members">
            <h2 id="members">"Members"</h2>
            <ul class="rows-box">
                <For each=move || shown.get() key=|person| person.id let:person>
                    <Member id person bring gone />
                </For>
            </ul>
            <More next=next more=more />
        </section>
    }
    .into_any()
}

#[component]
fn Member(id: ConversationId, person: Person, bring: bool, gone: Callback<Person>) -> impl IntoView {
    let user = person.id;
    let is_me = Chat::get().my_id() == Some(user);
    let attempt = Attempt::new(RemoveMember::PATH);
    let problem = move || attempt.refusal().map(|error| error.message);
    let named = person.clone();
    let removed = Callback::new(move |()| gone.run(named.clone()));
    let remove = move |event: SubmitEvent| attempt.submit(&event, Some(removed));
    let name = person.full_name();
    let button = (bring && !is_me).then(|| {
        view! {
            <form action=RemoveMember::url() method="post" on:submit=remove>
                <input type="hidden" name="conversation" value=id.to_string() />
                <input type="hidden" name="user" value=user.to_string() />
                <button class="button s plain" type="submit" aria-label=format!("Remove {name}")>
                    "Remove"
                </button>
            </form>
        }
        .into_any()
    });
    let handle = format!("@{}", person.username);
    view! {
        <li class="row-item">
            <Avatar person=person />
            <div class="grow">
                <h3 dir="auto">{name}</h3>
                <p dir="auto">{handle}</p>
                <p class="problem" role="alert">
                    {live(problem)}
                </p>
            </div>
            <div class="end">{button}</div>
        </li>
    }
    .into_any()
}

/// Bringing somebody in, for who looks after the room.
#[component]
fn Bring(id: ConversationId) -> impl IntoView {
    let attempt = Attempt::new(AddMember::PATH);
    let problem = Signal::derive(move || attempt.refusal().map(|error| error.message));
    let people = page_data(|| list_people(None));
    let busy = Signal::derive(move || attempt.is_busy());
    // The list of members is read again.
    let done = Callback::new(|()| platform::page::reload());
    let send = move |event: SubmitEvent| attempt.submit(&event, Some(done));
    let options = people.show(|people: Result<People, _>| {
        let people = people.map(|people| people.rows).unwrap_or_default();
        let option = |person: Person| view! { <option value=person.id.to_string()>{person.full_name()}</option> };
        people.into_iter().map(option).collect_view().into_any()
    });
    view! {
        <form class="stack" action=AddMember::url() method="post" on:submit=send>
            <h2>"Bring somebody in"</h2>
            <input type="hidden" name="conversation" value=id.to_string() />
            <label for="who-comes">"Person"</label>
            <select id="who-comes" name="user">
                <Transition>{options}</Transition>
            </select>
            <FormProblem problem=problem />
            <SubmitButton label="Bring in" busy_label="Bringing in…" busy=busy />
        </form>
    }
    .into_any()
}

/// Leaving, and ending the room.
#[component]
fn Ends(room: Conversation, looks_after: bool) -> impl IntoView {
    if room.kind == Kind::General {
        return view! { <p class="quiet">"Everyone is in General."</p> }.into_any();
    }
    let id = room.id;
    let (leaving, deleting) = (Attempt::new(LeaveRoom::PATH), Attempt::new(DeleteRoom::PATH));
    let leave = move |event: SubmitEvent| leaving.submit(&event, None);
    let delete = move |event: SubmitEvent| deleting.submit(&event, None);
    let problem = Signal::derive(move || leaving.refusal().or_else(|| deleting.refusal()).map(|error| error.message));
    let deletion = looks_after.then(|| {
        view! {
            // The confirmation: the button that ends it is behind one that says what that means.
            <details class="confirm">
                <summary class="button s plain danger">"Delete this room…"</summary>
                <form class="stack" action=DeleteRoom::url() method="post" on:submit=delete>
                    <p dir="auto">
                        {format!("“{}” and everything that was said in it will be gone for everyone.", room.name)}
                    </p>
                    <input type="hidden" name="conversation" value=id.to_string() />
                    <button class="button s danger" type="submit">
                        {format!("Delete “{}”", room.name)}
                    </button>
                </form>
            </details>
        }
        .into_any()
    });
    view! {
        <section class="stack">
            <form action=LeaveRoom::url() method="post" on:submit=leave>
                <input type="hidden" name="conversation" value=id.to_string() />
                <button class="button s plain" type="submit">
                    "Leave this room"
                </button>
            </form>
            {deletion}
            <FormProblem problem=problem />
        </section>
    }
    .into_any()
}
