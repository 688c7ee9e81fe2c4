//! The choice of the conversation list's order.

use crate::client::memo;
use crate::ui::parts::live;
use leptos::prelude::*;

/// From this many conversations on there is something to choose.
const OFFERED_FROM: usize = 10;

/// Unread conversations first, or all by name. Needs scripts.
#[component]
pub fn ListOrder(
    is_unread_first: Memo<bool>,
    /// Told whether unread conversations are to come first.
    on_choose: Callback<bool>,
    /// How many conversations there are.
    count: Memo<usize>,
) -> impl IntoView {
    let is_offered = memo(move || count.get() >= OFFERED_FROM || is_unread_first.get());
    let choice = move |unread_first: bool, label: &'static str| {
        let pressed = move || if is_unread_first.get() == unread_first { "true" } else { "false" };
        view! {
            <button class="chip" type="button" aria-pressed=live(pressed) on:click=move |_| on_choose.run(unread_first)>
                {label}
            </button>
        }
        .into_any()
    };
    let choices = move || {
        let choices = view! {
            <div class="list-order" role="group" aria-label="Order of conversations">
                {choice(true, "Unread first")}
                {choice(false, "A to Z")}
            </div>
        };
        is_offered.get().then(|| choices.into_any())
    };
    live(choices)
}
