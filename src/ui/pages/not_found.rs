//! A page that does not exist, or is not for this reader to know of.

use crate::client::platform::page;
use crate::ui::parts::{Icon, IconOf};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says so, with the status that programs understand, and leads on.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    page::answer_not_found();
    view! {
        <Title text="Not found" />
        <main id="main" class="card-page" tabindex="-1">
            <div class="card notice">
                <span class="glyph">
                    <Icon of=IconOf::Bang />
                </span>
                <h1>"There is nothing here"</h1>
                <p class="quiet">"This page does not exist, or it is not open to you. The address may be mistyped, or what was here is gone."</p>
                <a class="button" href="/">
                    "Go to your conversations"
                </a>
            </div>
        </main>
    }
    .into_any()
}
