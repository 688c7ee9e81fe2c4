//! What the lists of rooms and of people have in common.

use crate::client::platform::page;
use crate::client::{PagedSearch, effect, memo};
use crate::ui::parts::{Icon, IconOf, MakeView, Skeleton, live};
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use std::sync::Arc;

/// The `id` of the field to search with; the server-rendered page has the same.
pub const FIELD: &str = "search";

/// A list that has been asked for.
pub struct StartedList {
    /// Whether its first rows are there.
    pub has_rows: Signal<bool>,
    /// Makes its view.
    pub view: MakeView,
}

/// What the chunk of a list returns: how to ask for the rows that match a text. The search itself, and everything that it
/// calls, is in the chunk.
pub type ListCode = Result<fn(String) -> StartedList, SplitLoaderError>;

/// A list whose rows are on their way, with its view.
pub fn started<T: Clone + Send + Sync + 'static>(
    list: PagedSearch<T>,
    view: fn(PagedSearch<T>) -> AnyView,
) -> StartedList {
    let make = move || {
        // What was typed into a server-rendered page, which this takes the place of, goes on here.
        list.takes_focus.set_value(page::has_focus(FIELD));
        if let Some(typed) = page::field_value(FIELD).filter(|typed| list.text.get_untracked() != *typed) {
            list.set_text(typed);
        }
        view(list)
    };
    StartedList { has_rows: Signal::derive(move || list.rows.with(Option::is_some)), view: Arc::new(make) }
}

/// The field that searches a list.
#[component]
pub fn SearchField<T: Clone + Send + Sync + 'static>(
    list: PagedSearch<T>,
    label: &'static str,
    hint: &'static str,
) -> impl IntoView {
    effect(move || {
        if list.takes_focus.get_value() {
            page::focus(FIELD);
        }
    });
    view! {
        <div class="search-field" role="search">
            <label>
                <Icon of=IconOf::Search />
                <input
                    type="search"
                    id=FIELD
                    aria-label=label
                    placeholder=hint
                    autocomplete="off"
                    maxlength="100"
                    dir="auto"
                    prop:value=move || list.text.get()
                    on:input=move |event| list.set_text(event_target_value(&event))
                />
            </label>
        </div>
    }
    .into_any()
}

/// The rows of a list; its skeleton, its emptiness and its failure.
#[component]
pub fn Rows<T: Clone + PartialEq + Send + Sync + 'static>(
    list: PagedSearch<T>,
    /// By which a row is found while the server is still searching.
    names: fn(&T) -> Vec<String>,
    row: fn(T) -> AnyView,
    /// What is said when there is nothing.
    none: &'static str,
) -> impl IntoView {
    let shown = memo(move || list.matching(names));
    let rows = move || match shown.get() {
        None if list.problem.with(Option::is_some) => ().into_any(),
        None => view! { <Skeleton rows=5 /> }.into_any(),
        Some(rows) if rows.is_empty() => {
            let note = move || if list.is_pending() { "Searching…" } else { none }.to_owned();
            view! { <p class="quiet">{live(note)}</p> }.into_any()
        }
        Some(rows) => {
            let rows: Vec<AnyView> = rows.into_iter().map(row).collect();
            view! { <ul class="rows-box">{rows}</ul> }.into_any()
        }
    };
    let problem = move || {
        let error = list.problem.get()?;
        let problem = view! {
            <div class="alert" role="alert">
                <p>{error.message}</p>
                <button class="button s" type="button" on:click=move |_| list.load()>
                    "Try again"
                </button>
            </div>
        };
        Some(problem.into_any())
    };
    let more = move || {
        list.has_more().then(|| {
            view! {
                <button class="button s plain" type="button" on:click=move |_| list.load_more()>
                    {live(move || if list.is_loading_more() { "Loading…" } else { "Show more" }.to_owned())}
                </button>
            }
            .into_any()
        })
    };
    let count = move || match shown.with(|rows| rows.as_ref().map(Vec::len)) {
        _ if list.is_pending() => String::new(),
        None => String::new(),
        Some(0) => none.to_owned(),
        Some(1) => "1 result".to_owned(),
        Some(n) => format!("{n} results"),
    };
    view! {
        {live(problem)}
        <div aria-busy=live(move || list.is_pending().to_string())>{live(rows)}</div>
        <p>{live(more)}</p>
        <p class="hidden-text" role="status">
            {live(count)}
        </p>
    }
    .into_any()
}
