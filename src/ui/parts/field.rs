//! Fields of forms, and what is wrong with them.

use super::live;
use crate::client::effect;
use leptos::ev;
use leptos::html::Input;
use leptos::prelude::*;

/// A labelled text field with its problem under it.
///
/// The browser keeps the text, so that what was typed before the page woke up stays; `value` follows it.
#[component]
pub fn TextField(
    /// The name by which the form sends it; also its `id`.
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    autocomplete: &'static str,
    /// What is typed, as it is typed.
    value: RwSignal<String>,
    /// What stands in it when the page opens; without scripts alone (see `platform::page::form_values`).
    #[prop(optional_no_strip)]
    typed: Option<String>,
    /// The sentence that says what is wrong.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// The field has lost the focus.
    #[prop(optional)]
    on_blur: Option<Callback<()>>,
    /// Whether the cursor stands here when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
    /// How to reach the field.
    #[prop(optional)]
    node_ref: NodeRef<Input>,
    /// What stands under the field besides its problem.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    effect(move || {
        if let Some(input) = node_ref.get() {
            value.set(input.value());
        }
    });
    let error_id = format!("{name}-problem");
    let hint_id = format!("{name}-hint");
    let described = {
        let (error, hint, has_hint) = (error_id.clone(), hint_id.clone(), children.is_some());
        move || match (problem.with(Option::is_some), has_hint) {
            (true, true) => Some(format!("{error} {hint}")),
            (true, false) => Some(error.clone()),
            (false, true) => Some(hint.clone()),
            (false, false) => None,
        }
    };
    // Names and addresses are not sentences: no capitals, no corrections.
    let spelling = (kind != "text" || autocomplete == "username").then_some("none");
    let blur = move |_: ev::FocusEvent| {
        if let Some(on_blur) = on_blur {
            on_blur.run(());
        }
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                node_ref=node_ref
                id=name
                name=name
                type=kind
                value=typed
                autocomplete=autocomplete
                autocapitalize=spelling
                spellcheck=spelling.map(|_| "false")
                dir="auto"
                required=!optional
                autofocus=autofocus
                aria-invalid=live(move || problem.with(Option::is_some).then_some("true"))
                aria-describedby=described
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=blur
            />
            <span class="error" id=error_id>
                {live(move || problem.get())}
            </span>
            {children.map(|children| view! { <div id=hint_id>{children()}</div> })}
        </div>
    }
    .into_any()
}

/// What is wrong with the form as a whole.
#[component]
pub fn FormProblem(#[prop(into)] problem: Signal<Option<String>>) -> impl IntoView {
    // An answer may come just when the page is left.
    view! {
        <div role="alert" class="alert" class:empty-live-region=live(move || problem.try_with(Option::is_none).unwrap_or(true))>
            {live(move || problem.try_get().flatten())}
        </div>
    }
    .into_any()
}

/// The button that sends a form; it shows when the form is on its way.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// What it says while the form is on its way.
    busy_label: &'static str,
    #[prop(into)] busy: Signal<bool>,
) -> impl IntoView {
    view! {
        <button class="button" type="submit" aria-disabled=live(move || busy.get().then_some("true")) class:busy=busy>
            {live(move || if busy.get() { busy_label } else { label }.to_owned())}
        </button>
    }
    .into_any()
}
