//! The page to sign in on.

use super::register::next_page;
use crate::api::accounts::{SignIn, ask_admission};
use crate::client::effect;
use crate::client::platform;
use crate::model::Admission;
use crate::ui::parts::{FormProblem, FormSubmission, SubmitButton, TextField, WorkspaceMark, live, page_data};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

/// The sign-in form.
#[component]
pub fn SignInPage() -> impl IntoView {
    let submission = FormSubmission::new(SignIn::PATH);
    let next = next_page();
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (login_ref, password_ref) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submitted = RwSignal::new(false);

    let missing = move |value: RwSignal<String>, sentence: &'static str| {
        Signal::derive(move || {
            (submitted.get() && value.with(|text| text.trim().is_empty())).then(|| sentence.to_owned())
        })
    };
    let no_login = missing(login, "Type your username or email address.");
    let no_password = missing(password, "Type your password.");
    let problem = Signal::derive(move || submission.error().map(|error| error.message));
    let busy = Signal::derive(move || submission.is_busy());

    let send = move |event: SubmitEvent| {
        take_over(login, login_ref);
        take_over(password, password_ref);
        submitted.set(true);
        let wrong = [(no_login, login_ref), (no_password, password_ref)];
        match wrong.into_iter().find(|(problem, _)| problem.with_untracked(Option::is_some)) {
            Some((_, field)) => {
                event.prevent_default();
                focus(field);
            }
            None => submission.submit(&event, None),
        }
    };
    // A refusal nearly always means a mistyped password.
    effect(move || {
        if submission.error().is_some() {
            focus(password_ref);
        }
    });

    // Only where one can register.
    let register = page_data(|| ask_admission(String::new())).show(move |admission| {
        let register = move || with_next("/register", &next.get());
        let way = || view! { <p class="aside">"New here? " <a href=register>"Create an account"</a></p> };
        admission.map(|_: Admission| way()).ok().into_any()
    });
    view! {
        <Title text="Sign in" />
        <main class="card-page">
            <form class="card" action=SignIn::url() method="post" novalidate on:submit=send>
                <WorkspaceMark />
                <h1>"Sign in"</h1>
                <input type="hidden" name="next" value=live(move || next.get()) />
                <TextField
                    name="login"
                    label="Username or email"
                    autocomplete="username"
                    value=login
                    typed=platform::page::form_values().remove("login")
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
                <Transition>{register}</Transition>
            </form>
        </main>
    }
    .into_any()
}

/// A path with the page to open after signing in.
pub(super) fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?next={}", leptos_router::location::Url::escape(next))
    }
}

/// Reads the value of a field: a browser that fills in forms does not always send an event.
fn take_over(value: RwSignal<String>, field: NodeRef<Input>) {
    if let Some(input) = field.get_untracked() {
        value.set(input.value());
    }
}

/// Puts the cursor into a field.
fn focus(field: NodeRef<Input>) {
    if let Some(input) = field.get_untracked() {
        // Fails only for a field that is gone.
        let _ = input.focus();
    }
}
