//! The two fields of a room: for a new one, and for one that is changed.

use super::TextField;
use crate::client::platform;
use crate::model::room::{NAME_MAX, RoomForm, TOPIC_MAX};
use crate::model::{Error, Field};
use leptos::html::Input;
use leptos::prelude::*;

/// A room's name and topic as they are typed.
#[derive(Clone, Copy)]
pub struct RoomFields {
    name: RwSignal<String>,
    topic: RwSignal<String>,
    name_ref: NodeRef<Input>,
    topic_ref: NodeRef<Input>,
    refused: RwSignal<Option<Error>>,
}

impl RoomFields {
    pub fn new(refused: Option<Error>) -> Self {
        RoomFields {
            name: RwSignal::default(),
            topic: RwSignal::default(),
            name_ref: NodeRef::new(),
            topic_ref: NodeRef::new(),
            refused: RwSignal::new(refused),
        }
    }

    /// Whether what stands in the fields meets their rules; otherwise they say why not.
    pub fn checked(self) -> bool {
        let text = |node: NodeRef<Input>| node.get_untracked().map(|input| input.value()).unwrap_or_default();
        let form = RoomForm { name: text(self.name_ref), topic: text(self.topic_ref) };
        let refused = form.check().err();
        let fits = refused.is_none();
        self.refuse(refused);
        fits
    }

    /// Takes over why it was refused.
    pub fn refuse(self, refused: Option<Error>) {
        let first = refused.as_ref().and_then(|error| error.fields.first()).map(|problem| problem.field);
        self.refused.set(refused);
        let node = match first {
            Some(Field::Name) => self.name_ref,
            Some(Field::Topic) => self.topic_ref,
            _ => return,
        };
        if let Some(input) = node.get_untracked() {
            // Refused only by a field that is gone.
            let _ = input.focus();
        }
    }

    fn problem(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || self.refused.with(|refused| refused.as_ref()?.of(field).map(str::to_owned)))
    }

    /// Why it was refused, where no field is to blame.
    pub fn other_problem(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.refused.with(|refused| {
                let error = refused.as_ref()?;
                error.fields.is_empty().then(|| error.message.clone())
            })
        })
    }
}

/// The fields. `name` and `topic` are what stands there now.
#[component]
pub fn RoomInputs(
    fields: RoomFields,
    #[prop(optional)] name: String,
    #[prop(optional)] topic: String,
) -> impl IntoView {
    let mut typed = platform::page::typed();
    let name = typed.remove("name").unwrap_or(name);
    let topic = typed.remove("topic").unwrap_or(topic);
    let (name_problem, topic_problem) = (fields.problem(Field::Name), fields.problem(Field::Topic));
    view! {
        <TextField
            name="name"
            label="Name"
            autocomplete="off"
            value=fields.name
            typed=Some(name)
            problem=name_problem
            node_ref=fields.name_ref
        >
            <span class="hint">{format!("Up to {NAME_MAX} characters.")}</span>
        </TextField>
        <TextField
            name="topic"
            label="Topic (optional)"
            autocomplete="off"
            optional=true
            value=fields.topic
            typed=Some(topic)
            problem=topic_problem
            node_ref=fields.topic_ref
        >
            <span class="hint">{format!("What it is about, in up to {TOPIC_MAX} characters.")}</span>
        </TextField>
    }
    .into_any()
}
