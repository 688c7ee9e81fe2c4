//! The engine's timer.

use super::clock;
use crate::client::Chat;
use crate::sync::Event;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;

/// The longest delay that a browser's timer supports (milliseconds); a longer one would fire at once.
const LONGEST: u64 = i32::MAX as u64;

thread_local! {
    static ALARM: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Sends a `Tick` when the monotonic clock reaches `at`, replacing an earlier timer.
pub fn wake(chat: Chat, at: u64) {
    // One millisecond more, since the clock is read in whole ones.
    let delay = (at.saturating_sub(clock::now().mono) + 1).min(LONGEST);
    let alarm = Timeout::new(delay as u32, move || chat.dispatch(Event::Tick));
    ALARM.with_borrow_mut(|held| *held = Some(alarm));
}
