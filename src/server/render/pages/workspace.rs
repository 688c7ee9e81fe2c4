//! The workspace's name, for its owner.

use super::parts::{refusal_of, text_field};
use crate::api::workspace::RenameWorkspace;
use crate::client::platform;
use crate::model::Field;
use crate::model::workspace::WORKSPACE_NAME_MAX;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form that names the workspace.
pub fn workspace(name: &str) -> String {
    let problem = refusal_of(RenameWorkspace::PATH).and_then(|error| error.of(Field::Workspace).map(str::to_owned));
    let name = platform::page::form_values().remove("workspace").unwrap_or_else(|| name.to_owned());
    let hint = format!("Your club, team or family, as everyone will see it, in up to {WORKSPACE_NAME_MAX} characters.");
    view! {
        <form
            class="stack"
            action=RenameWorkspace::url()
            method="post"
            novalidate
            data-done="The workspace has its new name."
        >
            {text_field("workspace", "Name", name, hint, problem)}
            <button class="button" type="submit">
                "Save"
            </button>
        </form>
    }
    .to_html()
}
