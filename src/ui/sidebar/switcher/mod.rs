//! The switcher: to any conversation, room or person in a few keys. Without scripts it is a page of its own, `/find`.

mod dialog;
mod rank;

use crate::client::platform::page;
use crate::client::{Chat, effect};
use crate::model::ConversationId;
use crate::model::Route;
use crate::ui::parts::{Icon, IconOf, LazyView, Skeleton, lazy, lazy_view, live};
use dialog::SwitcherDialog;
use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_split::wasm_split;
use leptos::web_sys::Element;

/// What opens it, and the dialog. `shown`: the conversations of the list, in its order; `current`: the one that is open.
#[component]
pub fn Switcher(
    route: Memo<Route>,
    #[prop(into)] shown: Signal<Vec<ConversationId>>,
    current: Memo<Option<ConversationId>>,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // Its content is made anew each time that it is opened.
    let is_open = RwSignal::new(false);
    let open = move || {
        if let Some(dialog) = dialog.get_untracked() {
            is_open.set(true);
            // Refused only where it is open already.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.try_get_untracked().flatten() {
            dialog.close();
        }
    };
    // Wherever it has led.
    effect(move || {
        route.track();
        close();
    });
    effect(move || {
        let keys = window_event_listener(ev::keydown, move |event| {
            let key = event.key();
            if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && key.eq_ignore_ascii_case("k") {
                event.prevent_default();
                open();
            } else if event.alt_key() && !event.ctrl_key() && matches!(key.as_str(), "ArrowUp" | "ArrowDown") {
                event.prevent_default();
                let next = shown.with_untracked(|shown| beside(shown, current.get_untracked(), key == "ArrowDown"));
                if let Some(next) = next {
                    page::visit(&Route::Conversation(next).to_string());
                }
            }
        });
        on_cleanup(move || keys.remove());
    });
    let on_open = move |event: ev::MouseEvent| {
        // One that opens a page of its own is left to the browser.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            event.stop_propagation();
            open();
        }
    };
    // A press beside it.
    let on_press = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.matches("dialog").unwrap_or(false)) {
            close();
        }
    };
    let is_live = Chat::get().is_live();
    let close_it = Callback::new(move |()| close());
    // Its code is fetched ahead, so that it opens at once and also while the server cannot be reached.
    effect(move || {
        if is_live.get() {
            spawn_local(async {
                // A failure is shown when it is opened, with a way to try again.
                drop(preload_switcher().await);
            });
        }
    });
    let skeleton = || view! { <Skeleton rows=4 /> }.into_any();
    let content = move || is_open.get().then(|| lazy(move || switcher(close_it), skeleton));
    view! {
        <a class="find" href=Route::Find.to_string() on:click=on_open>
            <Icon of=IconOf::Search />
            "Find or go to…"
            <kbd hidden=live(move || !is_live.get())>"Ctrl K"</kbd>
        </a>
        <dialog class="switcher" node_ref=dialog aria-label="Find or go to" on:click=on_press on:close=move |_| is_open.set(false)>
            {live(content)}
        </dialog>
    }
    .into_any()
}

#[wasm_split(switcher, wasm_split_path = leptos::wasm_split, fallible, preload(preload_switcher))]
fn switcher(close: Callback<()>) -> LazyView {
    lazy_view(move || view! { <SwitcherDialog close=close /> }.into_any())
}

/// The conversation below or above the one that is open; from elsewhere the first or the last.
fn beside(shown: &[ConversationId], current: Option<ConversationId>, down: bool) -> Option<ConversationId> {
    let at = current.and_then(|current| shown.iter().position(|id| *id == current));
    let next = match (at, down) {
        (Some(at), true) => at + 1,
        (Some(at), false) => at.checked_sub(1)?,
        (None, true) => 0,
        (None, false) => shown.len().checked_sub(1)?,
    };
    shown.get(next).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_conversation_is_beside_the_open_one_and_there_is_none_beyond_the_ends() {
        let shown = [3, 1, 2].map(ConversationId);
        let from = |current: Option<i64>, down| beside(&shown, current.map(ConversationId), down).map(|id| id.0);
        assert_eq!(from(Some(3), true), Some(1));
        assert_eq!(from(Some(2), true), None);
        assert_eq!(from(Some(3), false), None);
        assert_eq!(from(None, true), Some(3));
        assert_eq!(from(None, false), Some(2));
        assert_eq!(beside(&[], None, false), None);
    }
}
