//! Which tab of the browser sends the operations of the outbox.
//!
//! Each operation names the tab that sends it. While anything is waiting, each tab that is connected records every few
//! seconds that it is alive; the operations of a tab that does not are adopted by one that does. (Web Locks would report
//! a closed tab at once, but they exist only in secure contexts, and a tab that the browser has frozen keeps its locks.)

use super::{clock, storage};
use crate::client::Chat;
use crate::client::reactive::memo;
use crate::model::Millis;
use crate::sync::{ConnectionState, Event};
use leptos::prelude::*;
use std::time::Duration;

/// How often a tab records that it is alive while operations are waiting.
const REFRESH_INTERVAL: Duration = Duration::from_secs(3);
/// A tab that has not recorded it for this long (milliseconds) is closed, or too slow to wait for: browsers run the
/// timers of hidden tabs once a minute.
const GONE_AFTER: i64 = 10_000;

/// Watches the other tabs for as long as the page lives.
pub fn watch(chat: Chat) {
    let (connection, waiting) = (chat.connection_state(), chat.waiting());
    let can_send = memo(move || matches!(connection.get(), ConnectionState::Connected { .. }) && waiting.get() > 0);
    Effect::new(move |_| {
        if !can_send.get() {
            return;
        }
        // After a restart of the server all tabs come back: those that are alive have until the next check to say so.
        check(chat, |_, seen| seen.is_none());
        let stale = |now: Millis, seen: Option<Millis>| seen.is_none_or(|seen| (now.0 - seen.0).abs() > GONE_AFTER);
        if let Ok(timer) = set_interval_with_handle(move || check(chat, stale), REFRESH_INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// Whether this tab is connected, so that what it adopts is sent.
pub fn can_send(chat: Chat) -> bool {
    chat.connection_state().with_untracked(|state| matches!(state, ConnectionState::Connected { .. }))
}

/// Records that this tab is alive, and adopts the operations of the tabs that are gone, by when they were last seen.
fn check(chat: Chat, is_gone: impl Fn(Millis, Option<Millis>) -> bool) {
    let now = clock::now().wall;
    let Some((own, others)) = chat.tabs() else { return };
    storage::store_tab(own, now);
    let gone = others.into_iter().filter(|tab| is_gone(now, storage::tab_last_seen(*tab)));
    gone.for_each(|tab| chat.dispatch(Event::TabClosed(tab)));
}
