//! The signed-in user, how they are connected, and their menu.

use crate::api::accounts::SignOut;
use crate::client::{Chat, platform::page};
use crate::sync::Link;
use crate::ui::parts::{Avatar, Icon, IconOf};
use leptos::ev;
use leptos::form::ActionForm;
use leptos::html::Details;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Node;

/// Who one is here.
#[component]
pub fn Me() -> impl IntoView {
    let chat = Chat::get();
    let (me, link) = (chat.me(), chat.link());
    let word = move || link.with(state_word);
    let online = move || link.with(|link| matches!(link, Link::Connected { .. }));
    view! {
        <div class="me">
            <span class="face-spot">
                {move || me.get().map(|me| view! { <Avatar person=me.person /> })}
                <i class="dot" class:on=online></i>
            </span>
            <span class="who-am-i">
                <b dir="auto">{move || me.get().map(|me| me.person.full_name())}</b>
                <span class="state-word">{word}</span>
            </span>
            <Menu />
        </div>
    }
    .into_any()
}

/// What a connection's state is called beside one's name.
fn state_word(link: &Link) -> &'static str {
    match link {
        Link::Connected { .. } => "Online",
        Link::Idle | Link::Connecting { .. } => "Connecting…",
        Link::Waiting { .. } | Link::Offline { .. } | Link::Outdated => "Offline",
        Link::SignedOut => "Signed out",
    }
}

/// The menu. A `<details>`, so that it opens without scripts.
#[component]
fn Menu() -> impl IntoView {
    let menu = NodeRef::<Details>::new();
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            let summary = menu.get_untracked().and_then(|menu| menu.query_selector("summary").ok().flatten());
            if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<leptos::web_sys::HtmlElement>().ok()) {
                // Refused only by an element that is gone.
                let _ = summary.focus();
            }
        }
    };
    // A press elsewhere closes it.
    Effect::new(move |_| {
        let handle = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            if let Some(menu) = menu.try_get_untracked().flatten()
                && !menu.contains(target.as_ref())
            {
                menu.set_open(false);
            }
        });
        on_cleanup(move || handle.remove());
    });
    let sign_out = ServerAction::<SignOut>::new();
    let answer = sign_out.value();
    let problem = move || answer.with(|answer| Some(answer.as_ref()?.as_ref().err()?.message.clone()));
    view! {
        <details class="menu" node_ref=menu on:keydown=on_key>
            <summary class="tool" aria-label="Menu" title="Menu">
                <Icon of=IconOf::Gear />
            </summary>
            <div class="menu-body">
                <Theme />
                <a class="menu-item" href="/diagnostics" on:click=move |_| close()>
                    <Icon of=IconOf::Pulse />
                    "Diagnostics"
                </a>
                <ActionForm action=sign_out>
                    <button class="menu-item" type="submit">
                        <Icon of=IconOf::Exit />
                        "Sign out"
                    </button>
                </ActionForm>
                <p role="alert" class="alert" class:quiet-box=move || problem().is_none()>
                    {problem}
                </p>
            </div>
        </details>
    }
    .into_any()
}

/// Light, dark, or as the device has it. Needs scripts, so it appears with them.
#[component]
fn Theme() -> impl IntoView {
    let awake = Chat::get().awake();
    let chosen = RwSignal::new(None::<String>);
    Effect::new(move |_| chosen.set(page::theme()));
    let choice = move |value: Option<&'static str>, label: &'static str| {
        let choose = move |_: ev::Event| {
            page::choose_theme(value);
            chosen.set(value.map(str::to_owned));
        };
        view! {
            <label>
                <input
                    type="radio"
                    name="theme"
                    value=value.unwrap_or("system")
                    prop:checked=move || chosen.with(|chosen| chosen.as_deref() == value)
                    on:change=choose
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="theme" hidden=move || !awake.get()>
            <legend>"Theme"</legend>
            <div class="choices">
                {choice(None, "System")} {choice(Some("light"), "Light")} {choice(Some("dark"), "Dark")}
            </div>
        </fieldset>
    }
    .into_any()
}
