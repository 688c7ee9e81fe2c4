//! The page to register on.

use super::sign_in::with_next;
use crate::api::accounts::{Register, ask_admission};
use crate::client::platform;
use crate::client::{effect, memo};
use crate::model::registration::RegistrationForm;
use crate::model::{Admission, Error, Field};
use crate::ui::parts::{
    FieldState, FormProblem, FormSubmission, Icon, IconOf, Rules, SubmitButton, TextField, live, page_data,
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The fields, in the order of the form.
const FIELDS: [Field; 5] = [Field::FirstName, Field::LastName, Field::Username, Field::Email, Field::Password];

/// The page to open after signing in, from the query.
pub(super) fn next_page() -> Memo<String> {
    let query = use_query_map();
    memo(move || query.with(|query| query.get_str("next").unwrap_or_default().to_owned()))
}

/// The token of the invitation, from the query; empty without one.
fn invitation() -> String {
    use_query_map().with_untracked(|query| query.get_str("invite").unwrap_or_default().to_owned())
}

/// The values of all fields.
#[derive(Clone, Copy)]
struct Form {
    fields: StoredValue<[FieldState; 5]>,
}

impl Form {
    fn new() -> Self {
        Form { fields: StoredValue::new(FIELDS.map(|_| FieldState::new())) }
    }

    fn field(self, field: Field) -> FieldState {
        let at = FIELDS.iter().position(|known| *known == field).unwrap_or(0);
        self.fields.with_value(|fields| fields[at])
    }

    /// The form as the model checks it, on both sides.
    fn filled(self) -> RegistrationForm {
        let text = |field| self.field(field).value.get();
        RegistrationForm {
            username: text(Field::Username),
            first_name: text(Field::FirstName),
            last_name: text(Field::LastName),
            email: text(Field::Email),
            password: text(Field::Password),
        }
    }

    /// The problem to show under a field.
    fn problem(self, field: Field) -> Signal<Option<String>> {
        let state = self.field(field);
        Signal::derive(move || state.problem(|| self.filled().problem(field)))
    }

    /// Shows the problems of the server's refusal.
    fn show_server_error(self, error: &Error) {
        for field in FIELDS {
            self.field(field).set_server_error(error.of(field));
        }
    }

    fn focus_first(self, wrong: impl Fn(Field) -> bool) {
        if let Some(field) = FIELDS.into_iter().find(|field| wrong(*field)) {
            self.field(field).focus();
        }
    }
}

/// The form that creates an account, or the reason why there is none.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let start = page_data(|| ask_admission(invitation()));
    let next = next_page();
    let content = start.show(move |admission| {
        let content = match admission {
            Ok(admission) => view! { <RegisterForm admission=admission next=next /> }.into_any(),
            Err(error) => view! { <Closed error=error /> }.into_any(),
        };
        view! {
            {content}
            <p class="aside">"Already here? " <a href=live(move || with_next("/sign-in", &next.get()))>"Sign in"</a></p>
        }
        .into_any()
    });
    view! {
        <Title text="Create an account" />
        <main class="card-page">
            <div class="card">
                <div class="workspace">
                    <span class="mark">
                        <Icon of=IconOf::Mark />
                    </span>
                    "Hubbub"
                </div>
                <Transition>{content}</Transition>
            </div>
        </main>
    }
    .into_any()
}

/// The reason why this visitor cannot register.
#[component]
fn Closed(error: Error) -> impl IntoView {
    view! {
        <h1>"Join the conversation"</h1>
        <p>{error.message}</p>
    }
    .into_any()
}

#[component]
fn RegisterForm(admission: Admission, next: Memo<String>) -> impl IntoView {
    let submission = FormSubmission::new(Register::PATH);
    let form = Form::new();
    let values = platform::page::form_values();
    // Without scripts the refusal comes with the page.
    if let Some(error) = untrack(|| submission.error()) {
        form.show_server_error(&error);
    }
    let busy = Signal::derive(move || submission.is_busy());
    let problem = Signal::derive(move || {
        let error = submission.error()?;
        error.fields.is_empty().then_some(error.message)
    });

    let send = move |event: SubmitEvent| {
        for field in FIELDS {
            form.field(field).validate();
        }
        match untrack(|| form.filled()).check() {
            Err(error) => {
                event.prevent_default();
                form.focus_first(|field| error.of(field).is_some());
            }
            Ok(_) => submission.submit(&event, None),
        }
    };
    effect(move || {
        if let Some(error) = submission.error() {
            form.show_server_error(&error);
            form.focus_first(|field| error.of(field).is_some());
        }
    });

    let intro = match admission {
        Admission::First => Some(view! { "The first account here becomes the owner." }.into_any()),
        Admission::Open => None,
        Admission::Invited(name) => Some(view! { <bdi>{name}</bdi> " invites you." }.into_any()),
    };
    let intro = intro.map(|text| view! { <p class="quiet">{text}</p> });
    let password_field = form.field(Field::Password);
    let password = password_field.value;
    let field =
        move |field: Field, name: &'static str, label: &'static str, kind: &'static str, autocomplete: &'static str| {
            let state = form.field(field);
            let initial = values.get(name).cloned();
            let blur = Callback::new(move |()| state.blur());
            view! {
                <TextField
                    name=name
                    label=label
                    kind=kind
                    autocomplete=autocomplete
                    value=state.value
                    typed=initial
                    problem=form.problem(field)
                    on_blur=blur
                    node_ref=state.node
                />
            }
        };

    let blur_password = Callback::new(move |()| password_field.blur());
    view! {
        <form class="stacked" action=Register::url() method="post" novalidate on:submit=send>
            <div>
                <h1>"Join the conversation"</h1>
                {intro}
            </div>
            <input type="hidden" name="next" value=live(move || next.get()) />
            <input type="hidden" name="invite" value=invitation() />
            <div class="two">
                {field(Field::FirstName, "first_name", "First name", "text", "given-name")}
                {field(Field::LastName, "last_name", "Last name", "text", "family-name")}
            </div>
            {field(Field::Username, "username", "Username", "text", "username")}
            {field(Field::Email, "email", "Email", "email", "email")}
            <TextField
                name="password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                value=password
                problem=form.problem(Field::Password)
                on_blur=blur_password
                node_ref=password_field.node
            >
                <Rules password=password />
            </TextField>
            <FormProblem problem=problem />
            <SubmitButton label="Create account" busy_label="Creating your account…" busy=busy />
        </form>
    }
    .into_any()
}
