//! Content that the server has rendered. Its forms are sent in place.

use super::{Attempt, FormProblem, live};
use crate::client::effect;
use crate::client::platform::{form, page, server_html};
use crate::model::Error;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// The content, and what its forms were answered.
#[component]
pub fn Rendered(
    html: RwSignal<String>,
    /// A form was taken: what is shown may be out of date, unless the answer has led elsewhere.
    taken: Callback<bool>,
    node: NodeRef<Div>,
) -> impl IntoView {
    let attempt = Attempt::of_any();
    let said = RwSignal::new(None::<String>);
    // Where no field is to blame, it stands above. (Without scripts, the server has said the rest under the fields.)
    let above = |error: Option<Error>| error.filter(|error| error.fields.is_empty()).map(|error| error.message);
    let problem = RwSignal::new(above(untrack(|| attempt.refusal())));
    effect(move || {
        let refused = attempt.refusal();
        if let (Some(error), Some(node)) = (&refused, node.get_untracked()) {
            server_html::show_field_problems(&node, error);
        }
        problem.try_set(above(refused));
    });
    let send = move |event: SubmitEvent| {
        if let Some(address) = form::get_address(&event) {
            event.prevent_default();
            return page::visit(&address);
        }
        let done = page::done_message(&event);
        let done = move |led: bool| {
            said.try_set(done.clone().filter(|_| !led));
            taken.try_run(led);
        };
        attempt.submit(&event, Some(Callback::new(done)));
    };
    let press = move |event: MouseEvent| {
        if page::copy(&event) {
            said.set(Some("Copied.".to_owned()));
        }
    };
    view! {
        <FormProblem problem=problem />
        <p role="status" class="note" class:quiet-box=live(move || said.try_with(Option::is_none).unwrap_or(true))>
            {live(move || said.try_get().flatten())}
        </p>
        <div class="rendered" node_ref=node inner_html=live(move || html.try_get().unwrap_or_default()) on:submit=send on:click=press></div>
    }
    .into_any()
}
