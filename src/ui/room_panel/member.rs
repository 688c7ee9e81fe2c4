//! A member of a room, with what can be done with them.

use super::state::{Action, RoomPanelState};
use crate::api::rooms::open_direct;
use crate::client::platform::{clock, page};
use crate::client::{Chat, LatestRequest, memo};
use crate::model::Person;
use crate::model::Route;
use crate::ui::parts::{Icon, IconOf, PersonAvatar, live};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A row of the list of members.
#[component]
pub fn MemberRow(state: RoomPanelState, person: Person) -> impl IntoView {
    let chat = Chat::get();
    let (id, name, me) = (person.id, person.full_name(), chat.my_id());
    let is_me = me == Some(id);
    let presence = move || {
        let text = chat.presence(id)?.text(clock::now().wall);
        Some(format!(" · {text}"))
    };
    let is_owner = memo(move || state.room.with(|room| room.owner == Some(id)));
    let may_manage =
        memo(move || state.details.with(|details| details.as_ref().is_some_and(|it| it.may_manage_members)));
    let username = format!("@{}", person.username);
    let opening = LatestRequest::new();
    let write = move |_| {
        opening.ask(open_direct(id), move |opened| match opened {
            Ok(conversation) => page::visit(&Route::Conversation(conversation).to_string()),
            Err(error) => {
                state.problem.try_set(Some(error));
            }
        });
    };
    let message = (!is_me).then(|| {
        view! {
            <button class="icon-button" type="button" aria-label=format!("Message {name}") title="Message" on:click=write>
                <Icon of=IconOf::Mark />
            </button>
        }
        .into_any()
    });
    let menu = {
        let person = person.clone();
        move || {
            let has_any = may_manage.get() && !(is_me && is_owner.get());
            has_any.then(|| {
                view! { <RowMenu state=state person=person.clone() is_me=is_me is_owner=is_owner /> }.into_any()
            })
        }
    };
    view! {
        <li class="person">
            <PersonAvatar person=person />
            <span class="person-text">
                <b dir="auto">{name}</b>
                <span>
                    <bdi>{if is_me { "you".to_owned() } else { username }}</bdi>
                    {live(presence)}
                </span>
            </span>
            <span class="end">
                {live(move || is_owner.get().then(|| view! { <span class="pill">"Owner"</span> }.into_any()))}
                {message}
                {live(menu)}
            </span>
        </li>
    }
    .into_any()
}

/// What can be done with a member, behind one button.
#[component]
fn RowMenu(state: RoomPanelState, person: Person, is_me: bool, is_owner: Memo<bool>) -> impl IntoView {
    let (id, name) = (person.id, person.full_name());
    let (button_id, menu_id) = (format!("member-{id}-more"), format!("member-{id}-menu"));
    let is_open = memo(move || state.menu.get() == Some(id));
    let item_id = move |at: usize| format!("member-{id}-item-{at}");
    let toggle = move |_| match is_open.get_untracked() {
        true => state.menu.set(None),
        false => {
            state.menu.set(Some(id));
            page::focus_soon(&item_id(0));
        }
    };
    // What the dialog gives the focus back to.
    let ask = {
        let button_id = button_id.clone();
        move |action: Action| {
            state.menu.set(None);
            page::focus(&button_id);
            state.asked.set(Some(action));
        }
    };
    let actions = {
        let person = person.clone();
        move || {
            let transfer = (!is_owner.get()).then(|| {
                let label = if is_me { "Make yourself the owner…" } else { "Make owner…" };
                (label, "", Action::MakeOwner(person.clone()))
            });
            let remove = (!is_me).then(|| ("Remove from this room…", "danger", Action::Remove(person.clone())));
            [transfer, remove].into_iter().flatten().collect::<Vec<_>>()
        }
    };
    let on_key = {
        let button_id = button_id.clone();
        let actions = actions.clone();
        move |event: KeyboardEvent| {
            if !is_open.get_untracked() {
                return;
            }
            let count = untrack(&actions).len();
            let at = (0..count).find(|at| page::has_focus(&item_id(*at)));
            let next = match event.key().as_str() {
                "Escape" => {
                    event.prevent_default();
                    state.menu.set(None);
                    return page::focus(&button_id);
                }
                "Tab" => return state.menu.set(None),
                "ArrowDown" => at.map_or(0, |at| (at + 1) % count),
                "ArrowUp" => at.map_or(0, |at| (at + count - 1) % count),
                "Home" => 0,
                "End" => count.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            page::focus(&item_id(next));
        }
    };
    let items = {
        let (menu_id, button_id) = (menu_id.clone(), button_id.clone());
        move || {
            let ask = ask.clone();
            let item = |(at, (label, class, action)): (usize, (&'static str, &'static str, Action))| {
                let ask = ask.clone();
                view! {
                    <button
                        class=format!("menu-item {class}")
                        type="button"
                        role="menuitem"
                        tabindex="-1"
                        id=item_id(at)
                        on:click=move |_| ask(action.clone())
                    >
                        {label}
                    </button>
                }
                .into_any()
            };
            is_open.get().then(|| {
                let items: Vec<AnyView> = actions().into_iter().enumerate().map(item).collect();
                view! {
                    <div class="row-menu-body" role="menu" id=menu_id.clone() aria-labelledby=button_id.clone()>
                        {items}
                    </div>
                }
                .into_any()
            })
        }
    };
    view! {
        <span class="row-menu" on:keydown=on_key>
            <button
                class="icon-button"
                type="button"
                id=button_id
                aria-label=format!("More about {name}")
                title="More"
                aria-haspopup="menu"
                aria-expanded=live(move || is_open.get().to_string())
                aria-controls=live(move || is_open.get().then(|| menu_id.clone()))
                on:click=toggle
            >
                <Icon of=IconOf::More />
            </button>
            {live(items)}
        </span>
    }
    .into_any()
}
