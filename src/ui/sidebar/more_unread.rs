//! How many conversations with unread messages are scrolled out of the list's view, and the way to them.

use crate::client::effect;
use crate::client::platform::list_scroll::{ListWatch, go_to_unread, unread_out_of_view};
use crate::ui::parts::{Icon, IconOf, live};
use leptos::html::Div;
use leptos::prelude::*;

/// The list between its two buttons.
#[component]
pub fn MoreUnread(
    list: NodeRef<Div>,
    /// Notifies when conversations are moved, or become read or unread.
    arrangement: Signal<()>,
    children: Children,
) -> impl IntoView {
    // Above and below.
    let counts = RwSignal::new((0, 0));
    let update = move || {
        let Some(list) = list.try_get_untracked().flatten() else { return };
        let now = unread_out_of_view(&list);
        if counts.try_get_untracked().is_some_and(|before| before != now) {
            counts.try_set(now);
        }
    };
    effect(move || {
        if let Some(list) = list.get() {
            // Kept until the view ends.
            StoredValue::new_local(ListWatch::new(&list, update));
        }
    });
    effect(move || {
        arrangement.track();
        // After the list shows it.
        request_animation_frame(update);
    });
    let button = move |below: bool, icon: IconOf| {
        let (class, place) = if below { ("more-unread below", " below") } else { ("more-unread above", " above") };
        live(move || {
            let count = counts.with(|(above, under)| if below { *under } else { *above });
            let go = move |_| {
                if let Some(list) = list.get_untracked() {
                    go_to_unread(&list, below);
                }
            };
            let button = view! {
                <button class=class type="button" on:click=go>
                    <Icon of=icon />
                    {format!("{count} more unread")}
                    <span class="hidden-text">{place}</span>
                </button>
            };
            (count > 0).then(|| button.into_any())
        })
    };
    view! {
        <div class="list-area">
            {button(false, IconOf::Up)}
            {children()}
            {button(true, IconOf::Down)}
        </div>
    }
    .into_any()
}
