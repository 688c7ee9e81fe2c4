//! A page whose content the server renders. Its forms are sent in place; then it is read again.

use super::{FailedPage, Sheet};
use crate::api::sheets::sheet;
use crate::client::platform::page;
use crate::model::Code;
use crate::ui::Route;
use crate::ui::parts::{Attempt, Bones, FormProblem, live, page_data};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// The content is read anew this often, as times pass and others act.
const READ_EVERY: Duration = Duration::from_secs(60);

/// The page that the server renders for this route.
#[component]
pub fn RenderedPage(route: Route, title: &'static str) -> impl IntoView {
    let query = use_query_map();
    let fetch = move || {
        let (search, after) = query.with_untracked(|query| {
            let search = query.get_str("search").unwrap_or_default().to_owned();
            (search, query.get_str("after").and_then(|after| after.parse().ok()))
        });
        sheet(route.to_string(), search, after)
    };
    let start = page_data(fetch);
    let read = Callback::new(move |html: RwSignal<String>| {
        spawn_local(async move {
            match fetch().await {
                Ok(content) => {
                    html.try_set(content);
                }
                Err(error) if error.code == Code::SignInRequired => page::sign_in(),
                // What is shown stays; the next round tries again.
                Err(_) => {}
            }
        });
    });
    let content = start.show(move |start| match start {
        Ok(html) => view! { <Content title=title html=html read=read /> }.into_any(),
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    let waiting = move || {
        let bones = view! { <Bones rows=4 /> }.into_any();
        view! { <Sheet title=title>{bones}</Sheet> }
    };
    view! { <Transition fallback=waiting>{content}</Transition> }.into_any()
}

#[component]
fn Content(title: &'static str, html: String, read: Callback<RwSignal<String>>) -> impl IntoView {
    let html = RwSignal::new(html);
    let node = NodeRef::<Div>::new();
    let attempt = Attempt::of_any();
    let problem = Signal::derive(move || attempt.refusal().map(|error| error.message));
    let said = RwSignal::new(None::<String>);
    let send = move |event: SubmitEvent| {
        let done = page::said_when_done(&event);
        let taken = move |()| {
            said.try_set(done.clone());
            read.run(html);
        };
        attempt.submit(&event, Some(Callback::new(taken)));
    };
    let press = move |event: MouseEvent| {
        if page::copy(&event) {
            said.set(Some("Copied.".to_owned()));
        }
    };
    Effect::new(move |_| {
        let again = move || {
            // Not under the hands of someone who is about to do something.
            let busy = node.get_untracked().and_then(|node| node.query_selector(":focus, [open]").ok().flatten());
            if busy.is_none() {
                read.run(html);
            }
        };
        if let Ok(handle) = set_interval_with_handle(again, READ_EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        <Sheet title=title>
            <FormProblem problem=problem />
            <p role="status" class="note" class:quiet-box=move || said.with(Option::is_none)>
                {live(move || said.get())}
            </p>
            <div class="rendered" node_ref=node inner_html=move || html.get() on:submit=send on:click=press></div>
        </Sheet>
    }
    .into_any()
}
