//! A page whose content the server renders. It is read again when it may be out of date.

use super::{FailedPage, PageLayout};
use crate::api::pages::server_page;
use crate::client::platform::{page, server_html};
use crate::client::{Chat, effect, memo};
use crate::model::{Code, ConversationSummary, Error, Route, SortedSet};
use crate::ui::parts::{PageData, Rendered, Skeleton, page_data};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::params::ParamsMap;
use std::future::Future;
use std::time::Duration;

/// The content is read anew this often, as times pass and others act.
const READ_EVERY: Duration = Duration::from_secs(60);

/// What a page shows whose room has ended under its reader's eyes, or is theirs no longer.
const GONE: &str = "<p role=\"alert\">This room is no longer open to you: it was deleted, or you are not in it any more.</p>\
    <p><a class=\"button s\" href=\"/\">Go to General</a></p>";

/// Asks the server for the content of a page, as the address has it.
fn fetch(route: Route, query: Memo<ParamsMap>) -> impl Future<Output = Result<String, Error>> + Send + 'static {
    // Nothing of it is left when the page has been left.
    let asked = query.try_with_untracked(|query| {
        let search = query.get_str("search").unwrap_or_default().to_owned();
        (search, query.get_str("after").map(str::to_owned))
    });
    let (search, after) = asked.unwrap_or_default();
    server_page(route.to_string(), search, after)
}

/// What a page that the server renders starts from.
pub fn rendered_data(route: Route) -> PageData {
    let query = use_query_map();
    page_data(move || fetch(route, query))
}

/// Why content is read again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The reader asks for something else, or has done something.
    Asked,
    /// Time has passed, or others have acted: it must not come under the hands of who is about to do something.
    Aged,
}

/// The page that the server renders for this route.
#[component]
pub fn RenderedPage(
    route: Route,
    #[prop(into)] title: Signal<String>,
    /// What leads back, where the page belongs to another one.
    #[prop(optional_no_strip)]
    back: Option<Route>,
    start: PageData,
) -> impl IntoView {
    let content = start.show(move |start| match start {
        Ok(html) => view! { <Content route=route title=title back=back html=html /> }.into_any(),
        Err(error) => view! { <FailedPage error=error /> }.into_any(),
    });
    let waiting = move || {
        let skeleton = view! { <Skeleton rows=4 /> }.into_any();
        view! { <PageLayout title=title back=back>{skeleton}</PageLayout> }
    };
    view! { <Transition fallback=waiting>{content}</Transition> }.into_any()
}

#[component]
fn Content(route: Route, title: Signal<String>, back: Option<Route>, html: String) -> impl IntoView {
    let chat = Chat::get();
    let (query, asked) = (use_query_map(), use_location().search);
    let html = RwSignal::new(html);
    let node = NodeRef::<Div>::new();
    let is_busy = move || node.try_get_untracked().flatten().is_none_or(|node| server_html::is_busy(&node));
    // The number of the last question: an older answer is worth nothing.
    let last = StoredValue::new(0u32);
    let read = move |why: Why| {
        if why == Why::Aged && is_busy() {
            return;
        }
        let Some(number) = last.try_get_value().map(|last| last + 1) else { return };
        last.set_value(number);
        let answer = fetch(route, query);
        spawn_local(async move {
            let answer = answer.await;
            if last.try_get_value() != Some(number) || why == Why::Aged && is_busy() {
                return;
            }
            match answer {
                Ok(content) => {
                    html.try_set(content);
                }
                Err(error) if error.code == Code::SignInRequired => page::sign_in(),
                // What is shown stays; the next round tries again.
                Err(_) => {}
            }
        });
    };
    let (mut first_question, mut first_state) = (true, true);
    effect(move || {
        asked.with(|_| ());
        if !std::mem::take(&mut first_question) {
            read(Why::Asked);
        }
    });
    // A room's page follows the room; the others follow one's own list, and who has registered: everybody who does joins
    // General, which is the first of the list.
    let (line, lines) = (route.conversation().map(|id| chat.summary(id)), chat.list());
    let general = untrack(|| chat.first().get()).map(|id| chat.summary(id));
    let users = move || {
        let members =
            |line: &Option<ConversationSummary>| line.as_ref().map_or(0, |line| line.conversation.member_count);
        general.map_or(0, |general| general.with(members))
    };
    let state = memo(move || match line {
        Some(line) => line.with(|line| line.as_ref().map_or(0, |line| line.conversation.rev.0)),
        None => lines.with(|lines| lines.len() as i64) + users(),
    });
    let mut was = 0;
    effect(move || {
        let now = state.get();
        if now == 0 && was != 0 {
            html.set(GONE.to_owned());
        } else if !std::mem::take(&mut first_state) {
            read(Why::Aged);
        }
        was = now;
    });
    effect(move || {
        if let Ok(handle) = set_interval_with_handle(move || read(Why::Aged), READ_EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    // The people on it are watched; who comes and goes is shown in place.
    let place = StoredValue::new(None::<String>);
    effect(move || {
        html.track();
        if let Some(node) = node.get() {
            chat.watch_presence(server_html::people(&node));
            if let Some(place) = place.get_value() {
                server_html::restore_focus(&place);
            }
        }
    });
    effect(move || {
        html.track();
        if let Some(node) = node.get() {
            server_html::show_presence(&node, &chat.presences());
        }
    });
    // Where the keyboard is, before the content is replaced.
    let note = move |_| place.set_value(node.get_untracked().and_then(|node| server_html::focused_id(&node)));
    on_cleanup(move || chat.watch_presence(SortedSet::new()));
    let on_accepted = Callback::new(move |redirected: bool| {
        if !redirected {
            read(Why::Asked);
        }
    });
    view! {
        <PageLayout title=title back=back>
            <div class="watched" on:focusin=note on:focusout=move |_| place.set_value(None)>
                <Rendered html=html on_accepted=on_accepted node=node />
            </div>
        </PageLayout>
    }
    .into_any()
}
