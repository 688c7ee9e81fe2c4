//! The switcher: to any conversation, room or person in a few keys. Without scripts it is a page of its own.

use crate::api::pages::server_page;
use crate::client::platform::{page, server_html};
use crate::client::{Chat, effect};
use crate::model::{ConversationId, Route};
use crate::ui::parts::{Icon, IconOf, Rendered, live};
use leptos::ev::{self, KeyboardEvent};
use leptos::html::{Dialog, Div, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

/// What opens it, and the dialog. `shown`: the conversations of the list, in its order; `current`: the one that is open.
#[component]
pub fn Switcher(
    route: Memo<Route>,
    #[prop(into)] shown: Signal<Vec<ConversationId>>,
    current: Memo<Option<ConversationId>>,
) -> impl IntoView {
    let (dialog, input, results) = (NodeRef::<Dialog>::new(), NodeRef::<Input>::new(), NodeRef::<Div>::new());
    let (html, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    // Which question was asked last, which was answered last, and whether the first answer to the last one is wanted.
    let (asked, answered, taking) = (StoredValue::new(0u32), StoredValue::new(0u32), StoredValue::new(false));
    let ask = move |text: String| {
        let number = asked.get_value() + 1;
        asked.set_value(number);
        spawn_local(async move {
            let answer = server_page(Route::Find.to_string(), text, None).await;
            // What was typed since has its own answer.
            if asked.try_get_value() != Some(number) {
                return;
            }
            answered.try_set_value(number);
            problem.try_set(answer.as_ref().err().map(|error| error.message.clone()));
            if let Ok(found) = answer {
                html.try_set(found);
            }
            if taking.try_get_value() == Some(true) {
                taking.set_value(false);
                // Once it stands on the page.
                request_animation_frame(move || {
                    if let Some(root) = results.try_get_untracked().flatten() {
                        server_html::take_first(&root);
                    }
                });
            }
        });
    };
    let open = move || {
        if let Some((dialog, input)) = dialog.get_untracked().zip(input.get_untracked()) {
            input.set_value("");
            html.set(String::new());
            taking.set_value(false);
            // Refused only where it is open already.
            let _ = dialog.show_modal();
            ask(String::new());
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
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
    let walk = move |event: KeyboardEvent| {
        let Some(root) = results.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => {
                event.prevent_default();
                server_html::step(&root, true);
            }
            "ArrowUp" => {
                event.prevent_default();
                if server_html::step(&root, false).is_none()
                    && let Some(input) = input.get_untracked()
                {
                    // Refused only by a field that is gone.
                    let _ = input.focus();
                }
            }
            // Whoever goes on typing goes on looking.
            key if (key.chars().count() == 1 || key == "Backspace") && !event.ctrl_key() && !event.meta_key() => {
                if let Some(input) = input.get_untracked().filter(|_| key != " ") {
                    // Refused only by a field that is gone.
                    let _ = input.focus();
                }
            }
            _ => {}
        }
    };
    let take = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // Not the first of what was found for something else.
        if answered.get_value() != asked.get_value() {
            taking.set_value(true);
        } else if let Some(root) = results.get_untracked() {
            server_html::take_first(&root);
        }
    };
    // A press beside it, or on the conversation that is open already.
    let press = move |event: ev::MouseEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if target.matches("dialog").unwrap_or(false) || target.closest("a.option").ok().flatten().is_some() {
            close();
        }
    };
    let is_live = Chat::get().is_live();
    view! {
        <a class="find" href=Route::Find.to_string() on:click=on_open>
            <Icon of=IconOf::Search />
            "Find or go to…"
            <kbd hidden=live(move || !is_live.get())>"Ctrl K"</kbd>
        </a>
        <dialog class="switcher" node_ref=dialog aria-label="Find or go to" on:keydown=walk on:click=press>
            <form class="switch" on:submit=take>
                <Icon of=IconOf::Search />
                <input
                    node_ref=input
                    aria-label="Find or go to"
                    placeholder="A room or a person"
                    autocomplete="off"
                    maxlength="100"
                    dir="auto"
                    on:input=move |event| {
                        taking.set_value(false);
                        ask(event_target_value(&event));
                    }
                />
            </form>
            <p class="problem" role="alert">
                {live(move || problem.get())}
            </p>
            <Rendered html=html taken=Callback::new(move |_| close()) node=results />
            <p class="hints" aria-hidden="true">
                <span>
                    <kbd>"↑↓"</kbd>
                    "choose"
                </span>
                <span>
                    <kbd>"↵"</kbd>
                    "open"
                </span>
                <span>
                    <kbd>"esc"</kbd>
                    "close"
                </span>
            </p>
        </dialog>
    }
    .into_any()
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
    fn one_walks_through_the_list_and_stops_at_its_ends() {
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
