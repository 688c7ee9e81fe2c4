//! The page of a room: its topic, its members, and what the user can do with it.

use super::parts::{ActionForm, avatar, page_links, room_fields, search_form, username_and_presence};
use super::people::write_to;
use super::rooms::members_text;
use crate::api::rooms::{AddMember, ChangeRoom, DeleteRoom, JoinRoom, LeaveRoom, RemoveMember, TransferRoom};
use crate::model::room::RoomDetails;
use crate::model::{ConversationId, ConversationKind, Millis, Person, Presence, Route};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page of a room. `presences`: of its members and then of the people who can be added, in this order.
pub fn room(about: &RoomDetails, search: &str, after: Option<&str>, presences: &[Presence], now: Millis) -> String {
    let many = about.members.as_ref().map_or(0, |members| members.rows.len());
    let (of_members, of_others) = presences.split_at(many.min(presences.len()));
    let room = &about.room;
    let change = about.may_change.then(|| {
        view! {
            <form class="stack" action=ChangeRoom::url() method="post" novalidate>
                <h2>"Name and topic"</h2>
                <input type="hidden" name="conversation" value=room.id.to_string() />
                {room_fields(ChangeRoom::PATH, &room.name, &room.topic)}
                <button class="button" type="submit">
                    "Save"
                </button>
            </form>
        }
        .into_any()
    });
    let heading = if about.joined { "hidden-text" } else { "" };
    let summary = (!about.may_change && !room.topic.is_empty()).then(|| {
        view! {
            <p dir="auto">{room.topic.clone()}</p>
        }
    });
    let joining = (!about.joined).then(|| {
        let fields = [("conversation", room.id.to_string())];
        let (class, label) = ("button", "Join this room");
        view! {
            <p class="quiet">{members_text(room.member_count)}</p>
            {ActionForm { action: JoinRoom::url(), fields: &fields, class, label, about: "about", done: None }.form()}
        }
        .into_any()
    });
    view! {
        <h2 class=heading id="about" dir="auto">
            {room.name.clone()}
        </h2>
        {summary}
        {change}
        {joining}
        {members(about, search, after, of_members, now)}
        {about.may_manage_members.then(|| adding(about, search, of_others, now))}
        {leaving_and_deleting(about)}
    }
    .to_html()
}

fn members(
    about: &RoomDetails,
    search: &str,
    after: Option<&str>,
    presences: &[Presence],
    now: Millis,
) -> Option<AnyView> {
    let people = about.members.as_ref()?;
    let rows = people.rows.iter().zip(presences).map(|(person, presence)| member(about, person, presence, now));
    let title = format!("{} in this room", members_text(about.room.member_count));
    let list = view! {
        <section class="stack" aria-labelledby="members">
            <h2 id="members">{title}</h2>
            <ul class="rows-box">{rows.collect_view()}</ul>
            {page_links(Route::About(about.room.id), search, after, people.next.clone())}
        </section>
    };
    Some(list.into_any())
}

fn member(about: &RoomDetails, person: &Person, presence: &Presence, now: Millis) -> AnyView {
    let room = &about.room;
    let heading = format!("member-{}", person.id);
    let is_me = person.id == about.me;
    let owner = (room.owner == Some(person.id)).then(|| view! { <span class="pill">"Owner"</span> });
    let writing =
        if is_me { view! { <span class="pill">"You"</span> }.into_any() } else { write_to(person.id, &heading) };
    let fields = [("conversation", room.id.to_string()), ("user", person.id.to_string())];
    let transferring = (about.may_manage_members && room.owner != Some(person.id)).then(|| transfer(&fields, &heading));
    let removing = (about.may_manage_members && !is_me).then(|| {
        let (class, label, done) = ("button s plain", "Remove", Some("They are no longer in this room."));
        ActionForm { action: RemoveMember::url(), fields: &fields, class, label, about: &heading, done }.form()
    });
    view! {
        <li class="row-item account">
            {avatar(person, presence)}
            <div class="grow">
                <h3>
                    <bdi id=heading>{person.full_name()}</bdi>
                    {owner}
                </h3>
                {username_and_presence(person, presence, now)}
            </div>
            <div class="end acts">{writing} {removing}</div>
            {transferring}
        </li>
    }
    .into_any()
}

