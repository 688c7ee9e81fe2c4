//! The banner above the composer: the state of the connection, when it is not as it should be.

use crate::client::platform::{clock, page};
use crate::client::{Chat, effect, memo};
use crate::sync::ConnectionState;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::prelude::*;
use std::time::Duration;

/// A shorter interruption than this (milliseconds) is not shown.
const SHOWN_AFTER: u64 = 2_000;
/// How often the countdown is updated.
const COUNTDOWN_INTERVAL: Duration = Duration::from_millis(250);
/// Shown beside it while messages wait that the browser refuses to store.
const UNSAVED: &str = "This browser does not keep unsent messages. Leave this page open until they are sent.";
/// This page's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The action that the banner offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BannerAction {
    None,
    TryNow,
    Reload,
}

/// The text of the banner, and the action that it offers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct BannerContent {
    /// The visible text, with a countdown.
    seen: String,
    /// The text for screen readers: it does not change every second.
    heard: String,
    action: BannerAction,
    /// Information, not a warning.
    quiet: bool,
}

/// What the banner shows in a state of the connection. Whole sentences, never glued from pieces.
fn content(link: &ConnectionState, waiting: usize, now: u64) -> Option<BannerContent> {
    let say = |seen: String, heard: String, action| Some(BannerContent { seen, heard, action, quiet: false });
    let same = |text: String, action| say(text.clone(), text, action);
    let is_short = |since: u64| now < since.saturating_add(SHOWN_AFTER);
    match link {
        ConnectionState::Idle | ConnectionState::SignedOut => None,
        ConnectionState::Connecting { since }
        | ConnectionState::Waiting { since, .. }
        | ConnectionState::Offline { since }
            if is_short(*since) =>
        {
            None
        }
        ConnectionState::Connecting { .. } => same(
            match waiting {
                0 => "Connecting…".into(),
                1 => "Connecting… One message waits to be sent.".into(),
                n => format!("Connecting… {n} messages wait to be sent."),
            },
            BannerAction::None,
        ),
        ConnectionState::Waiting { retry_at, .. } => {
            let seconds = retry_at.saturating_sub(now).div_ceil(1000).max(1);
            match waiting {
                0 => say(
                    format!("No connection. Trying again in {seconds} s."),
                    "No connection. Trying again soon.".into(),
                    BannerAction::TryNow,
                ),
                1 => say(
                    format!("No connection. Trying again in {seconds} s; one message waits to be sent."),
                    "No connection. One message waits to be sent.".into(),
                    BannerAction::TryNow,
                ),
                n => say(
                    format!("No connection. Trying again in {seconds} s; {n} messages wait to be sent."),
                    format!("No connection. {n} messages wait to be sent."),
                    BannerAction::TryNow,
                ),
            }
        }
        ConnectionState::Offline { .. } => same(
            match waiting {
                0 => "You are offline. What you write is kept and sent once you are back.".into(),
                1 => "You are offline. One message waits to be sent.".into(),
                n => format!("You are offline. {n} messages wait to be sent."),
            },
            BannerAction::TryNow,
        ),
        ConnectionState::Outdated => same(
            "A new version of Hubbub is here. Reload the page to go on; unsent messages are kept.".into(),
            BannerAction::Reload,
        ),
        ConnectionState::Connected { server, .. } if server != VERSION => {
            let text = "A newer version of Hubbub is here.".to_owned();
            Some(BannerContent { seen: text.clone(), heard: text, action: BannerAction::Reload, quiet: true })
        }
        ConnectionState::Connected { .. } => None,
    }
}

/// The banner above the composer.
#[component]
pub fn Banner() -> impl IntoView {
    let chat = Chat::get();
    let (link, waiting, unsaved) = (chat.connection_state(), chat.waiting(), chat.unsaved());
    let now = RwSignal::new(0);
    // The clock runs only while there is something to wait for.
    effect(move || {
        now.set(clock::now().mono);
        if link.with(|link| {
            matches!(
                link,
                ConnectionState::Connecting { .. } | ConnectionState::Waiting { .. } | ConnectionState::Offline { .. }
            )
        }) {
            let tick = move || {
                now.try_set(clock::now().mono);
            };
            if let Ok(tick) = set_interval_with_handle(tick, COUNTDOWN_INTERVAL) {
                on_cleanup(move || tick.clear());
            }
        }
    });
    let content = memo(move || link.with(|link| content(link, waiting.get(), now.get())));
    let warning = move || (unsaved.get() && waiting.get() > 0 && content.with(Option::is_some)).then_some(UNSAVED);
    let seen = move || content.with(|content| content.as_ref().map(|content| content.seen.clone()));
    let heard = memo(move || content.with(|content| content.as_ref().map(|content| content.heard.clone())));
    let action =
        memo(move || content.with(|content| content.as_ref().map_or(BannerAction::None, |content| content.action)));
    let button = move || {
        let (label, run): (_, fn(Chat)) = match action.get() {
            BannerAction::None => return None,
            BannerAction::TryNow => ("Try now", Chat::retry_now),
            BannerAction::Reload => ("Reload", |_| page::reload()),
        };
        let button = view! {
            <button class="button s plain" type="button" on:click=move |_| run(chat)>
                {label}
            </button>
        };
        Some(button.into_any())
    };
    view! {
        <div
            role="status"
            class="banner"
            class:empty-live-region=live(move || content.with(Option::is_none))
            class:calm=live(move || content.with(|content| content.as_ref().is_some_and(|content| content.quiet)))
        >
            <Icon of=IconOf::Clock />
            <span aria-hidden="true">{live(seen)}</span>
            <span class="hidden-text">{live(move || heard.get())}</span>
            <span>{live(warning)}</span>
            {live(button)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(link: &ConnectionState, waiting: usize, now: u64) -> Option<String> {
        content(link, waiting, now).map(|content| content.seen)
    }

    #[test]
    fn a_short_interruption_is_not_mentioned() {
        for link in [
            ConnectionState::Connecting { since: 5_000 },
            ConnectionState::Waiting { since: 5_000, retry_at: 9_000 },
            ConnectionState::Offline { since: 5_000 },
        ] {
            assert_eq!(content(&link, 1, 6_999), None);
            assert!(content(&link, 1, 7_000).is_some());
        }
    }

    #[test]
    fn a_lost_connection_counts_down_and_says_what_waits() {
        let link = ConnectionState::Waiting { since: 0, retry_at: 8_200 };
        assert_eq!(seen(&link, 0, 5_000).unwrap(), "No connection. Trying again in 4 s.");
        assert_eq!(seen(&link, 1, 5_000).unwrap(), "No connection. Trying again in 4 s; one message waits to be sent.");
        assert_eq!(seen(&link, 2, 5_000).unwrap(), "No connection. Trying again in 4 s; 2 messages wait to be sent.");
        assert_eq!(seen(&link, 0, 9_000).unwrap(), "No connection. Trying again in 1 s.");
    }

    #[test]
    fn what_is_heard_does_not_change_with_every_second() {
        let link = ConnectionState::Waiting { since: 0, retry_at: 9_000 };
        assert_eq!(content(&link, 1, 5_000).unwrap().heard, content(&link, 1, 7_000).unwrap().heard);
    }

    #[test]
    fn only_another_version_of_the_server_is_worth_a_word_while_connected() {
        let connected = |server: &str| ConnectionState::Connected { connection: 1, server: server.into() };
        assert_eq!(content(&connected(VERSION), 3, 99_000), None);
        assert_eq!(content(&connected("0.0.0-other"), 0, 0).unwrap().action, BannerAction::Reload);
    }
}
