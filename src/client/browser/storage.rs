//! What outlives the page, per user: the outbox, which all tabs of the browser share, and drafts.
//!
//! A browser may refuse storage (private windows, a full disk, a strict setting). Then the page works all the same, but
//! what is not sent yet is gone with it: whoever stores something is told, and says so on the screen.

use crate::model::{ConversationId, MessageId, Millis, UserId, json};
use crate::sync::{Operation, TabId};
use std::collections::BTreeMap;
use web_sys::Storage;

/// What another tab has changed.
pub enum Change {
    Stored(Operation),
    Removed(MessageId),
    /// A tab has said goodbye.
    TabClosed(TabId),
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn outbox_prefix(user: UserId) -> String {
    format!("hubbub.outbox.{user}.")
}

fn draft_prefix(user: UserId) -> String {
    format!("hubbub.draft.{user}.")
}

const TAB_PREFIX: &str = "hubbub.tab.";

/// Stores an operation of the outbox; tells whether the browser keeps it.
pub fn store(operation: &Operation) -> bool {
    let key = format!("{}{}", outbox_prefix(operation.author), operation.id);
    let text = serde_json::to_string(operation).unwrap_or_default();
    storage().is_some_and(|storage| storage.set_item(&key, &text).is_ok())
}

/// Removes an operation from the outbox.
pub fn remove(user: UserId, id: MessageId) {
    remove_key(&format!("{}{id}", outbox_prefix(user)));
}

/// A user's outbox, in the order of making (which the identifiers begin with). Entries that this build cannot read stay
/// where they are, for the one that wrote them.
pub fn outbox(user: UserId) -> Vec<Operation> {
    let entries = entries(&outbox_prefix(user)).into_iter();
    let operations = entries.filter_map(|(_, text)| json::read::<Operation>(&text).ok());
    let sorted: BTreeMap<_, _> =
        operations.filter(|operation| operation.author == user).map(|operation| (operation.id, operation)).collect();
    sorted.into_values().collect()
}

/// What a change of storage by another tab means for this user.
pub fn change(user: UserId, key: &str, value: Option<&str>) -> Option<Change> {
    if let Some(tab) = key.strip_prefix(TAB_PREFIX) {
        return value.is_none().then(|| tab.parse().ok().map(Change::TabClosed)).flatten();
    }
    let id = key.strip_prefix(&outbox_prefix(user))?.parse().ok().map(MessageId)?;
    match value {
        None => Some(Change::Removed(id)),
        Some(text) => json::read(text).ok().map(Change::Stored),
    }
}

/// Notes that a tab lives: its operations are its own to send.
pub fn keep_tab(tab: TabId, now: Millis) {
    if let Some(storage) = storage() {
        // Refused: then nothing of the outbox is shared with other tabs either.
        let _ = storage.set_item(&format!("{TAB_PREFIX}{tab}"), &now.to_string());
    }
}

/// When a tab last noted that it lives.
pub fn tab_seen(tab: TabId) -> Option<Millis> {
    storage()?.get_item(&format!("{TAB_PREFIX}{tab}")).ok()??.parse().ok()
}

/// A tab goes away: others may send what it has left.
pub fn remove_tab(tab: TabId) {
    remove_key(&format!("{TAB_PREFIX}{tab}"));
}

/// What a user has begun to write in a conversation.
pub fn draft(user: UserId, conversation: ConversationId) -> String {
    let key = format!("{}{conversation}", draft_prefix(user));
    storage().and_then(|storage| storage.get_item(&key).ok()?).unwrap_or_default()
}

/// Keeps what a user has begun to write; an empty text is no draft.
pub fn keep_draft(user: UserId, conversation: ConversationId, text: &str) {
    let key = format!("{}{conversation}", draft_prefix(user));
    if text.is_empty() {
        remove_key(&key);
    } else if let Some(storage) = storage() {
        // Refused: the text stands in the composer as long as the page does.
        let _ = storage.set_item(&key, text);
    }
}

/// Removes the outbox and all drafts of a user who signs out.
pub fn clear(user: UserId) {
    for prefix in [outbox_prefix(user), draft_prefix(user)] {
        entries(&prefix).into_iter().for_each(|(key, _)| remove_key(&key));
    }
}

fn entries(prefix: &str) -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
    let keys: Vec<String> = keys.filter(|key| key.starts_with(prefix)).collect();
    keys.into_iter().filter_map(|key| storage.get_item(&key).ok()?.map(|text| (key, text))).collect()
}

fn remove_key(key: &str) {
    if let Some(storage) = storage() {
        // Refused by a storage that keeps nothing anyway.
        let _ = storage.remove_item(key);
    }
}
