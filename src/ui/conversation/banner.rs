//! What is to be known of the connection, when it is not as it should be.

use crate::client::platform::{clock, page};
use crate::client::{Chat, effect, memo};
use crate::sync::ConnectionState;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::prelude::*;
use std::time::Duration;

/// A shorter interruption than this (milliseconds) is nobody's business.
const PATIENCE: u64 = 2_000;
/// How often the banner looks at the clock while it counts down.
const BEAT: Duration = Duration::from_millis(250);
/// Shown beside it while messages wait that the browser refuses to store.
const UNSAVED: &str = "This browser does not keep unsent messages. Leave this page open until they are sent.";
/// This page's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the banner offers to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    Nothing,
    TryNow,
    Reload,
}

/// What the banner says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    /// As it is seen, with its countdown.
    seen: String,
    /// As it is heard: once, not every second.
    heard: String,
    offer: Offer,
    /// Not a trouble, just to be known.
    quiet: bool,
}

/// The notice that a state of the connection calls for. Whole sentences, never glued from pieces.
fn notice(link: &ConnectionState, waiting: usize, now: u64) -> Option<Notice> {
    let say = |seen: String, heard: String, offer| Some(Notice { seen, heard, offer, quiet: false });
    let same = |text: String, offer| say(text.clone(), text, offer);
    let patient = |since: u64| now < since.saturating_add(PATIENCE);
    match link {
        ConnectionState::Idle | ConnectionState::SignedOut => None,
        ConnectionState::Connecting { since }
        | ConnectionState::Waiting { since, .. }
        | ConnectionState::Offline { since }
            if patient(*since) =>
        {
            None
        }
        ConnectionState::Connecting { .. } => same(
            match waiting {
                0 => "Connecting…".into(),
                1 => "Connecting… One message waits to be sent.".into(),
                n => format!("Connecting… {n} messages wait to be sent."),
            },
            Offer::Nothing,
        ),
        ConnectionState::Waiting { retry_at, .. } => {
            let seconds = retry_at.saturating_sub(now).div_ceil(1000).max(1);
            match waiting {
                0 => say(
                    format!("No connection. Trying again in {seconds} s."),
                    "No connection. Trying again soon.".into(),
                    Offer::TryNow,
                ),
                1 => say(
                    format!("No connection. Trying again in {seconds} s; one message waits to be sent."),
                    "No connection. One message waits to be sent.".into(),
                    Offer::TryNow,
                ),
                n => say(
                    format!("No connection. Trying again in {seconds} s; {n} messages wait to be sent."),
                    format!("No connection. {n} messages wait to be sent."),
                    Offer::TryNow,
                ),
            }
        }
        ConnectionState::Offline { .. } => same(
            match waiting {
                0 => "You are offline. What you write is kept and sent once you are back.".into(),
                1 => "You are offline. One message waits to be sent.".into(),
                n => format!("You are offline. {n} messages wait to be sent."),
            },
            Offer::TryNow,
        ),
        ConnectionState::Outdated => same(
            "A new version of Hubbub is here. Reload the page to go on; unsent messages are kept.".into(),
            Offer::Reload,
        ),
        ConnectionState::Connected { server, .. } if server != VERSION => {
            let text = "A newer version of Hubbub is here.".to_owned();
            Some(Notice { seen: text.clone(), heard: text, offer: Offer::Reload, quiet: true })
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
    // The clock is looked at only while there is something to wait for.
    effect(move || {
        now.set(clock::now().mono);
        if link.with(|link| {
            matches!(
                link,
                ConnectionState::Connecting { .. } | ConnectionState::Waiting { .. } | ConnectionState::Offline { .. }
            )
        }) {
            let beat = move || {
                now.try_set(clock::now().mono);
            };
            if let Ok(beat) = set_interval_with_handle(beat, BEAT) {
                on_cleanup(move || beat.clear());
            }
        }
    });
    let notice = memo(move || link.with(|link| notice(link, waiting.get(), now.get())));
    let warning = move || (unsaved.get() && waiting.get() > 0 && notice.with(Option::is_some)).then_some(UNSAVED);
    let seen = move || notice.with(|notice| notice.as_ref().map(|notice| notice.seen.clone()));
    let heard = memo(move || notice.with(|notice| notice.as_ref().map(|notice| notice.heard.clone())));
    let offer = memo(move || notice.with(|notice| notice.as_ref().map_or(Offer::Nothing, |notice| notice.offer)));
    let button = move || {
        let (label, act): (_, fn(Chat)) = match offer.get() {
            Offer::Nothing => return None,
            Offer::TryNow => ("Try now", Chat::retry_now),
            Offer::Reload => ("Reload", |_| page::reload()),
        };
        let button = view! {
            <button class="button s plain" type="button" on:click=move |_| act(chat)>
                {label}
            </button>
        };
        Some(button.into_any())
    };
    view! {
        <div
            role="status"
            class="banner"
            class:quiet-box=live(move || notice.with(Option::is_none))
            class:calm=live(move || notice.with(|notice| notice.as_ref().is_some_and(|notice| notice.quiet)))
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
        notice(link, waiting, now).map(|notice| notice.seen)
    }

    #[test]
    fn a_short_interruption_is_not_mentioned() {
        for link in [
            ConnectionState::Connecting { since: 5_000 },
            ConnectionState::Waiting { since: 5_000, retry_at: 9_000 },
            ConnectionState::Offline { since: 5_000 },
        ] {
            assert_eq!(notice(&link, 1, 6_999), None);
            assert!(notice(&link, 1, 7_000).is_some());
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
        assert_eq!(notice(&link, 1, 5_000).unwrap().heard, notice(&link, 1, 7_000).unwrap().heard);
    }

    #[test]
    fn only_another_version_of_the_server_is_worth_a_word_while_connected() {
        let connected = |server: &str| ConnectionState::Connected { connection: 1, server: server.into() };
        assert_eq!(notice(&connected(VERSION), 3, 99_000), None);
        assert_eq!(notice(&connected("0.0.0-other"), 0, 0).unwrap().offer, Offer::Reload);
    }
}
