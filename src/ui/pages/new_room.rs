//! Making a room.

use super::Sheet;
use crate::api::rooms::CreateRoom;
use crate::ui::parts::{Attempt, FormProblem, RoomFields, RoomInputs, SubmitButton};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form that makes a room.
#[component]
pub fn NewRoomPage() -> impl IntoView {
    let attempt = Attempt::new(CreateRoom::PATH);
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
        <Sheet title="New room">
                <form class="stack" action=CreateRoom::url() method="post" novalidate on:submit=send>
                    <RoomInputs fields />
                    <label class="choice">
                        <input type="checkbox" name="private" value="true" />
                        <span>
                            <b>"Private"</b>
                            <span class="hint">"Not listed; only those whom you bring in find it."</span>
                        </span>
                    </label>
                    <FormProblem problem=fields.other_problem() />
                    <SubmitButton label="Create room" busy_label="Creating the room…" busy=busy />
                </form>
        </Sheet>
    }
    .into_any()
}
