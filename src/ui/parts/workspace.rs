//! What a workspace is known by.

use super::{Icon, IconOf, live};
use crate::client::Chat;
use leptos::prelude::*;

/// The workspace's mark and name, at the top of a card.
#[component]
pub fn WorkspaceMark() -> impl IntoView {
    view! { <div class="workspace">{mark_and_name()}</div> }.into_any()
}

/// The same for a place of its own.
pub fn mark_and_name() -> AnyView {
    let name = Chat::get().workspace();
    view! {
        <span class="mark">
            <Icon of=IconOf::Mark />
        </span>
        <span class="workspace-name" dir="auto">
            {live(move || name.get())}
        </span>
    }
    .into_any()
}
