//! A point in time.

use super::live;
use crate::client::Chat;
use crate::model::Millis;
use leptos::prelude::*;

/// The time of day; the exact moment on hover.
#[component]
pub fn Moment(#[prop(into)] at: Signal<Millis>) -> impl IntoView {
    let zone = Chat::get().zone();
    let machine = move || crate::client::machine_text(at.get());
    view! {
        <time datetime=machine title=move || zone.get().exact_text(at.get())>
            {live(move || zone.get().time_text(at.get()))}
        </time>
    }
}

/// How long ago it was as of `now`; the exact moment on hover.
#[component]
pub fn Ago(#[prop(into)] at: Signal<Millis>, #[prop(into)] now: Signal<Millis>) -> impl IntoView {
    let zone = Chat::get().zone();
    let machine = move || crate::client::machine_text(at.get());
    view! {
        <time datetime=machine title=move || zone.get().exact_text(at.get())>
            {live(move || ago_text(now.get().0 - at.get().0))}
        </time>
    }
    .into_any()
}

fn ago_text(millis: i64) -> String {
    let minutes = millis / 60_000;
    match (minutes, minutes / 60, minutes / (24 * 60)) {
        (..1, ..) => "now".into(),
        (1, ..) => "1 minute ago".into(),
        (_, 0, _) => format!("{minutes} minutes ago"),
        (_, 1, _) => "1 hour ago".into(),
        (_, hours, 0) => format!("{hours} hours ago"),
        (.., 1) => "1 day ago".into(),
        (.., days) => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit() {
        const MINUTE: i64 = 60_000;
        for (millis, text) in [
            (-5, "now"),
            (MINUTE - 1, "now"),
            (MINUTE, "1 minute ago"),
            (59 * MINUTE, "59 minutes ago"),
            (60 * MINUTE, "1 hour ago"),
            (23 * 60 * MINUTE, "23 hours ago"),
            (24 * 60 * MINUTE, "1 day ago"),
            (30 * 24 * 60 * MINUTE, "30 days ago"),
        ] {
            assert_eq!(ago_text(millis), text);
        }
    }
}
