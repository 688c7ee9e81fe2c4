//! Where a conversation is unread: the first new row, and the ways there and back.

use crate::client::{Chat, RowKey, ScrollPosition, Timeline, effect, memo};
use crate::model::{ConversationSummary, Seq};
use crate::ui::parts::{Icon, IconOf, live};
use leptos::prelude::*;

/// How far below the pane's top the first new row is shown (pixels): what was read before it is still in sight. The same as
/// in `style/timeline.css`.
const CONTEXT: i32 = 96;

/// The first row that was unread when the reader came, under the line that says "New".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstNew {
    pub key: RowKey,
    pub seq: Seq,
}

/// Where "New" stands: the read position above which everything is new, and how many messages that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Since {
    read: Seq,
    count: i64,
}

/// The unread part of a conversation, as it was when the reader came or came back to the window. It stays where it is
/// while they read.
#[derive(Clone, Copy)]
pub struct Unread {
    since: Memo<Option<Since>>,
    focused: Signal<bool>,
    /// The first new row, if it is held.
    pub first: Memo<Option<FirstNew>>,
}

impl Unread {
    /// `focused`: whether somebody looks at the window.
    pub fn new(timeline: Timeline, focused: Signal<bool>) -> Self {
        let chat = Chat::get();
        let summary = chat.summary(timeline.id);
        let position =
            move |summary: &Option<ConversationSummary>| summary.as_ref().map(|it| (it.read.seq, it.unread()));
        let since = Memo::new(move |before: Option<&Option<Since>>| {
            let (held, focused) = (before.copied().flatten(), focused.get());
            match summary.with(position) {
                None => None,
                Some((read, count)) if count > 0 => match held {
                    // It stays, unless it went back, or messages have come to a window that nobody looks at.
                    Some(held) if focused && read >= held.read => Some(held),
                    Some(_) | None => Some(Since { read, count }),
                },
                Some(_) => held,
            }
        });
        let first = memo(move || {
            // What is held has changed.
            timeline.span.track();
            let (key, seq) = chat.first_unread(timeline.id, since.get()?.read)?;
            Some(FirstNew { key, seq })
        });
        Unread { since, focused, first }
    }

    /// Where the reader begins: at the first new message, if there is any.
    pub fn start(self) -> Option<ScrollPosition> {
        let since = self.since.get_untracked()?;
        let first = self.first.with_untracked(|first| first.as_ref().map(|first| first.seq));
        Some((first.unwrap_or(Seq(since.read.0 + 1)), CONTEXT))
    }
}

/// Leads to the first new message, while that is above what the reader sees.
#[component]
pub fn JumpToUnread(
    unread: Unread,
    /// The uppermost visible message.
    uppermost: RwSignal<Option<Seq>>,
    /// Where the reader wants to be.
    target: RwSignal<Option<ScrollPosition>>,
) -> impl IntoView {
    let chat = Chat::get();
    let Unread { since, focused, .. } = unread;
    // The read position of a line that somebody has had in sight: nobody needs to be led there.
    let reached = RwSignal::new(None::<Seq>);
    effect(move || {
        if let (Some(since), Some(uppermost)) = (since.get(), uppermost.get())
            && uppermost.0 <= since.read.0 + 1
            && focused.get()
        {
            reached.set(Some(since.read));
        }
    });
    let shown = memo(move || {
        let since = since.get().filter(|since| reached.get() != Some(since.read))?;
        uppermost.get().filter(|uppermost| uppermost.0 > since.read.0 + 1).map(|_| since)
    });
    let is_live = chat.is_live();
    live(move || {
        let Since { read, count } = shown.get().filter(|_| is_live.get())?;
        let label = if count == 1 { "1 new message".to_owned() } else { format!("{count} new messages") };
        let jump = move |_| target.set(Some((Seq(read.0 + 1), CONTEXT)));
        let button = view! {
            <button class="jump to-unread" type="button" on:click=jump>
                <Icon of=IconOf::Up />
                {label}
            </button>
        };
        Some(button.into_any())
    })
}
