//! What is asked before a member is removed, or a room changes hands, is left or deleted.

use super::state::{Action, RoomPanelState};
use crate::api::rooms::{delete_room, leave_room, remove_member, transfer_room};
use crate::client::{LatestRequest, effect};
use crate::model::{ConversationId, ConversationKind, Error};
use crate::ui::parts::live;
use leptos::html::Dialog;
use leptos::prelude::*;

/// The words of a question.
struct Question {
    title: String,
    text: String,
    confirm: &'static str,
    busy: &'static str,
    is_danger: bool,
}

/// The dialog; it is shown while something is asked.
#[component]
pub fn ConfirmDialog(state: RoomPanelState) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let request = LatestRequest::new();
    let problem = RwSignal::new(None::<String>);
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        match state.asked.with(Option::is_some) {
            // Refused only where it is open already.
            true => drop(dialog.show_modal()),
            false => dialog.close(),
        }
    });
    let on_close = move |_| {
        request.cancel();
        problem.set(None);
        state.asked.set(None);
    };
    let run = move |_| {
        let Some(action) = state.asked.get_untracked().filter(|_| !untrack(|| request.is_pending())) else { return };
        problem.set(None);
        let done = done_text(&action);
        let stays = matches!(action, Action::Remove(_) | Action::MakeOwner(_));
        request.ask(carry_out(state.id, action), move |answer| match answer {
            Ok(()) => {
                state.asked.try_set(None);
                state.done.try_set(done);
                // The change comes by the live connection too; without it the panel must not wait.
                if stays {
                    state.load();
                }
            }
            Err(error) => {
                problem.try_set(Some(error.message));
            }
        });
    };
    let content = move || {
        let question = state.asked.with(|action| Some(question(action.as_ref()?, state)))?;
        let label = move || match (request.is_pending(), problem.with(Option::is_some)) {
            (true, _) => question.busy,
            (false, true) => "Try again",
            (false, false) => question.confirm,
        };
        let content = view! {
            <h2 id="confirm-title" dir="auto">
                {question.title}
            </h2>
            <p id="confirm-text" dir="auto">
                {question.text}
            </p>
            <p class="alert" role="alert" hidden=live(move || problem.with(Option::is_none))>
                {live(move || problem.get())}
            </p>
            <div class="row">
                <button class="button s plain" type="button" autofocus on:click=move |_| state.asked.set(None)>
                    "Cancel"
                </button>
                <button
                    class="button s"
                    class:danger=question.is_danger
                    type="button"
                    aria-disabled=live(move || request.is_pending().then_some("true"))
                    class:busy=live(move || request.is_pending())
                    on:click=run
                >
                    {live(move || label().to_owned())}
                </button>
            </div>
        };
        Some(content.into_any())
    };
    view! {
        <dialog class="confirm-dialog" role="alertdialog" node_ref=dialog aria-labelledby="confirm-title" aria-describedby="confirm-text" on:close=on_close on:keydown=|event| event.stop_propagation()>
            {live(content)}
        </dialog>
    }
    .into_any()
}

fn question(action: &Action, state: RoomPanelState) -> Question {
    let (room, kind, members) = state.room.with_untracked(|room| (room.name.clone(), room.kind, room.member_count));
    match action {
        Action::Remove(person) => Question {
            title: format!("Remove {} from “{room}”?", person.full_name()),
            text: match kind {
                ConversationKind::Private => {
                    "They lose access to this room and its messages until somebody adds them again.".into()
                }
                _ => "They lose access until they join again. Their messages stay.".into(),
            },
            confirm: "Remove",
            busy: "Removing…",
            is_danger: true,
        },
        Action::MakeOwner(person) => Question {
            title: format!("Make {} the owner of “{room}”?", person.full_name()),
            text:
                "The owner changes the room, adds and removes members, and can delete it. There is one owner at a time."
                    .into(),
            confirm: "Make owner",
            busy: "Saving…",
            is_danger: false,
        },
        Action::Leave => Question {
            title: format!("Leave “{room}”?"),
            text: match kind {
                ConversationKind::Private => "You can come back only when somebody adds you again.".into(),
                _ => "You can join again at any time.".into(),
            },
            confirm: "Leave the room",
            busy: "Leaving…",
            is_danger: true,
        },
        Action::Delete => Question {
            title: format!("Delete “{room}”?"),
            text: match members {
                1 => "All of its messages are deleted for good. This cannot be undone.".into(),
                n => format!("All of its messages are deleted for good, for all {n} members. This cannot be undone."),
            },
            confirm: "Delete the room",
            busy: "Deleting…",
            is_danger: true,
        },
    }
}

fn done_text(action: &Action) -> String {
    match action {
        Action::Remove(person) => format!("{} was removed.", person.full_name()),
        Action::MakeOwner(person) => format!("{} is the owner now.", person.full_name()),
        Action::Leave => "You left the room.".into(),
        Action::Delete => "The room was deleted.".into(),
    }
}

async fn carry_out(room: ConversationId, action: Action) -> Result<(), Error> {
    match action {
        Action::Remove(person) => remove_member(room, person.id).await,
        Action::MakeOwner(person) => transfer_room(room, person.id).await,
        // Both lead elsewhere.
        Action::Leave => leave_room(room).await,
        Action::Delete => delete_room(room).await,
    }
}
