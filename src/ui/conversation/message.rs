//! One message.

use super::timeline::ShownRow;
use crate::client::{Chat, Placeholder, Row, RowKey, Timeline, TimelineRow, memo};
use crate::model::{MessageId, Notice, Person, Route, SortedSet, UserId, markup};
use crate::sync::OperationState;
use crate::ui::parts::{Avatar, Icon, IconOf, Moment, live};
use leptos::prelude::*;

/// How far a message has come, as its author is told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sending {
    Done,
    OnItsWay,
    /// It has waited for so long that its author is asked whether it is still to be sent.
    Stale,
    /// The reason, as a sentence.
    Failed(String),
}

/// A message, or one on its way; the row stays when the one becomes the other.
#[component]
pub fn MessageRow(
    row: ShownRow,
    timeline: Timeline,
    /// The row where the keyboard last was.
    visited: RwSignal<Option<RowKey>>,
    /// The runs of notices that their reader has unfolded, by their first.
    unfolded: RwSignal<SortedSet<RowKey>>,
) -> impl IntoView {
    let chat = Chat::get();
    let (zone, me) = (chat.zone(), chat.me());
    let ShownRow { entry: TimelineRow { key, row, .. }, state } = row;
    let state = RwSignal::from(state);
    let place = memo(move || state.with(|state| state.place.clone()));
    let is_tab_stop = memo(move || state.with(|state| state.is_tab_stop));
    let is_first_new = memo(move || state.with(|state| state.is_first_new));
    let author = move || {
        timeline.people.with(|people| people.get(&key.0).cloned()).or_else(|| {
            // One's own first message is on its way before one is known as an author.
            me.with(|me| me.as_ref().map(|me| me.person.clone()).filter(|person| person.id == key.0))
        })
    };
    let name = memo(move || author().as_ref().map(Person::full_name).unwrap_or_default());
    let at = {
        let row = row.clone();
        Signal::derive(move || row.with(Row::at))
    };
    let body = {
        let row = row.clone();
        memo(move || row.with(|row| row.body().to_owned()))
    };
    let placeholder = {
        let row = row.clone();
        memo(move || row.with(Row::placeholder))
    };
    let place_of = row.clone();
    // What somebody said never becomes a notice.
    let notice = row.with_untracked(Row::notice);
    let is_notice = notice.is_some();
    let is_mine = chat.my_id() == Some(key.0);
    let fresh = move || is_first_new.get().then(|| view! { <div class="new">"New"</div> }.into_any());
    let sending = Signal::derive(move || {
        row.with(|row| match row {
            Row::Posted(_) => Sending::Done,
            Row::Pending(operation) => match &operation.state {
                OperationState::Queued | OperationState::Sent => Sending::OnItsWay,
                OperationState::Stale => Sending::Stale,
                OperationState::Failed(error) => Sending::Failed(error.message.clone()),
            },
        })
    });

    let day = move || {
        let day = place.get().opens?;
        let name = move || zone.get().day_text(day);
        Some(
            view! {
                <div class="day">
                    <span>{live(name)}</span>
                </div>
            }
            .into_any(),
        )
    };
    let margin = move || {
        if is_notice {
            return None;
        }
        if place.get().next {
            return Some(
                view! {
                    <span class="at">
                        <Moment at=at />
                    </span>
                }
                .into_any(),
            );
        }
        author().map(|person| view! { <Avatar person=person /> }.into_any())
    };
    let head = move || {
        // To where one can write to them.
        let way = move || author().map(|person| format!("{}?search={}", Route::People, person.username));
        let shown = !place.get().next && !is_notice;
        shown.then(|| {
            view! {
                <div class="who">
                    <b dir="auto">
                        <a href=live(way) tabindex="-1">{live(move || name.get())}</a>
                    </b>
                    <Moment at=at />
                </div>
            }
            .into_any()
        })
    };
    let state = move || match sending.get() {
        Sending::Done => None,
        Sending::OnItsWay => Some(view! { <OnItsWay /> }.into_any()),
        Sending::Stale => Some(view! { <NotSentYet id=key.1 /> }.into_any()),
        Sending::Failed(reason) => Some(view! { <NotSent id=key.1 reason=reason /> }.into_any()),
    };
    let said = move || match (&notice, placeholder.get()) {
        (Some(notice), _) => notice_text(notice, &name.get(), |user| timeline.name_of(user)).into_any(),
        (None, Some(placeholder)) => view! { <p class="placeholder">{placeholder_text(placeholder)}</p> }.into_any(),
        (None, None) => view! { <Body body=body /> }.into_any(),
    };
    let is_open = move |first: &RowKey| unfolded.with(|unfolded| unfolded.contains(first));
    let folded = move || place.get().under.is_some_and(|first| !is_open(&first));
    let fold = move || {
        let more = place.get().more;
        let is_run = !more.is_empty();
        let press = move |_| {
            unfolded.update(|unfolded| {
                if !unfolded.remove(&key) {
                    unfolded.insert(key);
                }
            });
        };
        let label = move || match is_open(&key) {
            true => "Show less".to_owned(),
            false => more_text(&more, |user| timeline.name_of(user)),
        };
        let button = || {
            view! {
                <button
                    class="fold"
                    type="button"
                    aria-expanded=live(move || Some(if is_open(&key) { "true" } else { "false" }))
                    on:click=press
                >
                    {live(label)}
                </button>
            }
        };
        is_run.then(|| button().into_any())
    };
    let unread = move || {
        let of_others = !is_mine && !is_notice;
        let seq = place_of.with(Row::seq).filter(|_| of_others && chat.is_live().get())?;
        let mark = move |_| chat.mark_unread(timeline.id, seq);
        let button = view! {
            // The Tab key stops at the actions of the message where the keyboard is, not at those of all.
            <button
                class="icon-button mark-unread"
                type="button"
                aria-label="Mark as unread"
                title="Mark as unread"
                tabindex=live(move || if is_tab_stop.get() { "0" } else { "-1" })
                on:click=mark
            >
                <Icon of=IconOf::Letter />
            </button>
        };
        Some(button.into_any())
    };
    view! {
        <div class="timeline-row">
        {live(day)}
        {live(fresh)}
        <article
            class="message"
            class:notice=is_notice
            class:next=live(move || place.get().next)
            class:folded=live(folded)
            class:queued=live(move || sending.with(|sending| *sending == Sending::OnItsWay))
            tabindex=live(move || if is_tab_stop.get() { "0" } else { "-1" })
            aria-label=live(move || format!("{}, {}", name.get(), zone.get().time_text(at.get())))
            on:focus=move |_| visited.set(Some(key))
        >
            {live(margin)}
            <div class="said">
                {live(head)}
                {live(said)}
                {live(fold)}
                {live(state)}
            </div>
            {live(unread)}
        </article>
        </div>
    }
    .into_any()
}

