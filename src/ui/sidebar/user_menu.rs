//! The signed-in user, how they are connected, and their menu.

use crate::api::accounts::SignOut;
use crate::client::{Chat, platform::page};
use crate::client::{effect, memo};
use crate::model::{Role, Route};
use crate::sync::ConnectionState;
use crate::ui::parts::{Avatar, FormSubmission, Icon, IconOf, live};
use leptos::ev;
use leptos::html::{Details, Dialog, Form};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Node;

/// The signed-in user's name, connection and menu.
#[component]
pub fn UserMenu() -> impl IntoView {
    let chat = Chat::get();
    let (me, link) = (chat.me(), chat.connection_state());
    let avatar = move || me.get().map(|me| view! { <Avatar person=me.person /> }.into_any());
    let word = move || link.with(state_word).to_owned();
    let online = move || link.with(|link| matches!(link, ConnectionState::Connected { .. }));
    view! {
        <div class="user-menu">
            <span class="avatar-with-presence">
                {live(avatar)}
                <i class="dot" class:on=online></i>
            </span>
            <span class="user-name">
                <b dir="auto">{live(move || me.get().map(|me| me.person.full_name()))}</b>
                <span class="state-word">{live(word)}</span>
            </span>
            <Menu />
        </div>
    }
    .into_any()
}

/// What a connection's state is called beside one's name.
fn state_word(link: &ConnectionState) -> &'static str {
    match link {
        ConnectionState::Connected { .. } => "Online",
        ConnectionState::Idle | ConnectionState::Connecting { .. } => "Connecting…",
        ConnectionState::Waiting { .. } | ConnectionState::Offline { .. } | ConnectionState::Outdated => "Offline",
        ConnectionState::SignedOut => "Signed out",
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
    effect(move || {
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
    let chat = Chat::get();
    let submission = FormSubmission::new(SignOut::PATH);
    let problem = move || submission.error().map(|error| error.message);
    effect(move || {
        if submission.error().is_some() {
            chat.resume();
        }
    });
    // How many messages would be discarded, while that is asked; whether it was agreed to.
    let (asked, agreed) = (RwSignal::new(None::<usize>), StoredValue::new(false));
    let form = NodeRef::<Form>::new();
    let leave = move |event: ev::SubmitEvent| {
        let unsent = chat.unsent();
        if unsent > 0 && !agreed.get_value() {
            event.prevent_default();
            asked.set(Some(unsent));
            return;
        }
        agreed.set_value(false);
        // Closed from here, so that the end of the session is no surprise to the connection.
        chat.disconnect();
        submission.submit(&event, Some(Callback::new(move |_| chat.clear_local_data())));
    };
    let discard = move || {
        agreed.set_value(true);
        if let Some(form) = form.get_untracked() {
            // An error means that the form cannot be submitted: it has no fields that could be invalid.
            let _ = form.request_submit();
        }
    };
    let me = chat.me();
    let owner = memo(move || me.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Owner)));
    let invites = memo(move || me.with(|me| me.as_ref().is_some_and(|me| me.may_invite)));
    let menu_link = move |page: Route, icon: IconOf, label: &'static str| {
        view! {
            <a class="menu-item" href=page.to_string() on:click=move |_| close()>
                <Icon of=icon />
                {label}
            </a>
        }
        .into_any()
    };
    view! {
        <details class="menu" node_ref=menu on:keydown=on_key>
            <summary class="icon-button" aria-label="Menu" title="Menu">
                <Icon of=IconOf::Gear />
            </summary>
            <div class="menu-body">
                <Theme />
                {menu_link(Route::Devices, IconOf::Screen, "Devices")}
                {menu_link(Route::Password, IconOf::Key, "Change password")}
                {live(move || invites.get().then(|| menu_link(Route::Invitations, IconOf::Letter, "Invitations")))}
                {live(move || owner.get().then(|| menu_link(Route::Accounts, IconOf::People, "Accounts")))}
                {live(move || owner.get().then(|| menu_link(Route::Workspace, IconOf::Server, "Workspace")))}
                {menu_link(Route::Diagnostics, IconOf::Heartbeat, "Diagnostics")}
                <form action=SignOut::url() method="post" node_ref=form on:submit=leave>
                    <button class="menu-item" type="submit">
                        <Icon of=IconOf::Exit />
                        "Sign out"
                    </button>
                </form>
                <p role="alert" class="alert" class:empty-live-region=live(move || problem().is_none())>
                    {live(problem)}
                </p>
            </div>
        </details>
        <UnsentDialog asked=asked on_discard=Callback::new(move |()| discard()) />
    }
    .into_any()
}

/// Asks before messages are discarded that were not sent. `asked`: how many, while it is open.
#[component]
fn UnsentDialog(asked: RwSignal<Option<usize>>, on_discard: Callback<()>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        match asked.with(Option::is_some) {
            // An error means that it is open already.
            true => drop(dialog.show_modal()),
            false => dialog.close(),
        }
    });
    let text = move || match asked.get() {
        Some(1) => "One message has not been sent. Signing out discards it, and the drafts in this browser.".to_owned(),
        Some(n) => {
            format!("{n} messages have not been sent. Signing out discards them, and the drafts in this browser.")
        }
        None => String::new(),
    };
    let discard = move |_| {
        asked.set(None);
        on_discard.run(());
    };
    view! {
        <dialog class="confirm-dialog" node_ref=dialog aria-labelledby="unsent-title" aria-describedby="unsent-text" on:close=move |_| asked.set(None)>
            <h2 id="unsent-title">"Sign out with unsent messages?"</h2>
            <p id="unsent-text">{live(text)}</p>
            <div class="row">
                <button class="button s plain" type="button" autofocus on:click=move |_| asked.set(None)>
                    "Stay signed in"
                </button>
                <button class="button s danger" type="button" on:click=discard>
                    "Sign out and discard"
                </button>
            </div>
        </dialog>
    }
    .into_any()
}

/// Light, dark, or as the device has it. Needs scripts, so it appears with them.
#[component]
fn Theme() -> impl IntoView {
    let is_live = Chat::get().is_live();
    let chosen = RwSignal::new(None::<String>);
    effect(move || chosen.set(page::theme()));
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
                    prop:checked=live(move || chosen.with(|chosen| chosen.as_deref() == value))
                    on:change=choose
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="theme" hidden=live(move || !is_live.get())>
            <legend>"Theme"</legend>
            <div class="choices">
                {choice(None, "System")} {choice(Some("light"), "Light")} {choice(Some("dark"), "Dark")}
            </div>
        </fieldset>
    }
    .into_any()
}
