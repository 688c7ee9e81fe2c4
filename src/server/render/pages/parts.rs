//! What server-rendered pages have in common.

use crate::client::platform;
use crate::model::{Error, Field, Millis, Person, Presence, Route};
use crate::server::query;
use crate::ui::parts::Avatar;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::error::ServerFnUrlError;

/// The form that filters a list: it opens the list's own address with the search in the query.
pub(super) fn search_form(page: Route, label: &'static str, hint: &'static str, search: &str) -> AnyView {
    view! {
        <form class="search" role="search" method="get" action=page.to_string()>
            <input
                type="search"
                id="search"
                name="search"
                dir="auto"
                value=search.to_owned()
                aria-label=label
                placeholder=hint
                autocomplete="off"
                maxlength="100"
            />
            <button class="button plain" type="submit">
                "Find"
            </button>
        </form>
    }
    .into_any()
}

/// The links to the first and the next page of a list.
pub(super) fn page_links(page: Route, search: &str, after: Option<&str>, next: Option<String>) -> Option<AnyView> {
    let link = |label: &'static str, after: String| {
        let href = format!("{page}?search={}{after}", query::value(search));
        view! {
            <a class="button s plain" href=href>
                {label}
            </a>
        }
        .into_any()
    };
    let first = after.map(|_| link("First page", String::new()));
    let next = next.map(|next| link("Next page", format!("&after={}", query::value(&next))));
    let links: Vec<AnyView> = [first, next].into_iter().flatten().collect();
    (!links.is_empty()).then(|| view! { <p class="leaves">{links}</p> }.into_any())
}

/// A form of one button; `done` is the message after it succeeded.
pub(super) struct ActionForm<'a> {
    pub action: &'static str,
    /// The hidden fields.
    pub fields: &'a [(&'static str, String)],
    pub class: &'static str,
    pub label: &'static str,
    /// The id of the element that names what it applies to. The button's accessible name has both.
    pub about: &'a str,
    pub done: Option<&'static str>,
}

impl ActionForm<'_> {
    pub fn form(self) -> AnyView {
        let fields = self.fields.iter().map(|(name, value)| {
            view! { <input type="hidden" name=*name value=value.clone() /> }
        });
        let id = format!("{}-{}", self.about, self.action.rsplit('/').next().unwrap_or_default());
        let called = format!("{id} {}", self.about);
        view! {
            <form action=self.action method="post" data-done=self.done>
                {fields.collect_view()}
                <button class=self.class type="submit" id=id aria-labelledby=called>
                    {self.label}
                </button>
            </form>
        }
        .into_any()
    }
}

/// A person's avatar with their presence, which scripts keep up to date.
pub(super) fn avatar(person: &Person, presence: &Presence) -> AnyView {
    view! {
        <span class="avatar-with-presence" data-user=person.id.to_string() data-state=presence.state.as_str() aria-hidden="true">
            <Avatar person=person.clone() />
            <i class="dot"></i>
        </span>
    }
    .into_any()
}

/// A person's username and presence.
pub(super) fn username_and_presence(person: &Person, presence: &Presence, now: Millis) -> AnyView {
    view! {
        <p>
            <bdi>{format!("@{}", person.username)}</bdi>
            " · "
            <span class="seen" data-user=person.id.to_string()>
                {presence.text(now)}
            </span>
        </p>
    }
    .into_any()
}

/// Why the form of the server function at `path`, sent without scripts, was refused.
pub(super) fn refusal_of(path: &str) -> Option<Error> {
    let refused = use_context::<ServerActionError>().filter(|refused| refused.path() == path);
    refused.map(|refused| ServerFnUrlError::<Error>::decode_err(refused.err()))
}

/// The two fields of a room: with its values, or with those of the form that was just refused.
pub(super) fn room_fields(path: &str, name: &str, topic: &str) -> AnyView {
    let refused = refusal_of(path);
    let problem = |field| refused.as_ref().and_then(|error| error.of(field)).map(str::to_owned);
    let mut refused_values = platform::page::form_values();
    let name = refused_values.remove("name").unwrap_or_else(|| name.to_owned());
    let topic = refused_values.remove("topic").unwrap_or_else(|| topic.to_owned());
    let name_hint = format!("Up to {} characters.", crate::model::room::NAME_MAX);
    let topic_hint = format!("What it is about, in up to {} characters.", crate::model::room::TOPIC_MAX);
    view! {
        {text_field("name", "Name", name, name_hint, problem(Field::Name))}
        {text_field("topic", "Topic (optional)", topic, topic_hint, problem(Field::Topic))}
    }
    .into_any()
}

/// A text field with its hint, and its problem.
pub(super) fn text_field(
    name: &'static str,
    label: &'static str,
    value: String,
    hint: String,
    problem: Option<String>,
) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                value=value
                dir="auto"
                autocomplete="off"
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=format!("{name}-problem {name}-hint")
            />
            <span class="error" id=format!("{name}-problem")>
                {problem}
            </span>
            <span class="hint" id=format!("{name}-hint")>
                {hint}
            </span>
        </div>
    }
    .into_any()
}
