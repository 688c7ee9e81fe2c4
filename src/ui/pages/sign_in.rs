//! Signing in.

use super::register::lead;
use crate::api::accounts::SignIn;
use crate::ui::parts::{FormProblem, Icon, IconOf, SubmitButton, TextField};
use leptos::ev::SubmitEvent;
use leptos::form::ActionForm;
use leptos::html::Input;
use leptos::prelude::*;
use leptos_meta::Title;

/// The form that asks who one is.
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let next = lead();
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (login_ref, password_ref) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submitted = RwSignal::new(false);
    let answer = action.value();

    let missing = move |value: RwSignal<String>, sentence: &'static str| {
        Signal::derive(move || {
            (submitted.get() && value.with(|text| text.trim().is_empty())).then(|| sentence.to_owned())
        })
    };
    let no_login = missing(login, "Type your username or email address.");
    let no_password = missing(password, "Type your password.");
    let problem = Signal::derive(move || answer.with(|answer| Some(answer.as_ref()?.as_ref().err()?.message.clone())));
    // Once it has succeeded the next page is on its way.
    let busy = Signal::derive(move || action.pending().get() || answer.with(|answer| matches!(answer, Some(Ok(())))));

    let check = move |event: SubmitEvent| {
        if busy.get_untracked() {
            event.prevent_default();
            return;
        }
        submitted.set(true);
        let wrong = [(no_login, login_ref), (no_password, password_ref)];
        if let Some((_, field)) = wrong.into_iter().find(|(problem, _)| problem.with_untracked(Option::is_some)) {
            event.prevent_default();
            focus(field);
        }
    };
    // A refused attempt is nearly always a mistyped password.
    Effect::new(move |_| {
        let refused = answer.with(|answer| matches!(answer, Some(Err(_))));
        if refused {
            focus(password_ref);
        }
    });

    let register = move || with_next("/register", &next.get());
    view! {
        <Title text="Sign in" />
        <main class="card-page">
            <ActionForm action=action attr:class="card" attr:novalidate=true on:submit:capture=check>
                <div class="workspace">
                    <span class="mark">
                        <Icon of=IconOf::Mark />
                    </span>
                    "Hubbub"
                </div>
                <h1>"Sign in"</h1>
                <input type="hidden" name="next" value=move || next.get() />
                <TextField
                    name="login"
                    label="Username or email"
                    autocomplete="username"
                    value=login
                    problem=no_login
                    autofocus=true
                    node_ref=login_ref
                />
                <TextField
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    value=password
                    problem=no_password
                    node_ref=password_ref
                />
                <FormProblem problem=problem />
                <SubmitButton label="Sign in" busy_label="Signing in…" busy=busy />
                <p class="aside">"New here? " <a href=register>"Create an account"</a></p>
            </ActionForm>
        </main>
    }
    .into_any()
}

/// A path that keeps where one wanted to go.
pub(super) fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?next={}", leptos_router::location::Url::escape(next))
    }
}

/// Puts the cursor into a field.
pub(super) fn focus(field: NodeRef<Input>) {
    if let Some(input) = field.get_untracked() {
        // Refused only by a field that is gone.
        let _ = input.focus();
    }
}
