//! The state of the connection between this page and the server. Few people ever open it, so its code is loaded lazily.

use super::PageLayout;
use crate::client::{Chat, effect, memo};
use crate::model::ServerStatus;
use crate::sync::{ConnectionState, Diagnostics};
use crate::ui::conversation::Banner;
use crate::ui::parts::{LazyView, Skeleton, lazy, lazy_view, live};
use crate::wire::ECHO_MAX;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

/// This page's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The page's frame, with its content once that is loaded.
#[component]
pub fn DiagnosticsPage() -> impl IntoView {
    view! { <PageLayout title="Diagnostics">{lazy(diagnostics, || view! { <Skeleton rows=5 /> }.into_any())}</PageLayout> }
}

#[wasm_split(diagnostics, wasm_split_path = leptos::wasm_split, fallible)]
fn diagnostics() -> LazyView {
    lazy_view(|| view! { <Diagnosis /> }.into_any())
}

/// Connection, round trip, echo, server, page: each with its current state.
#[component]
fn Diagnosis() -> impl IntoView {
    let chat = Chat::get();
    let (link, diagnostics, is_live) = (chat.connection_state(), chat.diagnostics(), chat.is_live());
    let connected = memo(move || link.with(|link| matches!(link, ConnectionState::Connected { .. })));
    // Measured again on every connection: the numbers of the previous one no longer apply.
    effect(move || {
        if connected.get() {
            chat.ping();
            chat.status();
        }
    });
    let round_trip = move || {
        diagnostics.with(|diagnostics| diagnostics.round_trip.map_or_else(|| "Not measured yet.".into(), milliseconds))
    };
    let server = move || {
        diagnostics.with(|diagnostics| diagnostics.status.as_ref().map_or_else(|| "Not known yet.".into(), server_text))
    };
    let problem = move || {
        diagnostics.with(|diagnostics: &Diagnostics| diagnostics.error.as_ref().map(|error| error.message.clone()))
    };
    let measure = Action { label: "Measure", run: Chat::ping };
    let refresh = Action { label: "Refresh", run: Chat::status };
    let rows = view! {
        <Item id="connection" title="Connection" text=Signal::derive(move || link.with(link_text)) />
        <Item id="round-trip" title="Round trip" text=Signal::derive(round_trip) action=measure />
        <Item id="echo" title="Echo" text=Signal::derive(move || diagnostics.with(echo_text))>
            <EchoForm connected=connected />
        </Item>
        <Item id="server" title="Server" text=Signal::derive(server) action=refresh />
        <Item id="page" title="This page" text=Signal::derive(move || page_text(is_live.get())) />
    }
    .into_any();
    view! {
        <p class="quiet">"The state of the connection to the server, for when something seems slow or broken."</p>
        <Banner />
        <p role="alert" class="alert" class:empty-live-region=live(move || problem().is_none())>
            {live(problem)}
        </p>
        <div class="rows-box">{rows}</div>
    }
    .into_any()
}

/// A row's button, enabled while connected.
#[derive(Clone, Copy)]
struct Action {
    label: &'static str,
    run: fn(Chat),
}

/// One row: a heading, its current value, and optionally a button or a form.
#[component]
fn Item(
    id: &'static str,
    title: &'static str,
    text: Signal<String>,
    #[prop(optional)] action: Option<Action>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let chat = Chat::get();
    let link = chat.connection_state();
    let connected = move || link.with(|link| matches!(link, ConnectionState::Connected { .. }));
    let heading = format!("{id}-heading");
    let heading_id = heading.clone();
    let button = action.map(|action| {
        view! {
            <button class="button s plain end" type="button" disabled=move || !connected() on:click=move |_| (action.run)(chat)>
                {action.label}
            </button>
        }
        .into_any()
    });
    let form = children.map(|children| children().into_any());
    view! {
        <section class="row-item" aria-labelledby=heading>
            <div class="grow">
                <h2 id=heading_id>{title}</h2>
                {form}
                <p id=id dir="auto">
                    {live(move || text.get())}
                </p>
            </div>
            {button}
        </section>
    }
    .into_any()
}

/// Sends a text to the server, which returns it.
#[component]
fn EchoForm(connected: Memo<bool>) -> impl IntoView {
    let chat = Chat::get();
    let field = NodeRef::<Input>::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let text = field.get_untracked().map(|input| input.value()).unwrap_or_default();
        if !text.is_empty() && connected.get_untracked() {
            chat.echo(text);
        }
    };
    view! {
        <form class="echo" on:submit=send>
            <input
                type="text"
                dir="auto"
                aria-label="Echo text"
                placeholder="Any text"
                maxlength=ECHO_MAX.to_string()
                autocomplete="off"
                node_ref=field
            />
            <button class="button s plain" type="submit" disabled=live(move || !connected.get())>
                "Send echo"
            </button>
        </form>
    }
    .into_any()
}

fn milliseconds(number: u64) -> String {
    format!("{number} ms")
}

fn link_text(link: &ConnectionState) -> String {
    match link {
        ConnectionState::Idle => "Not connected".into(),
        ConnectionState::Connecting { .. } => "Connecting…".into(),
        ConnectionState::Connected { connection, .. } => format!("Connected, as connection {connection}"),
        ConnectionState::Waiting { .. } => "Lost; trying again soon".into(),
        ConnectionState::Offline { .. } => "This device is offline".into(),
        ConnectionState::SignedOut => "Signed out".into(),
        ConnectionState::Outdated => "The server speaks a newer protocol; reload the page".into(),
    }
}

fn echo_text(diagnostics: &Diagnostics) -> String {
    match &diagnostics.echo {
        None => "Nothing has come back yet.".into(),
        Some((text, took)) => format!("“{text}” came back in {took} ms."),
    }
}

fn page_text(is_live: bool) -> String {
    if is_live { format!("Version {VERSION}, live") } else { format!("Version {VERSION}, as the server rendered it") }
}

fn server_text(status: &ServerStatus) -> String {
    let (version, uptime) = (&status.version, uptime_text(status.uptime));
    match status.connections {
        1 => format!("Version {version}, running for {uptime}, 1 client connected"),
        n => format!("Version {version}, running for {uptime}, {n} clients connected"),
    }
}

/// A duration in milliseconds, in its two largest units.
fn uptime_text(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, hours, _) => format!("{days} days {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_is_shown_in_its_two_largest_units() {
        assert_eq!(uptime_text(900), "0 s");
        assert_eq!(uptime_text(61_000), "1 min 1 s");
        assert_eq!(uptime_text(3_600_000), "1 h 0 min");
        assert_eq!(uptime_text(90_000_000), "1 day 1 h");
        assert_eq!(uptime_text(200_000_000), "2 days 7 h");
    }

    #[test]
    fn the_number_of_clients_is_singular_or_plural() {
        let status =
            |connections| ServerStatus { version: "1".into(), uptime: 0, connections, now: crate::model::Millis(0) };
        assert!(server_text(&status(1)).ends_with("1 client connected"));
        assert!(server_text(&status(2)).ends_with("2 clients connected"));
    }
}
