//! The accounts of the installation, for its owner.

use super::{FailedPage, Sheet, SheetWaiting};
use crate::api::accounts::{DisableAccount, EnableAccount, list_accounts};
use crate::client::{Chat, platform::page};
use crate::model::{AccountEntry, Accounts, Code, Role, UserId, UserState};
use crate::ui::Route;
use crate::ui::parts::{Attempt, Avatar, FormProblem, live, page_data};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// What the page's address asks for.
#[derive(Clone)]
struct Asked {
    search: String,
    after: Option<UserId>,
}

/// A page of the list. Searching and leafing load it anew, so that each has its address.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let asked = use_query_map().with_untracked(|query| Asked {
        search: query.get_str("search").unwrap_or_default().to_owned(),
        after: query.get_str("after").and_then(|after| after.parse().ok()),
    });
    let first = asked.clone();
    let start = page_data(move || list_accounts(first.search.clone(), first.after));
    let page = Suspend::new(async move {
        match start.await {
            Ok(accounts) => view! { <List asked=asked accounts=accounts /> }.into_any(),
            Err(error) => view! { <FailedPage error=error /> }.into_any(),
        }
    });
    let waiting = || view! { <SheetWaiting title="Accounts" /> };
    view! { <Transition fallback=waiting>{page}</Transition> }.into_any()
}

#[component]
fn List(asked: Asked, accounts: Accounts) -> impl IntoView {
    let next = accounts.next.map(|next| leaf(&asked.search, "Next page", Some(next)));
    let back = asked.after.map(|_| leaf(&asked.search, "First page", None));
    let nobody = accounts.entries.is_empty();
    let search = asked.search.clone();
    let listed = RwSignal::new(accounts);
    let (disable, enable) = (Attempt::new(DisableAccount::PATH), Attempt::new(EnableAccount::PATH));
    let problem = Signal::derive(move || disable.refusal().or_else(|| enable.refusal()).map(|error| error.message));
    let again = Callback::new(move |()| read(asked.clone(), listed));
    let change = Callback::new(move |(state, event): (UserState, SubmitEvent)| match state {
        UserState::Active => enable.submit(&event, again),
        UserState::Disabled => disable.submit(&event, again),
    });
    let ids = Memo::new(move |_| {
        listed.with(|listed| listed.entries.iter().map(|entry| entry.me.person.id).collect::<Vec<_>>())
    });
    let row = move |id: UserId| row(listed, id, change);
    view! {
        <Sheet title="Accounts">
            <form class="search" role="search" method="get" action=Route::Accounts.to_string()>
                <input
                    type="search"
                    name="search"
                    dir="auto"
                    value=search
                    aria-label="Find an account"
                    placeholder="Beginning of a name"
                    autocomplete="off"
                    maxlength="100"
                />
                <button class="button plain" type="submit">
                    "Find"
                </button>
            </form>
            <FormProblem problem=problem />
            <div class="rows-box" hidden=nobody>
                <For each=move || ids.get() key=|id| *id let:id>
                    {row(id)}
                </For>
            </div>
            <p class="quiet" hidden=!nobody>
                "Nobody has a name that begins like this."
            </p>
            <p class="leaves">{back} {next}</p>
        </Sheet>
    }
    .into_any()
}

/// The way to another page of the list.
fn leaf(search: &str, label: &'static str, after: Option<UserId>) -> AnyView {
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    let href = format!("{}?search={}{after}", Route::Accounts, Url::escape(search));
    view! {
        <a class="button s plain" href=href rel="external">
            {label}
        </a>
    }
    .into_any()
}

/// Reads the list again; what is shown stays if that fails.
fn read(asked: Asked, listed: RwSignal<Accounts>) {
    spawn_local(async move {
        match list_accounts(asked.search, asked.after).await {
            Ok(accounts) => {
                listed.try_set(accounts);
            }
            Err(error) if error.code == Code::SignInRequired => page::sign_in(),
            Err(_) => {}
        }
    });
}

/// One account. Who it is stays; its state may change.
fn row(listed: RwSignal<Accounts>, id: UserId, change: Callback<(UserState, SubmitEvent)>) -> AnyView {
    let find = move |listed: &Accounts| listed.entries.iter().find(|entry| entry.me.person.id == id).cloned();
    let Some(AccountEntry { me, created_at, .. }) = listed.with_untracked(find) else { return ().into_any() };
    let state = Memo::new(move |_| listed.with(find).map_or(UserState::Active, |entry| entry.state));
    let chat = Chat::get();
    let (zone, own) = (chat.zone(), chat.my_id() == Some(id));
    let heading = format!("account-{id}");
    let (label, about) = (heading.clone(), heading.clone());
    let act = move || match state.get() {
        _ if own => ().into_any(),
        UserState::Active => disabling(id, about.clone(), change),
        UserState::Disabled => enabling(id, about.clone(), change),
    };
    let name = me.person.full_name();
    let role = match me.role {
        Role::Owner => Some("Owner"),
        Role::Member => None,
    };
    view! {
        <section class="row-item" aria-labelledby=label>
            <Avatar person=me.person.clone() />
            <div class="grow">
                <h2 id=heading dir="auto">
                    {name}
                </h2>
                <p dir="auto">{me.person.username} " · " {me.email}</p>
                <p>"Since " {live(move || zone.get().day_text(zone.get().day(created_at)))}</p>
            </div>
            {role.map(|role| view! { <span class="pill">{role}</span> })}
            <span class="pill off" hidden=move || state.get() == UserState::Active>
                "Disabled"
            </span>
            {live(act)}
        </section>
    }
    .into_any()
}

/// The way to disable an account: what it means comes first. A `<details>`, so that it opens without scripts.
fn disabling(id: UserId, heading: String, change: Callback<(UserState, SubmitEvent)>) -> AnyView {
    view! {
        <details class="confirm">
            <summary class="button s plain" aria-describedby=heading>
                <span class="ask">"Disable…"</span>
                <span class="keep">"Keep it"</span>
            </summary>
            <form
                action=DisableAccount::url()
                method="post"
                on:submit=move |event| change.run((UserState::Disabled, event))
            >
                <input type="hidden" name="user" value=id.to_string() />
                <p>"They are signed out everywhere at once, and cannot sign in until you enable the account again. What they wrote stays."</p>
                <button class="button s danger" type="submit">
                    "Disable the account"
                </button>
            </form>
        </details>
    }
    .into_any()
}

fn enabling(id: UserId, heading: String, change: Callback<(UserState, SubmitEvent)>) -> AnyView {
    view! {
        <form
            class="end"
            action=EnableAccount::url()
            method="post"
            on:submit=move |event| change.run((UserState::Active, event))
        >
            <input type="hidden" name="user" value=id.to_string() />
            <button class="button s plain" type="submit" aria-describedby=heading>
                "Enable"
            </button>
        </form>
    }
    .into_any()
}
