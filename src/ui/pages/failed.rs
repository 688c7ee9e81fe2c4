//! A page that could not be made.

use crate::client::platform::page;
use crate::model::{Code, Error};
use crate::ui::pages::NotFoundPage;
use crate::ui::parts::{Icon, IconOf};
use leptos::prelude::*;
use leptos_meta::Title;

/// What happened, and the way out.
#[component]
pub fn FailedPage(error: Error) -> impl IntoView {
    if error.code == Code::NotFound {
        return view! { <NotFoundPage /> }.into_any();
    }
    if error.code == Code::SignInRequired {
        page::sign_in();
    }
    page::answer_failed();
    view! {
        <Title text="Not available" />
        <main id="main" class="card-page" tabindex="-1">
            <div class="card notice">
                <span class="glyph">
                    <Icon of=IconOf::Bang />
                </span>
                <h1>"This page could not be loaded"</h1>
                <p class="quiet">{error.message}</p>
                // The page itself, loaded anew, with or without scripts.
                <a class="button" href="" rel="external">
                    "Try again"
                </a>
            </div>
        </main>
    }
    .into_any()
}
