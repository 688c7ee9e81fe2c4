//! Events of the device, of the page, and of the reader's other tabs.

use super::storage::StorageChange;
use super::{clock, storage, tabs};
use crate::client::Chat;
use crate::sync::Event;
use leptos::ev;
use leptos::prelude::{
    RwSignal, Set, Signal, document, on_cleanup, set_interval_with_handle, window_event_listener,
    window_event_listener_untyped,
};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;

/// User activity is reported at most once in this time (milliseconds).
const ACTIVITY_INTERVAL: u64 = 10_000;

/// Whether the user is looking at this window, as far as a page can know: it is visible and has the focus.
pub fn focus() -> Signal<bool> {
    let is_focused = || !document().hidden() && document().has_focus().unwrap_or(false);
    let focused = RwSignal::new(is_focused());
    let update = move || {
        focused.try_set(is_focused());
    };
    let handles = [
        window_event_listener(ev::focus, move |_| update()),
        window_event_listener(ev::blur, move |_| update()),
        window_event_listener_untyped("visibilitychange", move |_| update()),
    ];
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    focused.into()
}

/// How often the current day is checked.
const CLOCK_INTERVAL: Duration = Duration::from_secs(20);

/// Registers the listeners; they live as long as the page.
pub fn start(chat: Chat) {
    fit_above_keyboard();
    let retry = move || {
        chat.update_clock();
        chat.dispatch(Event::RetryNow);
    };
    // Reports activity, no more often than the engine needs it.
    let next = Cell::new(0);
    let active = Rc::new(move || {
        let now = clock::now().mono;
        if now >= next.get() {
            next.set(now + ACTIVITY_INTERVAL);
            chat.dispatch(Event::Active);
        }
    });
    for name in ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focus"] {
        let active = Rc::clone(&active);
        window_event_listener_untyped(name, move |_| active());
    }
    active();
    // "Today" ends while the page is open. Without a timer, only what the timeline says of older days is late.
    let _ = set_interval_with_handle(move || chat.update_clock(), CLOCK_INTERVAL);
    window_event_listener(ev::online, move |_| retry());
    window_event_listener(ev::offline, move |_| chat.dispatch(Event::Offline));
    window_event_listener(ev::focus, move |_| retry());
    // A hidden page closes its socket, so that the browser may keep it in the back-forward cache.
    window_event_listener(ev::pagehide, move |_| {
        chat.dispatch(Event::Stopped);
        // Another tab adopts the operations at once, instead of waiting for this one to time out.
        if let Some((own, _)) = chat.tabs() {
            storage::remove_tab(own);
        }
    });
    window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            chat.resume();
        }
    });
    // The event bubbles from the document to the window.
    window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            retry();
        }
    });
    window_event_listener(ev::storage, move |event| {
        let Some((me, key)) = chat.my_id().zip(event.key()) else { return };
        match storage::parse_change(me, &key, event.new_value().as_deref()) {
            Some(StorageChange::Stored(operation)) => chat.dispatch(Event::OutboxLoaded(vec![operation])),
            Some(StorageChange::Removed(id)) => chat.dispatch(Event::OutboxRemoved(id)),
            // One that cannot send leaves the operations to others.
            Some(StorageChange::TabClosed(tab)) if tabs::can_send(chat) => chat.dispatch(Event::TabClosed(tab)),
            Some(StorageChange::TabClosed(_)) => {}
            Some(StorageChange::Draft(id, has_draft)) => chat.note_draft(id, has_draft),
            None => {}
        }
    });
    // The device may have lost its network before the listeners were registered.
    if let Some(navigator) = web_sys::window().map(|window| window.navigator())
        && !navigator.unchecked_ref::<web_sys::Navigator>().on_line()
    {
        chat.dispatch(Event::Offline);
    }
}

/// Makes the page as high as what is visible of it, while the keyboard of a phone lies over it. (Where the keyboard makes
/// the page itself smaller, as `interactive-widget` in the document's head asks for, there is nothing to do: Safari does
/// not know it.)
fn fit_above_keyboard() {
    let Some(visible) = web_sys::window().and_then(|window| window.visual_viewport()) else { return };
    let viewport = visible.clone();
    let fit = move || {
        let Some(root) = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        // Whoever zooms in sees less of the page as well.
        let is_covered = visible.scale() == 1.0 && f64::from(root.client_height()) - visible.height() >= 1.0;
        // Refused only for a page that is gone.
        let _ = match is_covered {
            true => root.style().set_property("--visible-height", &format!("{}px", visible.height())),
            false => root.style().remove_property("--visible-height").map(drop),
        };
        if is_covered && let Some(window) = web_sys::window() {
            // The browser has moved the page to show the field: it is in view now.
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    };
    let fit = Closure::<dyn Fn()>::new(fit);
    for event in ["resize", "scroll"] {
        let _ = viewport.add_event_listener_with_callback(event, fit.as_ref().unchecked_ref());
    }
    fit.forget();
}
