//! What outlives the page: unsent messages and drafts, per user.
//!
//! A browser may refuse storage (private windows, a full disk, a strict setting). Then the page works all the same,
//! and only forgets more when it is closed.

use crate::model::sorted::SortedMap;
use crate::model::{ConversationId, MessageId, UserId};
use crate::sync::Pending;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn outbox_prefix(user: UserId) -> String {
    format!("hubbub.outbox.{user}.")
}

fn draft_key(user: UserId, conversation: ConversationId) -> String {
    format!("hubbub.draft.{user}.{conversation}")
}

/// Keeps an unsent message.
pub fn keep(pending: &Pending) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(pending)) {
        // Refused: see above.
        let _ = storage.set_item(&format!("{}{}", outbox_prefix(pending.author), pending.id), &text);
    }
}

/// Forgets an unsent message.
pub fn remove(user: UserId, id: MessageId) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{}{id}", outbox_prefix(user)));
    }
}

/// A user's unsent messages, in the order of their making (which their identifiers begin with).
pub fn outbox(user: UserId) -> Vec<Pending> {
    let Some(storage) = storage() else { return Vec::new() };
    let prefix = outbox_prefix(user);
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
    let found: SortedMap<MessageId, Pending> = keys
        .filter(|key| key.starts_with(&prefix))
        .filter_map(|key| serde_json::from_str(&storage.get_item(&key).ok()??).ok())
        .filter(|pending: &Pending| pending.author == user)
        .map(|pending| (pending.id, pending))
        .collect();
    found.into_values().collect()
}

/// Whose entry a storage key is, if it is one of this user's outbox.
pub fn outbox_entry(user: UserId, key: &str) -> Option<MessageId> {
    key.strip_prefix(&outbox_prefix(user))?.parse().ok().map(MessageId)
}

/// What a user has begun to write in a conversation.
pub fn draft(user: UserId, conversation: ConversationId) -> String {
    storage().and_then(|storage| storage.get_item(&draft_key(user, conversation)).ok()?).unwrap_or_default()
}

/// Keeps what a user has begun to write; an empty text is no draft.
pub fn keep_draft(user: UserId, conversation: ConversationId, text: &str) {
    let Some(storage) = storage() else { return };
    let key = draft_key(user, conversation);
    let _ = if text.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, text) };
}
