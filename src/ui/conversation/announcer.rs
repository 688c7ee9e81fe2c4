//! Tells screen readers what others say, as it is said.

use crate::client::{Chat, Row, Timeline};
use crate::model::{Person, Seq, markup};
use leptos::prelude::*;

/// A region that is heard but not seen. The list itself is silent, since older pages and one's own messages enter it
/// as well.
#[component]
pub fn Announcer(timeline: Timeline) -> impl IntoView {
    let chat = Chat::get();
    let text = RwSignal::new(String::new());
    Effect::new(move |heard: Option<Seq>| {
        let head = timeline.span.get().head;
        let fresh = timeline.entries.with(|entries| {
            let heard = heard.unwrap_or(head);
            let posted = |row: &Row| match row {
                Row::Posted(message) if message.seq > heard => Some(message.clone()),
                Row::Posted(_) | Row::Pending(_) => None,
            };
            let newest = entries.iter().rev().take(20).filter_map(|entry| entry.row.with_untracked(posted));
            newest.filter(|message| Some(message.author) != chat.my_id()).collect::<Vec<_>>()
        });
        if !fresh.is_empty() {
            let people = timeline.people.get_untracked();
            let line = |author: &Person, body: &str| format!("{}: {}", author.full_name(), markup::plain(body));
            let lines =
                fresh.iter().rev().filter_map(|message| Some(line(people.get(&message.author)?, &message.body)));
            text.set(lines.collect::<Vec<_>>().join("\n"));
        }
        head.max(heard.unwrap_or(head))
    });
    view! {
        <div class="hidden-text" aria-live="polite">
            {text}
        </div>
    }
    .into_any()
}
