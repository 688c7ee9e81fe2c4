//! A page whose content the server renders. It is read again when it may be out of date.

use super::{FailedPage, Sheet};
use crate::api::sheets::sheet;
use crate::client::platform::{page, rendered};
use crate::client::{Chat, effect, memo};
use crate::model::Code;
use crate::model::sorted::SortedSet;
use crate::ui::Route;
use crate::ui::parts::{Bones, Rendered, page_data};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_query_map};
use std::time::Duration;

/// The content is read anew this often, as times pass and others act.
const READ_EVERY: Duration = Duration::from_secs(60);

/// The page that the server renders for this route.
#[component]
pub fn RenderedPage(
    route: Route,
    #[prop(into)] title: Signal<String>,
    /// What leads back, where the page belongs to another one.
    #[prop(optional_no_strip)]
    back: Option<Route>,
) -> impl IntoView {
    let query = use_query_map();
    let asked = use_location().search;
    let fetch = move || {
        // Nothing of it is left when the page has been left.
        let asked = query.try_with_untracked(|query| {
            let search = query.get_str("search").unwrap_or_default().to_owned();
            (search, query.get_str("after").map(str::to_owned))
        });
        let (search, after) = asked.unwrap_or_default();
        sheet(route.to_string(), search, after)
    };
    let start = page_data(fetch);
    let read = Callback::new(move |html: RwSignal<String>| {
        let Some(question) = asked.try_get_untracked() else { return };
        spawn_local(async move {
            match fetch().await {
                // Unless the reader has asked for something else in the meantime.
                Ok(content) if asked.try_get_untracked().as_ref() == Some(&question) => {
                    html.try_set(content);
                }
                Err(error) if error.code == Code::SignInRequired => page::sign_in(),
                // What is shown stays; the next round tries again.
                Ok(_) | Err(_) => {}
            }
        });
    });
    // A room's page follows the room; the others follow one's own list.
    let chat = Chat::get();
    let (line, lines) = (route.conversation().map(|id| chat.line(id)), chat.lines());
    let state = memo(move || match line {
        Some(line) => line.with(|line| line.as_ref().map_or(0, |line| line.conversation.rev.0)),
        None => lines.with(|lines| lines.len() as i64),
    });
    let content = start.show(move |start| match start {
        Ok(html) => view! { <Content title=title back=back html=html asked=asked state=state read=read /> }.into_any(),
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    let waiting = move || {
        let bones = view! { <Bones rows=4 /> }.into_any();
        view! { <Sheet title=title back=back>{bones}</Sheet> }
    };
    view! { <Transition fallback=waiting>{content}</Transition> }.into_any()
}

#[component]
fn Content(
    title: Signal<String>,
    back: Option<Route>,
    html: String,
    /// What the reader asks for, as the address has it.
    asked: Memo<String>,
    /// What it shows has changed when this has.
    state: Memo<i64>,
    read: Callback<RwSignal<String>>,
) -> impl IntoView {
    let chat = Chat::get();
    let html = RwSignal::new(html);
    let node = NodeRef::<Div>::new();
    let taken = Callback::new(move |()| read.run(html));
    // Not under the hands of someone who is about to do something.
    let again = move || {
        if node.get_untracked().is_some_and(|node| !rendered::is_busy(&node)) {
            read.run(html);
        }
    };
    let (mut first_question, mut first_state) = (true, true);
    effect(move || {
        asked.with(|_| ());
        if !std::mem::take(&mut first_question) {
            read.run(html);
        }
    });
    effect(move || {
        state.with(|_| ());
        if !std::mem::take(&mut first_state) {
            again();
        }
    });
    effect(move || {
        if let Ok(handle) = set_interval_with_handle(again, READ_EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    // The people on it are watched; who comes and goes is shown in place.
    let place = StoredValue::new(None::<String>);
    effect(move || {
        html.track();
        if let Some(node) = node.get() {
            chat.showing(rendered::people(&node));
            if let Some(place) = place.get_value() {
                rendered::return_to(&place);
            }
        }
    });
    let presences = chat.presences();
    effect(move || {
        html.track();
        if let Some(node) = node.get() {
            presences.with(|presences| rendered::show_presence(&node, presences));
        }
    });
    // Where the keyboard is, before the content is replaced.
    let note = move |_| place.set_value(node.get_untracked().and_then(|node| rendered::place(&node)));
    on_cleanup(move || chat.showing(SortedSet::new()));
    view! {
        <Sheet title=title back=back>
            <div class="watched" on:focusin=note on:focusout=move |_| place.set_value(None)>
                <Rendered html=html taken=taken node=node />
            </div>
        </Sheet>
    }
    .into_any()
}
