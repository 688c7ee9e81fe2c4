//! What the bodies of server functions do besides calling a use-case: the connection to the web framework.
//!
//! Finding the caller, keeping what was typed into a refused form, and leading a browser to another page depend on the
//! request that is being answered. Use-cases (`super::chat`) know nothing of it.

pub use super::auth::{caller, keep_form_values};

use super::auth;
use crate::model::room::RoomForm;
use crate::model::{ConversationId, Error, Route};

/// The address of the page to register at, as the caller knows this site. Invitations lead to it.
///
/// # Errors
/// `Unavailable` outside of a request.
pub fn register_page() -> Result<String, Error> {
    Ok(format!("{}{}", auth::site()?, Route::Register))
}

/// Leads the browser to a conversation.
pub fn redirect_to_conversation(id: ConversationId) {
    leptos_axum::redirect(&Route::Conversation(id).to_string());
}

/// Leads the browser to the list of conversations.
pub fn redirect_to_conversations() {
    leptos_axum::redirect(&Route::Front.to_string());
}

/// Keeps what was typed into the form of a room that was refused, so that a page without scripts shows it again.
pub fn keep_room_form(form: &RoomForm) {
    keep_form_values(&[("name", &form.name), ("topic", &form.topic)]);
}
