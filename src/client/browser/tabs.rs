//! Which tab of the browser sends what is in the outbox.
//!
//! Each operation names the tab that sends it. While anything waits, each tab notes every few seconds that it lives; the
//! operations of one that no longer does are adopted by another. (Web Locks would tell at once, but only in secure
//! contexts, and a tab that the browser has frozen keeps its locks.)

use super::{clock, storage};
use crate::client::Chat;
use crate::sync::{Event, TabId};
use leptos::prelude::*;
use std::time::Duration;

/// How often a tab notes that it lives while something waits.
const NOTED_EVERY: Duration = Duration::from_secs(3);
/// A tab that has not noted it for this long (milliseconds) is gone, or too slow to be waited for: browsers run the
/// timers of hidden tabs once a minute.
const GONE_AFTER: i64 = 10_000;

/// Watches over the outbox for as long as the page lives.
pub fn watch(chat: Chat) {
    let waiting = chat.waiting();
    Effect::new(move |_| {
        if waiting.get() == 0 {
            return;
        }
        check(chat);
        if let Ok(timer) = set_interval_with_handle(move || check(chat), NOTED_EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// Notes that this tab lives, and adopts what others have left.
fn check(chat: Chat) {
    let now = clock::now().wall;
    let Some((own, others)) = chat.tabs() else { return };
    storage::keep_tab(own, now);
    let gone = |tab: &TabId| storage::tab_seen(*tab).is_none_or(|seen| (now.0 - seen.0).abs() > GONE_AFTER);
    others.into_iter().filter(gone).for_each(|tab| chat.dispatch(Event::TabClosed(tab)));
}
