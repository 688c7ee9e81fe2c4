//! The accounts of the installation, for its owner.

use super::parts::{page_links, search_form};
use crate::api::accounts::{AllowInviting, DisableAccount, EnableAccount, EndInviting};
use crate::client::{Zone, machine_text};
use crate::model::{AccountEntry, Accounts, Role, Route, UserId, UserState};
use crate::ui::parts::Avatar;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// A page of the list. Searches and further pages are loaded as pages of their own, so that each has an address.
pub fn accounts(search: &str, after: Option<&str>, accounts: Accounts) -> String {
    let Accounts { entries, by_invitation, next } = accounts;
    let list = if entries.is_empty() {
        view! { <p class="quiet">"Nobody has a name that begins like this."</p> }.into_any()
    } else {
        view! { <div class="rows-box">{entries.into_iter().map(|entry| row(entry, by_invitation)).collect_view()}</div> }.into_any()
    };
    view! {
        {search_form(Route::Accounts, "Find an account", "Beginning of a name", search)}
        {list}
        {page_links(Route::Accounts, search, after, next.map(|next| next.to_string()))}
    }
    .to_html()
}

/// One account. `by_invitation`: whether registration is by invitation, so that the right to invite matters.
fn row(AccountEntry { me, state, created_at }: AccountEntry, by_invitation: bool) -> AnyView {
    let heading = format!("account-{}", me.person.id);
    let name = me.person.full_name();
    let pills = [
        (me.role == Role::Owner, "pill", "Owner"),
        (by_invitation && me.may_invite, "pill", "May invite"),
        (state == UserState::Disabled, "pill off", "Disabled"),
    ];
    let pills = pills.into_iter().filter(|(shown, ..)| *shown);
    let pills = pills.map(|(_, class, label)| view! { <span class=class>{label}</span> }).collect_view();
    let act = match (me.role, state) {
        // The only owner, who cannot disable their own account.
        (Role::Owner, _) => ().into_any(),
        (Role::Member | Role::Unknown, UserState::Active) => {
            let inviting = by_invitation.then(|| inviting(me.person.id, me.may_invite, &heading));
            view! { <div class="acts">{inviting} {disabling(me.person.id, &heading)}</div> }.into_any()
        }
        (Role::Member | Role::Unknown, UserState::Disabled) => enabling(me.person.id, &heading),
    };
    let label = heading.clone();
    view! {
        <section class="row-item account" aria-labelledby=label>
            <Avatar person=me.person.clone() />
            <div class="grow">
                <h2>
                    <bdi id=heading>{name}</bdi>
                    {pills}
                </h2>
                <p>
                    <bdi>{me.person.username}</bdi>
                    " · "
                    <bdi>{me.email}</bdi>
                </p>
                <p>
                    "Since "
                    <time datetime=machine_text(created_at) title=Zone::Utc.exact_text(created_at)>
                        {Zone::Utc.day_text(Zone::Utc.day(created_at))}
                    </time>
                </p>
            </div>
            {act}
        </section>
    }
    .into_any()
}

/// The button that disables an account, behind a `<details>` that explains it first and needs no scripts.
fn disabling(id: UserId, heading: &str) -> AnyView {
    view! {
        <details class="confirm">
            <summary class="button s plain" aria-describedby=heading.to_owned()>
                <span class="ask">"Disable…"</span>
                <span class="keep">"Keep it"</span>
            </summary>
            <form action=DisableAccount::url() method="post" data-done="The account is disabled.">
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

fn enabling(id: UserId, heading: &str) -> AnyView {
    view! {
        <form class="end" action=EnableAccount::url() method="post" data-done="The account is enabled.">
            <input type="hidden" name="user" value=id.to_string() />
            <button class="button s plain" type="submit" aria-describedby=heading.to_owned()>
                "Enable"
            </button>
        </form>
    }
    .into_any()
}

/// The button that grants or revokes the right to invite.
fn inviting(id: UserId, may_invite: bool, heading: &str) -> AnyView {
    let (action, label, done) = if may_invite {
        (EndInviting::url(), "No more inviting", "They invite nobody any more, and their open links are revoked.")
    } else {
        (AllowInviting::url(), "Let invite", "They may invite others.")
    };
    view! {
        <form class="end" action=action method="post" data-done=done>
            <input type="hidden" name="user" value=id.to_string() />
            <button class="button s plain" type="submit" aria-describedby=heading.to_owned()>
                {label}
            </button>
        </form>
    }
    .into_any()
}
