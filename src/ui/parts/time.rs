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
        <time datetime=machine title=live(move || zone.get().exact_text(at.get()))>
            {live(move || zone.get().time_text(at.get()))}
        </time>
    }
}
