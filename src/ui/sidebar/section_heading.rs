//! The heading of a section of the conversation list.

use super::conversation_link::UnreadBadge;
use super::conversations::list_id;
use crate::client::{Chat, ListSection, memo};
use crate::model::Route;
use crate::ui::parts::{Icon, IconOf, live};
use leptos::ev;
use leptos::prelude::*;

/// The title, which collapses and expands the section below it, with links to the whole list and to something new. A
/// collapsed section shows how much is unread in it.
#[component]
pub fn SectionHeading(
    section: ListSection,
    id: &'static str,
    title: &'static str,
    /// How many conversations are in it.
    count: Memo<usize>,
    is_collapsed: Memo<bool>,
    /// Told whether it was pressed with a pointer.
    on_press: Callback<bool>,
) -> impl IntoView {
    let chat = Chat::get();
    let (all, direct) = (chat.unread(), chat.unread_direct());
    let unread = memo(move || match (is_collapsed.get(), section) {
        (false, _) => 0,
        (true, ListSection::Rooms) => all.get() - direct.get(),
        (true, ListSection::Direct) => direct.get(),
    });
    let link = |page: Route, label: &'static str, icon: IconOf| {
        view! {
            <a class="icon-button" href=page.to_string() aria-label=label title=label>
                <Icon of=icon />
            </a>
        }
        .into_any()
    };
    let links = match section {
        ListSection::Rooms => view! {
            {link(Route::Rooms, "All rooms", IconOf::List)}
            {link(Route::NewRoom, "New room", IconOf::Plus)}
        }
        .into_any(),
        ListSection::Direct => link(Route::People, "New direct message", IconOf::Plus),
    };
    // A click by a key has no count.
    let press = move |event: ev::MouseEvent| on_press.run(event.detail() > 0);
    view! {
        <div class="section-heading">
            <h2>
                <button
                    type="button"
                    aria-expanded=live(move || if is_collapsed.get() { "false" } else { "true" })
                    aria-controls=list_id(id)
                    on:click=press
                >
                    <Icon of=IconOf::Chevron />
                    <span id=id>{title}</span>
                    <span class="count" aria-hidden="true">
                        {live(move || count.get())}
                    </span>
                    <UnreadBadge unread />
                </button>
            </h2>
            {links}
        </div>
    }
    .into_any()
}
