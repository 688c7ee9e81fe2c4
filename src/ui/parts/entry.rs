//! A field of a form that is judged while one types.

use leptos::html::Input;
use leptos::prelude::*;

/// One field, as it stands.
#[derive(Clone, Copy)]
pub struct Entry {
    pub value: RwSignal<String>,
    /// Left with something in it, or sent: worth judging.
    judged: RwSignal<bool>,
    /// What the server refused, for as long as it stands there unchanged.
    refused: RwSignal<Option<(String, String)>>,
    pub node: NodeRef<Input>,
}

impl Entry {
    #[expect(clippy::new_without_default, reason = "a field is made where its form is, never by default")]
    pub fn new() -> Self {
        let (value, judged, refused) = (RwSignal::default(), RwSignal::new(false), RwSignal::new(None));
        Entry { value, judged, refused, node: NodeRef::new() }
    }

    /// The cursor has left it. An empty field that was only passed through is not complained about yet.
    pub fn leave(self) {
        if self.value.with_untracked(|text| !text.is_empty()) {
            self.judged.set(true);
        }
    }

    /// The form is to be sent: what stands in it counts, also if the browser has filled it in without a word.
    pub fn judge(self) {
        self.take_over();
        self.judged.set(true);
    }

    fn take_over(self) {
        if let Some(input) = self.node.get_untracked() {
            self.value.set(input.value());
        }
    }

    /// What is to be said under it: its own rule, or what the server said of this very text.
    pub fn problem(self, own: impl FnOnce() -> Option<String>) -> Option<String> {
        let own = self.judged.get().then(own).flatten();
        own.or_else(|| {
            let (text, sentence) = self.refused.get()?;
            self.value.with(|value| *value == text).then_some(sentence)
        })
    }

    /// Takes over what the server says of it.
    pub fn refuse(self, why: Option<&str>) {
        // What stands there is what was refused, also where it was typed before the page woke up.
        self.take_over();
        self.refused.set(why.map(|why| (self.value.get_untracked(), why.to_owned())));
    }

    /// Begins anew, empty.
    pub fn clear(self) {
        if let Some(input) = self.node.get_untracked() {
            input.set_value("");
        }
        self.value.set(String::new());
        self.judged.set(false);
    }

    pub fn focus(self) {
        if let Some(input) = self.node.get_untracked() {
            // Refused only by a field that is gone.
            let _ = input.focus();
        }
    }
}
