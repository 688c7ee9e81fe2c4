//! The links by which others register: creating, listing and revoking them.

use super::parts::page_links;
use crate::api::invitations::{CreateInvitation, RevokeInvitation};
use crate::client::{Zone, machine_text};
use crate::model::invitation::{DAYS, DAYS_PROPOSED, USES, USES_PROPOSED, until_text};
use crate::model::{Invitation, InvitationId, InvitationState, Invitations, Millis, Route};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form that creates a link, and a page of the links.
pub fn invitations(page: Invitations, after: Option<&str>) -> String {
    let Invitations { entries, next, everybody, now } = page;
    let list = if entries.is_empty() {
        view! { <p class="quiet">"There are no invitations yet. Make a link, and pass it on to those whom you want here."</p> }
            .into_any()
    } else {
        let rows = entries.into_iter().map(|entry| row(entry, everybody, now)).collect_view();
        view! { <div class="rows-box">{rows}</div> }.into_any()
    };
    view! {
        <p class="quiet">"Whoever has the link can make an account here, until it has expired, is used up or revoked."</p>
        <form
            class="making"
            action=CreateInvitation::url()
            method="post"
            data-done="The link is made. Copy it, and pass it on."
        >
            {choice("days", "Good for", &DAYS, DAYS_PROPOSED, "day", "days")}
            {choice("uses", "Lets in", &USES, USES_PROPOSED, "person", "people")}
            <button class="button" type="submit">
                "Make a link"
            </button>
        </form>
        {list}
        {page_links(Route::Invitations, "", after, next.map(|next| next.to_string()))}
    }
    .to_html()
}

/// A list of numbers to choose from.
fn choice(
    name: &'static str,
    label: &'static str,
    numbers: &'static [i64],
    proposed: i64,
    one: &'static str,
    many: &'static str,
) -> AnyView {
    let option = |&number: &i64| {
        let text = format!("{number} {}", if number == 1 { one } else { many });
        view! {
            <option value=number.to_string() selected=number == proposed>
                {text}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name>
                {numbers.iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

fn row(invitation: Invitation, everybody: bool, now: Millis) -> AnyView {
    let heading = format!("invitation-{}", invitation.id);
    let is_open = invitation.state == InvitationState::Open;
    let maker = everybody.then(|| view! { " by " <bdi>{invitation.by.full_name()}</bdi> });
    let expires = is_open.then(|| {
        let at = invitation.expires_at;
        view! {
            " · expires "
            <time datetime=machine_text(at) title=Zone::Utc.exact_text(at)>
                {until_text(now, at)}
            </time>
        }
    });
    let link = is_open.then(|| link(&invitation, &heading));
    let revoking = is_open.then(|| revoking(invitation.id, &heading));
    let (created, label) = (invitation.created_at, heading.clone());
    // The end of a link tells it from the others, also to somebody who has it in hand.
    let end: String = invitation.address.chars().skip(invitation.address.chars().count().saturating_sub(6)).collect();
    view! {
        <section class="row-item invitation" aria-labelledby=label>
            <div class="grow">
                <h2>
                    <span id=heading>"Link …" {end}</span>
                    <span class=if is_open { "pill" } else { "pill ended" }>{invitation.state.label()}</span>
                </h2>
                <p>{format!("{} of {} used", invitation.uses, invitation.uses_max)} {expires}</p>
                <p>
                    "Made on "
                    <time datetime=machine_text(created) title=Zone::Utc.exact_text(created)>
                        {Zone::Utc.day_text(Zone::Utc.day(created))}
                    </time>
                    {maker}
                </p>
                {registered(&invitation)}
            </div>
            {revoking}
            {link}
        </section>
    }
    .into_any()
}

/// Who registered by it.
fn registered(invitation: &Invitation) -> AnyView {
    if invitation.registered.is_empty() {
        return ().into_any();
    }
    let named = i64::try_from(invitation.registered.len()).unwrap_or(i64::MAX);
    let more = (invitation.uses > named).then(|| format!(" and {} more", invitation.uses - named));
    let name = |(at, person): (usize, &crate::model::Person)| {
        view! {
            {(at > 0).then_some(", ")}
            <bdi>{person.full_name()}</bdi>
        }
    };
    let names = invitation.registered.iter().enumerate().map(name).collect_view();
    view! { <p>"Registered with it: " {names} {more}</p> }.into_any()
}

/// The link itself. Without scripts it is selected and copied by hand.
fn link(invitation: &Invitation, heading: &str) -> AnyView {
    let id = format!("link-{}", invitation.id);
    view! {
        <div class="link">
            <input id=id.clone() readonly value=invitation.address.clone() aria-label="Link" aria-describedby=heading.to_owned() />
            <button class="button s plain" type="button" data-copy=id aria-describedby=heading.to_owned()>
                "Copy"
            </button>
        </div>
    }
    .into_any()
}

fn revoking(id: InvitationId, heading: &str) -> AnyView {
    view! {
        <form class="end" action=RevokeInvitation::url() method="post" data-done="The link is revoked.">
            <input type="hidden" name="invitation" value=id.to_string() />
            <button class="button s plain" type="submit" aria-describedby=heading.to_owned()>
                "Revoke"
            </button>
        </form>
    }
    .into_any()
}
