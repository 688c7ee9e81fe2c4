//! The way to the next page of a list.

use super::live;
use crate::model::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;

/// What fetches the page behind a mark, and shows it.
pub type Fetch = Callback<String, Pin<Box<dyn Future<Output = Result<(), Error>>>>>;

/// Makes it of a function.
pub fn fetching<F>(fetch: impl Fn(String) -> F + Send + Sync + 'static) -> Fetch
where
    F: Future<Output = Result<(), Error>> + 'static,
{
    Callback::new(move |after| {
        let fetched: Pin<Box<dyn Future<Output = Result<(), Error>>>> = Box::pin(fetch(after));
        fetched
    })
}

/// A button, as long as there is more.
#[component]
pub fn More(
    /// The mark where the list ends, if it goes on.
    next: RwSignal<Option<String>>,
    more: Fetch,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let fetch = move |_| {
        let Some(after) = next.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            let problem_now = more.run(after).await.err().map(|error| error.message);
            problem.try_set(problem_now);
            busy.try_set(false);
        });
    };
    let button = move || {
        let button = || {
            view! {
                <button class="button s plain" type="button" disabled=move || busy.get() on:click=fetch>
                    "Show more"
                </button>
            }
        };
        next.with(Option::is_some).then(|| button().into_any())
    };
    view! {
        <div class="more">
            {live(button)}
            <p class="problem" role="alert">
                {live(move || problem.get())}
            </p>
        </div>
    }
    .into_any()
}
