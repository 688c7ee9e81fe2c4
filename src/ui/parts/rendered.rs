//! Content that the server has rendered. Its forms are sent in place.

use super::{Attempt, FormProblem, live};
use crate::client::memo;
use crate::client::platform::{form, page, rendered};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// The content, and what its forms were answered.
#[component]
pub fn Rendered(
    html: RwSignal<String>,
    /// A form was taken: what is shown may be out of date.
    taken: Callback<()>,
    node: NodeRef<Div>,
) -> impl IntoView {
    let attempt = Attempt::of_any();
    let said = RwSignal::new(None::<String>);
    // Where no field is to blame, it stands above.
    let problem = memo(move || {
        let error = attempt.refusal()?;
        let shown = node.get_untracked().is_some_and(|node| rendered::refuse(&node, &error));
        Some(error.message).filter(|_| !shown && error.fields.is_empty())
    });
    let send = move |event: SubmitEvent| {
        if let Some(address) = form::asks(&event) {
            event.prevent_default();
            return page::visit(&address);
        }
        let done = page::said_when_done(&event);
        let done = move |()| {
            said.try_set(done.clone());
            taken.try_run(());
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
        <p role="status" class="note" class:quiet-box=live(move || said.with(Option::is_none))>
            {live(move || said.get())}
        </p>
        <div class="rendered" node_ref=node inner_html=live(move || html.get()) on:submit=send on:click=press></div>
    }
    .into_any()
}
