//! The workspace.

use crate::model::Error;
use leptos::prelude::*;

/// Names the workspace; for the owner alone. Everybody who is connected sees the new name at once.
#[server(prefix = "/api", endpoint = "rename-workspace")]
pub async fn rename_workspace(workspace: String) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, caller) = server_functions::caller().await?;
    let renamed = chat::workspace::rename(&core, caller, &workspace).await;
    renamed.inspect_err(|_| server_functions::keep_form_values(&[("workspace", &workspace)]))
}
