//! Invitations: links that let somebody register.

use crate::model::{Error, InvitationId, Invitations};
use leptos::prelude::*;

/// A page of one's own invitations (the owner's: of everybody's), the newest first: those before `after`.
#[server(prefix = "/api", endpoint = "invitations")]
pub async fn list_invitations(#[server(default)] after: Option<InvitationId>) -> Result<Invitations, Error> {
    use crate::server::chat;
    chat::invitations::page(after).await
}

/// Makes a link that is good for some days and some people, and gives its address.
#[server(prefix = "/api", endpoint = "create-invitation")]
pub async fn create_invitation(days: i64, uses: i64) -> Result<String, Error> {
    use crate::model::invitation::InvitationForm;
    use crate::server::chat;
    chat::invitations::create(InvitationForm { days, uses }).await
}

/// Revokes a link: nobody registers by it any more.
#[server(prefix = "/api", endpoint = "revoke-invitation")]
pub async fn revoke_invitation(invitation: InvitationId) -> Result<(), Error> {
    use crate::server::chat;
    chat::invitations::revoke(invitation).await
}