/// Shown in place of what this client is too old to know.
const UPDATE_TO_SEE: &str = "Update to see this. Reload the page for the newest version.";

/// What stands in place of a message without a text of its own.
fn placeholder_text(placeholder: Placeholder) -> &'static str {
    match placeholder {
        Placeholder::Deleted => "This message was deleted.",
        Placeholder::Unknown => UPDATE_TO_SEE,
    }
}

/// What happened, in one sentence each: none is put together of pieces that another language would order differently.
fn notice_text(notice: &Notice, by: &str, name_of: impl Fn(UserId) -> String) -> String {
    match notice {
        Notice::Created => format!("{by} made this room"),
        Notice::Joined => format!("{by} joined"),
        Notice::Left => format!("{by} left"),
        Notice::Added { user } => format!("{by} added {}", name_of(*user)),
        Notice::Removed { user } => format!("{by} removed {}", name_of(*user)),
        Notice::Renamed { name } => format!("{by} renamed the room to “{name}”"),
        Notice::TopicChanged { topic } if topic.is_empty() => format!("{by} removed the topic"),
        Notice::TopicChanged { topic } => format!("{by} set the topic to “{topic}”"),
        Notice::OwnerChanged { user } => format!("{by} made {} the owner of this room", name_of(*user)),
        Notice::Unknown => UPDATE_TO_SEE.to_owned(),
    }
}

/// How many names a folded run of notices gives.
const NAMED: usize = 3;

/// What a folded run of notices says of the ones that are not shown: how many, and whom they are about.
fn more_text(more: &[UserId], name_of: impl Fn(UserId) -> String) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in more.iter().map(|user| name_of(*user)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let others = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let last = match others {
        0 => names.pop().unwrap_or_default(),
        1 => "1 other".to_owned(),
        n => format!("{n} others"),
    };
    let who = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
    format!("{} more: {who}", more.len())
}

/// What was written. The one place where HTML is made of it: `markup` lets nothing else out.
#[component]
fn Body(body: Memo<String>) -> impl IntoView {
    view! { <div class="body" dir="auto" inner_html=live(move || body.with(|body| markup::html(body)))></div> }
        .into_any()
}

/// Said of a message that takes its time.
#[component]
fn OnItsWay() -> impl IntoView {
    view! {
        <span class="state" aria-live="off">
            <Icon of=IconOf::Clock />
            "Sending…"
        </span>
    }
}

/// Shown below a message that has waited for more than a day: its author decides whether it is still to be sent.
#[component]
fn NotSentYet(id: MessageId) -> impl IntoView {
    let chat = Chat::get();
    view! {
        <span class="state failed">
            <Icon of=IconOf::Clock />
            <span>"Not sent yet"</span>
            <span class="reason">"This has been waiting for more than a day. Do you still want to send it?"</span>
            <button type="button" on:click=move |_| chat.retry(id)>
                "Send now"
            </button>
            <button type="button" on:click=move |_| chat.discard(id)>
                "Discard"
            </button>
        </span>
    }
}

/// Said of a message that was refused, with what can be done about it.
#[component]
fn NotSent(id: MessageId, reason: String) -> impl IntoView {
    let chat = Chat::get();
    view! {
        <span class="state failed">
            <Icon of=IconOf::Bang />
            <span>"Not sent"</span>
            <span class="reason">{reason}</span>
            <button type="button" on:click=move |_| chat.retry(id)>
                "Retry"
            </button>
            <button type="button" on:click=move |_| chat.discard(id)>
                "Discard"
            </button>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_run_of_notices_says_who() {
        let name = |user: UserId| ["Ana", "Ben", "Cleo", "Dan", "Eva"][user.0 as usize].to_owned();
        let text = |users: &[i64]| more_text(&users.iter().map(|user| UserId(*user)).collect::<Vec<_>>(), name);
        assert_eq!(text(&[1, 1]), "2 more: Ben");
        assert_eq!(text(&[1, 2, 1]), "3 more: Ben and Cleo");
        assert_eq!(text(&[0, 1, 2]), "3 more: Ana, Ben and Cleo");
        assert_eq!(text(&[0, 1, 2, 3]), "4 more: Ana, Ben, Cleo and 1 other");
        assert_eq!(text(&[0, 1, 2, 3, 4]), "5 more: Ana, Ben, Cleo and 2 others");
    }
}
