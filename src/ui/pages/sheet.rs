//! A page beside the list that is read, not talked in.

use crate::ui::conversation::Back;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page with its head.
#[component]
pub fn Sheet(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title />
        <main class="main">
            <header class="head">
                <Back />
                <h1>{title}</h1>
            </header>
            <div class="sheet">
                <div>{children()}</div>
            </div>
        </main>
    }
    .into_any()
}
