//! What outlives the page, per user: the outbox, which all tabs of the browser share, and drafts.
//!
//! A browser may refuse storage (private windows, a full disk, a strict setting). Then the page still works, but unsent
//! messages are lost with it: `store` returns whether the browser accepted an operation, and the page shows a warning.

use super::clock;
use crate::model::{ConversationId, MessageId, Millis, SortedMap, SortedSet, UserId, json};
use crate::sync::{Operation, TabId};
use web_sys::Storage;

/// A change by another tab.
pub enum StorageChange {
    Stored(Operation),
    Removed(MessageId),
    /// A tab has closed.
    TabClosed(TabId),
    /// Whether a conversation has a draft now.
    Draft(ConversationId, bool),
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

/// Stores an operation that this tab sends. Returns whether the browser accepted it.
pub fn store(operation: &Operation) -> bool {
    // First, or another tab would take it for the operation of a tab that has closed.
    store_tab(operation.tab, clock::now().wall);
    let key = format!("{}{}", outbox_prefix(operation.author), operation.id);
    let text = serde_json::to_string(operation).unwrap_or_default();
    storage().is_some_and(|storage| storage.set_item(&key, &text).is_ok())
}

/// Removes an operation from the outbox.
pub fn remove(user: UserId, id: MessageId) {
    remove_key(&format!("{}{id}", outbox_prefix(user)));
}

/// A user's outbox in the order of creation (identifiers begin with the time). Entries that this build cannot read are
/// kept for the build that wrote them.
pub fn outbox(user: UserId) -> Vec<Operation> {
    let entries = entries(&outbox_prefix(user)).into_iter();
    let operations = entries.filter_map(|(_, text)| json::read::<Operation>(&text).ok());
    let sorted: SortedMap<_, _> =
        operations.filter(|operation| operation.author == user).map(|operation| (operation.id, operation)).collect();
    sorted.into_values().collect()
}

/// Interprets a storage event for this user.
pub fn parse_change(user: UserId, key: &str, value: Option<&str>) -> Option<StorageChange> {
    if let Some(tab) = key.strip_prefix(TAB_PREFIX) {
        return value.is_none().then(|| tab.parse().ok().map(StorageChange::TabClosed)).flatten();
    }
    if let Some(conversation) = key.strip_prefix(&draft_prefix(user)) {
        let conversation = conversation.parse().ok()?;
        return Some(StorageChange::Draft(conversation, value.is_some_and(is_draft)));
    }
    let id = key.strip_prefix(&outbox_prefix(user))?.parse().ok().map(MessageId)?;
    match value {
        None => Some(StorageChange::Removed(id)),
        Some(text) => json::read(text).ok().map(StorageChange::Stored),
    }
}

/// Records that a tab is alive, so that no other tab adopts its operations.
pub fn store_tab(tab: TabId, now: Millis) {
    if let Some(storage) = storage() {
        // Refused: then the outbox is not shared with other tabs either.
        let _ = storage.set_item(&format!("{TAB_PREFIX}{tab}"), &now.to_string());
    }
}

/// When a tab last recorded that it is alive.
pub fn tab_last_seen(tab: TabId) -> Option<Millis> {
    storage()?.get_item(&format!("{TAB_PREFIX}{tab}")).ok()??.parse().ok()
}

/// Records that a tab has closed: others may adopt its operations.
pub fn remove_tab(tab: TabId) {
    remove_key(&format!("{TAB_PREFIX}{tab}"));
}

/// The draft of a message in a conversation; empty if there is none.
pub fn draft(user: UserId, conversation: ConversationId) -> String {
    let key = format!("{}{conversation}", draft_prefix(user));
    storage().and_then(|storage| storage.get_item(&key).ok()?).unwrap_or_default()
}

/// The conversations in which a user has a draft.
pub fn drafts(user: UserId) -> SortedSet<ConversationId> {
    let prefix = draft_prefix(user);
    let drafts = entries(&prefix).into_iter().filter(|(_, text)| is_draft(text));
    drafts.filter_map(|(key, _)| key.strip_prefix(&prefix)?.parse().ok()).collect()
}

/// Whether a text is worth marking its conversation: blanks are kept, but they are nothing to go on with.
pub fn is_draft(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Saves a draft; an empty text removes it.
pub fn keep_draft(user: UserId, conversation: ConversationId, text: &str) {
    let key = format!("{}{conversation}", draft_prefix(user));
    if text.is_empty() {
        remove_key(&key);
    } else if let Some(storage) = storage() {
        // Refused: the text stays in the composer as long as the page lives.
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
        // Refused only by a storage that keeps nothing.
        let _ = storage.remove_item(key);
    }
}
