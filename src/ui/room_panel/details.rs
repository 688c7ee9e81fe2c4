//! What a room is about, and its end.

use super::state::{Action, RoomPanelState};
use crate::api::rooms::change_room;
use crate::client::platform::page;
use crate::client::{LatestRequest, effect, memo};
use crate::model::room::{NAME_MAX, RoomForm, TOPIC_MAX};
use crate::model::{ConversationKind, Error, Field};
use crate::ui::parts::{TextField, live};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// The room's topic, who may join and who owns it; leaving and deleting it. `sets_topic`: it opens with the form, at the
/// topic.
#[component]
pub fn Details(state: RoomPanelState, sets_topic: bool) -> impl IntoView {
    let may = move |what: fn(&crate::model::room::RoomDetails) -> bool| {
        memo(move || state.details.with(|details| details.as_ref().is_some_and(what)))
    };
    let (may_change, may_leave, may_delete) =
        (may(|details| details.may_change), may(|details| details.may_leave), may(|details| details.may_delete));
    let is_editing = RwSignal::new(sets_topic);
    let topic = move || {
        let topic = state.room.with(|room| room.topic.clone());
        match topic.is_empty() {
            true => view! { <p class="quiet">"No topic yet."</p> }.into_any(),
            false => view! { <p dir="auto">{topic}</p> }.into_any(),
        }
    };
    let change = move || {
        may_change.get().then(|| {
            view! {
                <button class="link" type="button" id="change-room" on:click=move |_| is_editing.set(true)>
                    "Change name and topic"
                </button>
            }
            .into_any()
        })
    };
    let about = move || match is_editing.get() && may_change.get() {
        true => {
            let close = Callback::new(move |()| is_editing.set(false));
            view! { <RoomFields state=state at_topic=sets_topic close=close /> }.into_any()
        }
        false => view! {
            <section aria-labelledby="room-topic">
                <h3 id="room-topic">"Topic"</h3>
                {live(topic)}
                {live(change)}
            </section>
        }
        .into_any(),
    };
    let kind = move || match state.room.with(|room| room.kind) {
        ConversationKind::General => "Everyone is in this room.",
        ConversationKind::Public => "Public: anyone here can find this room and join it.",
        ConversationKind::Private => "Private: only its members can find this room.",
        ConversationKind::Direct | ConversationKind::Unknown => "",
    };
    let owner = move || {
        let owner = state.room.with(|room| room.owner)?;
        Some(format!("Its owner is {}.", state.member(owner)?.full_name()))
    };
    let leave = move || {
        may_leave.get().then(|| {
            view! {
                <button class="button s plain leave" type="button" on:click=move |_| state.asked.set(Some(Action::Leave))>
                    "Leave the room…"
                </button>
            }
            .into_any()
        })
    };
    let delete = move || {
        may_delete.get().then(|| {
            view! {
                <button class="button s plain leave" type="button" on:click=move |_| state.asked.set(Some(Action::Delete))>
                    "Delete the room…"
                </button>
            }
            .into_any()
        })
    };
    view! {
        {live(about)}
        <section aria-labelledby="room-kind">
            <h3 id="room-kind">"Room"</h3>
            <p class="quiet">{live(move || kind().to_owned())}</p>
            <p class="quiet" dir="auto">
                {live(owner)}
            </p>
            <div class="panel-actions">{live(leave)} {live(delete)}</div>
        </section>
    }
    .into_any()
}

/// The form of a room's name and topic. `at_topic`: the cursor stands in the topic.
#[component]
fn RoomFields(state: RoomPanelState, at_topic: bool, close: Callback<()>) -> impl IntoView {
    let (room, first_topic) = state.room.with_untracked(|room| (room.name.clone(), room.topic.clone()));
    let (name, topic) = (RwSignal::new(room.clone()), RwSignal::new(first_topic.clone()));
    let problem = RwSignal::new(None::<Error>);
    let request = LatestRequest::new();
    let (name_node, topic_node) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    effect(move || {
        if let Some(input) = if at_topic { topic_node.get() } else { name_node.get() } {
            // Refused only by a field that is gone.
            let _ = input.focus();
        }
    });
    let leave = move || {
        close.run(());
        page::focus_soon("change-room");
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if untrack(|| request.is_pending()) {
            return;
        }
        let form = RoomForm { name: name.get_untracked(), topic: topic.get_untracked() };
        if let Err(error) = form.check() {
            return problem.set(Some(error));
        }
        problem.set(None);
        request.ask(change_room(state.id, form.name, form.topic), move |answer| match answer {
            Ok(()) => {
                state.done.try_set("The room was changed.".to_owned());
                leave();
            }
            Err(error) => {
                problem.try_set(Some(error));
            }
        });
    };
    let of = move |field: Field| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.of(field).map(str::to_owned)))
    };
    let above = move || {
        problem
            .with(|problem| problem.as_ref().filter(|error| error.fields.is_empty()).map(|error| error.message.clone()))
    };
    view! {
        <form class="panel-form" novalidate on:submit=save>
            <TextField name="name" label="Name" autocomplete="off" value=name typed=Some(room) problem=of(Field::Name) node_ref=name_node>
                <span class="hint">{format!("Up to {NAME_MAX} characters.")}</span>
            </TextField>
            <TextField name="topic" label="Topic (optional)" autocomplete="off" value=topic typed=Some(first_topic) optional=true problem=of(Field::Topic) node_ref=topic_node>
                <span class="hint">{format!("What it is about, in up to {TOPIC_MAX} characters.")}</span>
            </TextField>
            <p class="alert" role="alert" hidden=live(move || above().is_none())>
                {live(above)}
            </p>
            <div class="panel-actions">
                <button class="button s" type="submit" class:busy=live(move || request.is_pending())>
                    {live(move || if request.is_pending() { "Saving…" } else { "Save" }.to_owned())}
                </button>
                <button class="button s plain" type="button" on:click=move |_| leave()>
                    "Cancel"
                </button>
            </div>
        </form>
    }
    .into_any()
}
