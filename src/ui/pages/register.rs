//! The page to register on.

use super::sign_in::with_next;
use crate::api::accounts::{Register, ask_admission};
use crate::client::platform;
use crate::client::{effect, memo};
use crate::model::registration::RegistrationForm;
use crate::model::{Admission, Error, Field};
use crate::ui::parts::{
    FieldState, FormProblem, FormSubmission, Icon, IconOf, Rules, SubmitButton, TextField, WorkspaceMark, live,
    page_data,
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The fields, in the order of the form. The first account alone names the workspace.
const FIELDS: [Field; 6] =
    [Field::Workspace, Field::FirstName, Field::LastName, Field::Username, Field::Email, Field::Password];

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
    fields: StoredValue<[FieldState; 6]>,
    /// Whether it makes the first account.
    is_first: bool,
}

impl Form {
    fn new(is_first: bool) -> Self {
        Form { fields: StoredValue::new(FIELDS.map(|_| FieldState::new())), is_first }
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
            workspace: self.is_first.then(|| text(Field::Workspace)),
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
    let content = start.show(move |admission| match admission {
        Ok(Admission::First { by_invitation }) => {
            view! { <FirstRun by_invitation=by_invitation next=next /> }.into_any()
        }
        Ok(admission) => card(view! { <RegisterForm admission=admission next=next /> }.into_any(), next),
        Err(error) => card(view! { <Closed error=error /> }.into_any(), next),
    });
    view! {
        <Title text="Create an account" />
        <main class="card-page">
            <Transition>{content}</Transition>
        </main>
    }
    .into_any()
}

/// The card, with the way to sign in below.
fn card(content: AnyView, next: Memo<String>) -> AnyView {
    view! {
        <div class="card">
            <WorkspaceMark />
            {content}
            <p class="aside">"Already here? " <a href=live(move || with_next("/sign-in", &next.get()))>"Sign in"</a></p>
        </div>
    }
    .into_any()
}

/// The first account of a new server, which is the owner's, and the workspace's name.
#[component]
fn FirstRun(by_invitation: bool, next: Memo<String>) -> impl IntoView {
    let point = |icon: IconOf, title: &'static str, text: &'static str| {
        view! {
            <li>
                <Icon of=icon />
                <span>
                    <b>{title}</b>
                    {text}
                </span>
            </li>
        }
    };
    let joining = match by_invitation {
        true => point(IconOf::Lock, "By invitation", "Nobody can join until you invite them."),
        false => point(IconOf::People, "Open to everyone", "Whoever reaches this address can make an account."),
    };
    view! {
        <div class="card wide">
            <div class="welcome">
                <WorkspaceMark />
                <div>
                    <h1>"Your server is running"</h1>
                    <p class="quiet">"Nobody is here yet. Name the workspace and make the first account, yours."</p>
                </div>
                <ul class="points">
                    {point(IconOf::Server, "Everything stays here", "Messages are stored on your own server.")}
                    {joining}
                    {point(IconOf::Gear, "You are the owner", "You decide who may do what. The name can be changed later.")}
                </ul>
            </div>
            <RegisterForm admission=Admission::First { by_invitation } next=next />
        </div>
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
    let is_first = matches!(admission, Admission::First { .. });
    let form = Form::new(is_first);
    let mut values = platform::page::form_values();
    let workspace = values.remove("workspace").filter(|name| !name.is_empty());
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
        Admission::First { .. } | Admission::Open => None,
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
    let names = view! {
        <div class="two">
            {field(Field::FirstName, "first_name", "First name", "text", "given-name")}
            {field(Field::LastName, "last_name", "Last name", "text", "family-name")}
        </div>
    }
    .into_any();
    let username = field(Field::Username, "username", "Username", "text", "username");
    let email = field(Field::Email, "email", "Email", "email", "email");
    let secret = view! {
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
    }
    .into_any();
    let fields = match is_first {
        true => view! {
            <input type="hidden" name="first" value="true" />
            <fieldset>
                <legend>"Your workspace"</legend>
                {workspace_field(form, workspace)}
            </fieldset>
            <fieldset>
                <legend>"Your account"</legend>
                {names}
                <div class="two">{username} {email}</div>
                {secret}
            </fieldset>
        }
        .into_any(),
        false => view! {
            <div>
                <h1>"Join the conversation"</h1>
                {intro}
            </div>
            {names}
            {username}
            {email}
            {secret}
        }
        .into_any(),
    };
    let label = if is_first { "Create and start" } else { "Create account" };
    view! {
        <form class="stacked" action=Register::url() method="post" novalidate on:submit=send>
            <input type="hidden" name="next" value=live(move || next.get()) />
            <input type="hidden" name="invite" value=invitation() />
            {fields}
            <FormProblem problem=problem />
            <SubmitButton label=label busy_label="Creating your account…" busy=busy />
        </form>
    }
    .into_any()
}

/// The field of the workspace's name.
fn workspace_field(form: Form, typed: Option<String>) -> AnyView {
    let field = form.field(Field::Workspace);
    let blur = Callback::new(move |()| field.blur());
    view! {
        <TextField
            name="workspace"
            label="Name"
            autocomplete="organization"
            value=field.value
            typed=typed
            problem=form.problem(Field::Workspace)
            on_blur=blur
            node_ref=field.node
        >
            <span class="hint">"Your club, team or family, as everyone will see it."</span>
        </TextField>
    }
    .into_any()
}
