//! A page beside the list that is read, not talked in.

use super::conversation::counted;
use crate::client::Chat;
use crate::model::Route;
use crate::ui::conversation::Back;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page with its head.
#[component]
pub fn PageLayout(
    #[prop(into)] title: Signal<String>,
    /// What leads back, where the page belongs to another one; else the list does, where it is a page of its own.
    #[prop(optional_no_strip)]
    back: Option<Route>,
    children: Children,
) -> impl IntoView {
    let back = match back {
        Some(route) => view! {
            <a class="icon-button" href=route.to_string() aria-label="Back">
                <Icon of=IconOf::Back />
            </a>
        }
        .into_any(),
        None => view! { <Back /> }.into_any(),
    };
    // The title outlives the page that set it by a moment.
    let text = move || title.try_get().unwrap_or_default();
    let unread = Chat::get().unread();
    let counted = move || counted(unread.try_get().unwrap_or_default(), text());
    view! {
        <Title text=counted />
        <main id="main" class="main" tabindex="-1">
            <header class="head">
                {back} <h1 dir="auto">{live(text)}</h1>
            </header>
            <div class="sheet">
                <div>{children()}</div>
            </div>
        </main>
    }
    .into_any()
}
