//! Invitations: links that let somebody register.

use crate::model::{Error, InvitationId, Invitations};
use leptos::prelude::*;

/// A page of the caller's own invitations (the owner's: of everybody's), the newest first: those before `after`.
#[server(prefix = "/api", endpoint = "invitations")]
pub async fn list_invitations(#[server(default)] after: Option<InvitationId>) -> Result<Invitations, Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::invitations::page(&core, user, &server_functions::register_page()?, after).await
}

/// Makes an invitation for so many days and people, and returns its link.
#[server(prefix = "/api", endpoint = "create-invitation")]
pub async fn create_invitation(days: i64, uses: i64) -> Result<String, Error> {
    use crate::model::invitation::InvitationForm;
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::invitations::create(&core, user, &server_functions::register_page()?, InvitationForm { days, uses }).await
}

/// Revokes an invitation: nobody can register with it any more.
#[server(prefix = "/api", endpoint = "revoke-invitation")]
pub async fn revoke_invitation(invitation: InvitationId) -> Result<(), Error> {
    use crate::server::{chat, server_functions};
    let (core, user) = server_functions::caller().await?;
    chat::invitations::revoke(&core, user, invitation).await
}
