//! The list of password rules.

use super::{Icon, IconOf, live};
use crate::client::memo;
use crate::model::password::Rule;
use leptos::prelude::*;

/// The rules of a password, each ticked while it is met.
#[component]
pub fn Rules(password: RwSignal<String>) -> impl IntoView {
    let rule = move |rule: Rule| {
        let met = memo(move || password.with(|password| rule.met(password)));
        let tick = move || view! { <Icon of=if met.get() { IconOf::Check } else { IconOf::Cross } /> }.into_any();
        let word = move || if met.get() { ": met" } else { ": not met yet" }.to_owned();
        view! {
            <li class:met=met>
                {live(tick)}
                {rule.label()}
                <span class="hidden-text">{live(word)}</span>
            </li>
        }
    };
    view! { <ul class="rules">{Rule::ALL.into_iter().map(rule).collect_view()}</ul> }.into_any()
}
