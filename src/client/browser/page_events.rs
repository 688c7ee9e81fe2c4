//! Signs of the device and of the reader's other pages.

use super::{clock, storage};
use crate::client::Chat;
use crate::sync::Event;
use leptos::ev;
use leptos::prelude::{
    RwSignal, Set, Signal, document, on_cleanup, window_event_listener, window_event_listener_untyped,
};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// Signs of a person count once in this time (milliseconds).
const SIGN_EVERY: u64 = 10_000;

/// Whether somebody looks at this window, as far as a page can tell: it is visible, and has the focus.
pub fn focus() -> Signal<bool> {
    let looked_at = || !document().hidden() && document().has_focus().unwrap_or(false);
    let focused = RwSignal::new(looked_at());
    let look = move || {
        focused.try_set(looked_at());
    };
    let handles = [
        window_event_listener(ev::focus, move |_| look()),
        window_event_listener(ev::blur, move |_| look()),
        window_event_listener_untyped("visibilitychange", move |_| look()),
    ];
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    focused.into()
}

/// Listens for as long as the page lives.
pub fn listen(chat: Chat) {
    let nudge = move || {
        chat.update_clock();
        chat.dispatch(Event::RetryNow);
    };
    // Signs of a person: not more often than the engine cares to hear.
    let next = Cell::new(0);
    let act = Rc::new(move || {
        let now = clock::now().mono;
        if now >= next.get() {
            next.set(now + SIGN_EVERY);
            chat.dispatch(Event::Active);
        }
    });
    for name in ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focus"] {
        let act = Rc::clone(&act);
        window_event_listener_untyped(name, move |_| act());
    }
    act();
    window_event_listener(ev::online, move |_| nudge());
    window_event_listener(ev::offline, move |_| chat.dispatch(Event::Offline));
    window_event_listener(ev::focus, move |_| nudge());
    // A page that is put aside closes its socket, so that the browser may keep it as it is.
    window_event_listener(ev::pagehide, move |_| {
        chat.dispatch(Event::Stopped);
        // Another tab sends what is left at once, instead of waiting for this one.
        if let Some((own, _)) = chat.tabs() {
            storage::remove_tab(own);
        }
    });
    window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            chat.refresh();
        }
    });
    // It bubbles from the document to the window.
    window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            nudge();
        }
    });
    window_event_listener(ev::storage, move |event| {
        let Some((me, key)) = chat.my_id().zip(event.key()) else { return };
        match storage::change(me, &key, event.new_value().as_deref()) {
            Some(storage::Change::Stored(operation)) => chat.dispatch(Event::OutboxLoaded(vec![operation])),
            Some(storage::Change::Removed(id)) => chat.dispatch(Event::OutboxRemoved(id)),
            Some(storage::Change::TabClosed(tab)) => chat.dispatch(Event::TabClosed(tab)),
            None => {}
        }
    });
    // The device may have lost its network before the page could hear of it.
    if let Some(navigator) = web_sys::window().map(|window| window.navigator())
        && !navigator.unchecked_ref::<web_sys::Navigator>().on_line()
    {
        chat.dispatch(Event::Offline);
    }
}
