//! The page to change the password on.

use super::PageLayout;
use crate::api::devices::ChangePassword;
use crate::client::{Chat, effect};
use crate::model::password_form::PasswordForm;
use crate::model::{Error, Field};
use crate::ui::parts::{FieldState, FormProblem, FormSubmission, Rules, SubmitButton, TextField, live};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

const CHANGED: &str = "Your password is changed. All other devices are signed out.";

/// The form with the current password and a new one.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let submission = FormSubmission::new(ChangePassword::PATH);
    // Checked on submit: a problem that appeared on leaving a field would move the button away from under the pointer.
    let (current, new) = (FieldState::new(), FieldState::new());
    let filled = move || PasswordForm { current: current.value.get(), new: new.value.get() };
    let problem =
        move |state: FieldState, field: Field| Signal::derive(move || state.problem(|| filled().problem(field)));
    let show_server_error = move |error: &Error| {
        current.set_server_error(error.of(Field::CurrentPassword));
        new.set_server_error(error.of(Field::Password));
    };
    let focus_first_invalid = move |error: &Error| {
        let wrong = [(current, Field::CurrentPassword), (new, Field::Password)];
        if let Some((state, _)) = wrong.into_iter().find(|(_, field)| error.of(*field).is_some()) {
            state.focus();
        }
    };
    // Without scripts the answer comes in the address of the page.
    let done = RwSignal::new(use_query_map().with_untracked(|query| query.get_str("changed").is_some()));
    if let Some(error) = untrack(|| submission.error()) {
        show_server_error(&error);
        done.set(false);
    }
    effect(move || {
        if let Some(error) = submission.error() {
            show_server_error(&error);
            focus_first_invalid(&error);
        }
    });
    let accepted = Callback::new(move |_: bool| {
        current.clear();
        new.clear();
        done.try_set(true);
    });
    let send = move |event: SubmitEvent| {
        done.set(false);
        current.validate();
        new.validate();
        match untrack(filled).check() {
            Ok(_) => submission.submit(&event, Some(accepted)),
            Err(error) => {
                event.prevent_default();
                focus_first_invalid(&error);
            }
        }
    };
    let busy = Signal::derive(move || submission.is_busy());
    let whole = Signal::derive(move || {
        let error = submission.error()?;
        error.fields.is_empty().then_some(error.message)
    });
    let me = Chat::get().me();
    let username = me.with_untracked(|me| me.as_ref().map(|me| me.person.username.clone()));
    view! {
        <PageLayout title="Change password">
            <p class="quiet">"Your other devices are signed out when your password changes."</p>
            <p role="status" class="note" class:empty-live-region=live(move || !done.get())>
                {live(move || done.get().then_some(CHANGED))}
            </p>
            <form class="sheet-form" action=ChangePassword::url() method="post" novalidate on:submit=send>
                // For password managers: whose password it is.
                <input type="text" autocomplete="username" value=username hidden />
                <TextField
                    name="current_password"
                    label="Current password"
                    kind="password"
                    autocomplete="current-password"
                    value=current.value
                    problem=problem(current, Field::CurrentPassword)
                    node_ref=current.node
                />
                <TextField
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    value=new.value
                    problem=problem(new, Field::Password)
                    node_ref=new.node
                >
                    <Rules password=new.value />
                </TextField>
                <FormProblem problem=whole />
                <SubmitButton label="Change password" busy_label="Changing your password…" busy=busy />
            </form>
        </PageLayout>
    }
    .into_any()
}
