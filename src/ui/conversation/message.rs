//! One message.

use super::places::Place;
use crate::client::{Chat, Entry, Key, Row, Timeline};
use crate::model::{Person, markup};
use crate::sync::PendingState;
use crate::ui::parts::{Avatar, Icon, IconOf, Moment};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use std::collections::HashMap;

/// How far a message has come, as its author is told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sending {
    Done,
    OnItsWay,
    /// The reason, as a sentence.
    Failed(String),
}

/// A message, or one on its way; the row stays when the one becomes the other.
#[component]
pub fn MessageRow(
    entry: Entry,
    timeline: Timeline,
    places: Memo<HashMap<Key, Place>>,
    /// The row that the Tab key stops at.
    stop: Memo<Option<Key>>,
    /// The row where the keyboard last was.
    visited: RwSignal<Option<Key>>,
) -> impl IntoView {
    let chat = Chat::get();
    let (zone, me) = (chat.zone(), chat.me());
    let Entry { key, row, .. } = entry;
    let place = Memo::new(move |_| places.with(|places| places.get(&key).copied().unwrap_or_default()));
    let author = Memo::new(move |_| {
        timeline.people.with(|people| people.get(&key.0).cloned()).or_else(|| {
            // One's own first message is on its way before one is known as an author.
            me.with(|me| me.as_ref().map(|me| me.person.clone()).filter(|person| person.id == key.0))
        })
    });
    let name = Memo::new(move |_| author.with(|author| author.as_ref().map(Person::full_name).unwrap_or_default()));
    let at = {
        let row = row.clone();
        Memo::new(move |_| row.with(Row::at))
    };
    let body = {
        let row = row.clone();
        Memo::new(move |_| row.with(|row| row.body().to_owned()))
    };
    let sending = Memo::new(move |_| {
        row.with(|row| match row {
            Row::Posted(_) => Sending::Done,
            Row::Pending(pending) => match &pending.state {
                PendingState::Queued | PendingState::Sent => Sending::OnItsWay,
                PendingState::Failed(error) => Sending::Failed(error.message.clone()),
            },
        })
    });

    let day = move || {
        place.get().opens.map(|day| {
            view! {
                <div class="day">
                    <span>{move || zone.get().day_text(day)}</span>
                </div>
            }
        })
    };
    let margin = move || {
        if place.get().next {
            Either::Left(view! {
                <span class="at">
                    <Moment at=at />
                </span>
            })
        } else {
            Either::Right(author.get().map(|person| view! { <Avatar person=person /> }))
        }
    };
    let head = move || {
        (!place.get().next).then(|| {
            view! {
                <div class="who">
                    <b dir="auto">{name}</b>
                    <Moment at=at />
                </div>
            }
        })
    };
    let state = move || match sending.get() {
        Sending::Done => EitherOf3::A(()),
        Sending::OnItsWay => EitherOf3::B(view! {
            <span class="state">
                <Icon of=IconOf::Clock />
                "Sending…"
            </span>
        }),
        Sending::Failed(reason) => EitherOf3::C(view! {
            <span class="state failed">
                <Icon of=IconOf::Bang />
                <span>"Not sent"</span>
                <span class="reason">{reason}</span>
                <button type="button" on:click=move |_| chat.retry(key.1)>
                    "Retry"
                </button>
                <button type="button" on:click=move |_| chat.discard(key.1)>
                    "Discard"
                </button>
            </span>
        }),
    };
    view! {
        {day}
        <article
            class="message"
            class:next=move || place.get().next
            class:queued=move || sending.with(|sending| *sending == Sending::OnItsWay)
            tabindex=move || if stop.get() == Some(key) { "0" } else { "-1" }
            aria-label=move || format!("{}, {}", name.get(), zone.get().time_text(at.get()))
            on:focus=move |_| visited.set(Some(key))
        >
            {margin}
            <div class="said">
                {head}
                // The one place where HTML is made of what people write: `markup` lets nothing else out.
                <div class="body" dir="auto" inner_html=move || body.with(|body| markup::html(body))></div>
                {state}
            </div>
        </article>
    }
    .into_any()
}
