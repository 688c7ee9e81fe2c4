//! The state of a form field that is validated while one types.

use leptos::html::Input;
use leptos::prelude::*;

/// The value of one field, and which problems it shows.
#[derive(Clone, Copy)]
pub struct FieldState {
    pub value: RwSignal<String>,
    /// Left with something in it, or submitted: from then on its own rule is shown.
    validated: RwSignal<bool>,
    /// The value that the server refused, with the reason: shown while the field still has it.
    server_error: RwSignal<Option<(String, String)>>,
    pub node: NodeRef<Input>,
}

impl FieldState {
    #[expect(clippy::new_without_default, reason = "a field is made where its form is, never by default")]
    pub fn new() -> Self {
        let (value, validated, server_error) = (RwSignal::default(), RwSignal::new(false), RwSignal::new(None));
        FieldState { value, validated, server_error, node: NodeRef::new() }
    }

    /// The field has lost the focus. An empty field that was only passed through is not complained about yet.
    pub fn blur(self) {
        if self.value.with_untracked(|text| !text.is_empty()) {
            self.validated.set(true);
        }
    }

    /// The form is to be submitted: the value in the field counts, also if the browser filled it in without an event.
    pub fn validate(self) {
        self.read_input();
        self.validated.set(true);
    }

    fn read_input(self) {
        if let Some(input) = self.node.get_untracked() {
            self.value.set(input.value());
        }
    }

    /// The problem to show under the field: that of its own rule, or the server's reason for refusing this value.
    pub fn problem(self, own: impl FnOnce() -> Option<String>) -> Option<String> {
        let own = self.validated.get().then(own).flatten();
        own.or_else(|| {
            let (text, sentence) = self.server_error.get()?;
            self.value.with(|value| *value == text).then_some(sentence)
        })
    }

    /// Sets the server's reason for refusing the current value.
    pub fn set_server_error(self, reason: Option<&str>) {
        // The value in the field is the refused one, also where it was typed before the page was hydrated.
        self.read_input();
        self.server_error.set(reason.map(|reason| (self.value.get_untracked(), reason.to_owned())));
    }

    /// Empties the field and hides its problems.
    pub fn clear(self) {
        if let Some(input) = self.node.get_untracked() {
            input.set_value("");
        }
        self.value.set(String::new());
        self.validated.set(false);
    }

    pub fn focus(self) {
        if let Some(input) = self.node.get_untracked() {
            // Refused only by a field that is gone.
            let _ = input.focus();
        }
    }
}
