//! Which tab of the browser sends the operations of the outbox.
//!
//! Each operation names the tab that sends it. While anything is waiting, each tab records every few seconds that it is
//! alive; the operations of a tab that is not are adopted by another. (Web Locks would report it at once, but they
//! exist only in secure contexts, and a tab that the browser has frozen keeps its locks.)

use super::{clock, storage};
use crate::client::Chat;
use crate::sync::{Event, TabId};
use leptos::prelude::*;
use std::time::Duration;

/// How often a tab records that it is alive while operations are waiting.
const REFRESH_INTERVAL: Duration = Duration::from_secs(3);
/// A tab that has not recorded it for this long (milliseconds) is closed, or too slow to wait for: browsers run the
/// timers of hidden tabs once a minute.
const GONE_AFTER: i64 = 10_000;

/// Watches the other tabs for as long as the page lives.
pub fn watch(chat: Chat) {
    let waiting = chat.waiting();
    Effect::new(move |_| {
        if waiting.get() == 0 {
            return;
        }
        check(chat);
        if let Ok(timer) = set_interval_with_handle(move || check(chat), REFRESH_INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// Records that this tab is alive, and adopts the operations of tabs that are not.
fn check(chat: Chat) {
    let now = clock::now().wall;
    let Some((own, others)) = chat.tabs() else { return };
    storage::store_tab(own, now);
    let gone = |tab: &TabId| storage::tab_last_seen(*tab).is_none_or(|seen| (now.0 - seen.0).abs() > GONE_AFTER);
    others.into_iter().filter(gone).for_each(|tab| chat.dispatch(Event::TabClosed(tab)));
}