/// The button that transfers ownership, behind a `<details>` that explains it first.
fn transfer(fields: &[(&'static str, String)], about: &str) -> AnyView {
    let (class, label, done) = ("button s", "Transfer ownership", Some("The room has a new owner."));
    view! {
        <details class="confirm">
            <summary class="button s plain" aria-describedby=about.to_owned()>
                <span class="ask">"Transfer ownership…"</span>
                <span class="keep">"Keep it"</span>
            </summary>
            <p>"They become the owner of this room in place of its owner now."</p>
            {ActionForm { action: TransferRoom::url(), fields, class, label, about, done }.form()}
        </details>
    }
    .into_any()
}

/// The people who can be added, and a search for them.
fn adding(about: &RoomDetails, search: &str, presences: &[Presence], now: Millis) -> AnyView {
    let room = about.room.id;
    let rows = about.candidates.iter().zip(presences).map(|(person, presence)| other(room, person, presence, now));
    let list = if about.candidates.is_empty() && search.trim().is_empty() {
        view! { <p class="quiet">"Everyone is in this room."</p> }.into_any()
    } else if about.candidates.is_empty() {
        view! { <p class="quiet">"Nobody outside this room is called anything like this."</p> }.into_any()
    } else {
        view! { <ul class="rows-box">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="add">
            <h2 id="add">"Add people"</h2>
            {search_form(Route::About(room), "Find somebody to add", "Part of a name", search)}
            {list}
        </section>
    }
    .into_any()
}

fn other(room: ConversationId, person: &Person, presence: &Presence, now: Millis) -> AnyView {
    let heading = format!("other-{}", person.id);
    let fields = [("conversation", room.to_string()), ("user", person.id.to_string())];
    let (class, label, done) = ("button s plain", "Add", Some("They are in this room now."));
    view! {
        <li class="row-item">
            {avatar(person, presence)}
            <div class="grow">
                <h3 id=heading.clone() dir="auto">
                    {person.full_name()}
                </h3>
                {username_and_presence(person, presence, now)}
            </div>
            <div class="end">
                {ActionForm { action: AddMember::url(), fields: &fields, class, label, about: &heading, done }.form()}
            </div>
        </li>
    }
    .into_any()
}

/// Leaving and deleting the room.
fn leaving_and_deleting(about: &RoomDetails) -> AnyView {
    let room = &about.room;
    if room.kind == ConversationKind::General {
        return view! { <p class="quiet">"Everyone is in General."</p> }.into_any();
    }
    let fields = [("conversation", room.id.to_string())];
    let leaving = about.may_leave.then(|| {
        let (class, label) = ("button s plain", "Leave this room");
        let form = ActionForm { action: LeaveRoom::url(), fields: &fields, class, label, about: "about", done: None }.form();
        let last = room.kind == ConversationKind::Private && room.member_count == 1;
        let warning = last.then(|| {
            view! { <p class="quiet">"You are the last one here. The room and what was written in it will be gone."</p> }
        });
        view! {
            {warning}
            {form}
        }
        .into_any()
    });
    let deletion = about.may_delete.then(|| {
        view! {
            // The confirmation: the button is behind a text that explains it.
            <details class="confirm">
                <summary class="button s plain">
                    <span class="ask">"Delete this room…"</span>
                    <span class="keep">"Keep it"</span>
                </summary>
                <form action=DeleteRoom::url() method="post">
                    <p dir="auto">
                        {format!("“{}” and everything that was written in it will be gone for everyone.", room.name)}
                    </p>
                    <input type="hidden" name="conversation" value=room.id.to_string() />
                    <button class="button s danger" type="submit">
                        {format!("Delete “{}”", room.name)}
                    </button>
                </form>
            </details>
        }
        .into_any()
    });
    if leaving.is_none() && deletion.is_none() {
        return ().into_any();
    }
    view! { <section class="stack ends">{leaving} {deletion}</section> }.into_any()
}
