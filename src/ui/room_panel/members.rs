//! The members of a room.

use super::member::MemberRow;
use super::state::{FILTER_FROM, Group, RoomPanelState};
use crate::client::{Chat, effect, memo};
use crate::model::Person;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

/// The members, a way to filter them, and a way to add somebody.
#[component]
pub fn Members(state: RoomPanelState, add: Callback<()>) -> impl IntoView {
    let chat = Chat::get();
    let groups = state.groups();
    // Whoever is shown is watched for their presence.
    let shown = memo(move || {
        groups.with(|groups| groups.iter().flat_map(|(_, people)| people).map(|person| person.id).collect())
    });
    effect(move || chat.watch_presence(shown.get()));
    on_cleanup(move || chat.watch_presence(Default::default()));
    // A press elsewhere closes the open menu.
    effect(move || {
        let handle = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let inside = target.is_some_and(|target| target.closest(".row-menu").ok().flatten().is_some());
            if !inside && state.menu.try_get_untracked().flatten().is_some() {
                state.menu.set(None);
            }
        });
        on_cleanup(move || handle.remove());
    });
    let may_manage =
        memo(move || state.details.with(|details| details.as_ref().is_some_and(|it| it.may_manage_members)));
    let is_long = memo(move || state.room.with(|room| room.member_count) > FILTER_FROM);
    let filter = move || {
        is_long.get().then(|| {
            view! {
                <label class="panel-search">
                    <Icon of=IconOf::Search />
                    <input
                        type="search"
                        aria-label="Find a member"
                        placeholder="Find a member"
                        autocomplete="off"
                        maxlength="100"
                        dir="auto"
                        prop:value=state.filter.get_untracked()
                        on:input=move |event| state.set_filter(event_target_value(&event))
                    />
                </label>
            }
            .into_any()
        })
    };
    let adding = move || {
        may_manage.get().then(|| {
            view! {
                <button class="person add-people" type="button" id="add-people" on:click=move |_| add.run(())>
                    <span class="person-glyph">
                        <Icon of=IconOf::Plus />
                    </span>
                    "Add people"
                </button>
            }
            .into_any()
        })
    };
    let section = move |group: Group| {
        let people = memo(move || {
            groups.with(|groups| {
                let people = groups.iter().find(|(of, _)| *of == group).map(|(_, people)| people.clone());
                people.unwrap_or_default()
            })
        });
        let title = move || match (group, state.has_more()) {
            // How many there are in all stands on the tab.
            (Group::All, true) => group.title().to_owned(),
            _ => format!("{} · {}", group.title(), people.with(Vec::len)),
        };
        let id = format!("members-{}", group.title().to_lowercase());
        let label = id.clone();
        view! {
            <section hidden=live(move || people.with(Vec::is_empty)) aria-labelledby=label>
                <h3 id=id>{live(title)}</h3>
                <ul>
                    <For each=move || people.get() key=|person: &Person| (person.id, person.full_name()) let:person>
                        <MemberRow state=state person=person />
                    </For>
                </ul>
            </section>
        }
        .into_any()
    };
    let none = move || {
        let nobody = groups.with(Vec::is_empty);
        match (nobody, state.is_filtering()) {
            (false, _) => None,
            (true, true) => Some("Searching…"),
            (true, false) => Some("No member is called anything like this."),
        }
    };
    let more = move || {
        let shown = state.has_more() && state.filter.with(String::is_empty);
        shown.then(|| {
            view! {
                <button class="button s plain more" type="button" on:click=move |_| state.load_more()>
                    {live(move || if state.is_loading_more() { "Loading…" } else { "Show more" }.to_owned())}
                </button>
            }
            .into_any()
        })
    };
    view! {
        {live(filter)}
        {live(adding)}
        {[Group::All, Group::Online, Group::Away, Group::Offline].map(section).into_iter().collect_view()}
        <p class="panel-note" role="status">
            {live(none)}
        </p>
        {live(more)}
    }
    .into_any()
}
