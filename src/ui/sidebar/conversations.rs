//! The conversation list: rooms, then direct conversations, in two sections.

use super::Switcher;
use super::conversation_link::{ConversationLink, link_id};
use super::list_order::ListOrder;
use super::more_unread::MoreUnread;
use super::section_heading::SectionHeading;
use crate::client::platform::{list_scroll, page};
use crate::client::{Chat, ListEntry, ListSection, effect, memo, unread_first, with_open};
use crate::model::{ConversationId, Route, SortedSet};
use crate::ui::parts::live;
use leptos::html::Div;
use leptos::prelude::*;

/// A user's conversations.
#[component]
pub fn Conversations(route: Memo<Route>) -> impl IntoView {
    let chat = Chat::get();
    let (first, entries, unread) = (chat.first(), chat.list(), chat.unread_conversations());
    let preferences = RwSignal::new(page::list_preferences());
    let change = move |change: &dyn Fn(&mut crate::client::ListPreferences)| {
        preferences.update(change);
        page::keep_list_preferences(preferences.get_untracked());
    };
    // The front page shows the first one beside the list.
    let current = memo(move || match route.get() {
        Route::Front => first.get(),
        other => other.conversation(),
    });
    let is_unread_first = memo(move || preferences.with(|preferences| preferences.unread_first));
    let top = Memo::new(move |before: Option<&SortedSet<ConversationId>>| {
        if is_unread_first.get() {
            with_open(unread.get(), current.get(), before.unwrap_or(&SortedSet::new()))
        } else {
            SortedSet::new()
        }
    });
    let ids_of = move |section: ListSection| {
        memo(move || {
            let direct = section == ListSection::Direct;
            let shown = |entry: &&ListEntry| {
                entry.is_direct == direct && (!direct || entry.has_begun || current.get() == Some(entry.id))
            };
            let ids = entries.with(|entries| entries.iter().filter(shown).map(|entry| entry.id).collect::<Vec<_>>());
            top.with(|top| unread_first(ids, top))
        })
    };
    let (rooms, direct) = (ids_of(ListSection::Rooms), ids_of(ListSection::Direct));
    let is_collapsed =
        move |section: ListSection| memo(move || preferences.with(|chosen| chosen.is_collapsed(section)));
    let (rooms_collapsed, direct_collapsed) = (is_collapsed(ListSection::Rooms), is_collapsed(ListSection::Direct));
    // Of a collapsed section, the open conversation stays: it says where one is.
    let visible = Signal::derive(move || {
        let current = current.get();
        let of = |ids: Memo<Vec<ConversationId>>, is_collapsed: bool| {
            let mut ids = ids.get();
            ids.retain(|id| !is_collapsed || current == Some(*id));
            ids
        };
        [of(rooms, rooms_collapsed.get()), of(direct, direct_collapsed.get())].concat()
    });

    let list = NodeRef::<Div>::new();
    // The open conversation is in view, also where a key has led beyond the edge. On a phone the list is hidden meanwhile:
    // there it is when one comes back.
    let last_open = StoredValue::new(None::<ConversationId>);
    effect(move || {
        let open = match route.get() {
            Route::Front if page::is_one_pane() => last_open.get_value(),
            _ => current.get(),
        };
        last_open.set_value(open);
        if let Some(open) = open.filter(|_| list.get().is_some()) {
            // After the list has been sorted.
            request_animation_frame(move || page::reveal(&link_id(open)));
        }
    });
    let toggle = move |section: ListSection, heading_id: &'static str, by_pointer: bool| {
        let Some(list) = list.get_untracked() else { return };
        let is_collapsed = preferences.with_untracked(|preferences| preferences.is_collapsed(section));
        // The heading of what is far away stays at the list's edge: who presses it there wants to see what it heads.
        let is_away = by_pointer && !is_collapsed && list_scroll::is_out_of_view(&list, &list_id(heading_id));
        if is_away {
            return list_scroll::scroll_to(&list, &list_id(heading_id));
        }
        change(&move |preferences| preferences.set_collapsed(section, !is_collapsed));
    };
    let section = move |section: ListSection, ids: Memo<Vec<ConversationId>>, is_collapsed: Memo<bool>| {
        let (id, title) = match section {
            ListSection::Rooms => ("rooms", "Rooms"),
            ListSection::Direct => ("direct", "Direct messages"),
        };
        let on_press = Callback::new(move |by_pointer| toggle(section, id, by_pointer));
        view! {
            <SectionHeading section id title count=memo(move || ids.with(Vec::len)) is_collapsed on_press />
            <ul id=list_id(id) aria-labelledby=id class:collapsed=live(move || is_collapsed.get())>
                <For each=move || ids.get() key=|id| *id let:id>
                    <ConversationLink id current />
                </For>
            </ul>
        }
        .into_any()
    };
    // What changes where unread conversations are, besides scrolling.
    let arrangement = Signal::derive(move || {
        unread.track();
        visible.track();
    });
    let choose = Callback::new(move |first: bool| {
        change(&move |preferences| preferences.unread_first = first);
        // After the list has been sorted: who asks for the unread ones wants to see them, else where one is.
        request_animation_frame(move || {
            match (list.try_get_untracked().flatten(), last_open.try_get_value().flatten()) {
                (Some(list), _) if first => list.set_scroll_top(0),
                (_, Some(open)) => page::reveal(&link_id(open)),
                _ => {}
            }
        });
    });
    view! {
        <Switcher route=route shown=visible current=current />
        <ListOrder is_unread_first on_choose=choose count=memo(move || entries.with(Vec::len)) />
        <MoreUnread list arrangement>
            <div class="list" node_ref=list>
                {section(ListSection::Rooms, rooms, rooms_collapsed)}
                {section(ListSection::Direct, direct, direct_collapsed)}
            </div>
        </MoreUnread>
    }
    .into_any()
}

/// The id of the list below a heading.
pub(super) fn list_id(heading: &str) -> String {
    format!("{heading}-list")
}
