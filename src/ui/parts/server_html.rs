//! Content that the server has rendered. Its forms are sent in place.

use super::{FormProblem, FormSubmission, live};
use crate::client::effect;
use crate::client::platform::{form, page, server_html};
use crate::model::Error;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// The content, and the answers to its forms.
#[component]
pub fn Rendered(
    html: RwSignal<String>,
    /// A form was accepted, with whether the answer was a redirect: if not, what is shown may be out of date.
    on_accepted: Callback<bool>,
    node: NodeRef<Div>,
) -> impl IntoView {
    let submission = FormSubmission::for_any_form();
    let status = RwSignal::new(None::<String>);
    // Where no field is to blame, it stands above. (Without scripts, the server has said the rest under the fields.)
    let above = |error: Option<Error>| error.filter(|error| error.fields.is_empty()).map(|error| error.message);
    let problem = RwSignal::new(above(untrack(|| submission.error())));
    effect(move || {
        let error = submission.error();
        if let (Some(error), Some(node)) = (&error, node.get_untracked()) {
            server_html::show_field_problems(&node, error);
        }
        problem.try_set(above(error));
    });
    let send = move |event: SubmitEvent| {
        if let Some(address) = form::get_address(&event) {
            event.prevent_default();
            return page::visit(&address);
        }
        let done = page::done_message(&event);
        let done = move |redirected: bool| {
            status.try_set(done.clone().filter(|_| !redirected));
            on_accepted.try_run(redirected);
        };
        submission.submit(&event, Some(Callback::new(done)));
    };
    let press = move |event: MouseEvent| {
        if page::copy(&event) {
            status.set(Some("Copied.".to_owned()));
        }
    };
    view! {
        <FormProblem problem=problem />
        <p role="status" class="note" class:empty-live-region=live(move || status.try_with(Option::is_none).unwrap_or(true))>
            {live(move || status.try_get().flatten())}
        </p>
        <div class="rendered" node_ref=node inner_html=live(move || html.try_get().unwrap_or_default()) on:submit=send on:click=press></div>
    }
    .into_any()
}
