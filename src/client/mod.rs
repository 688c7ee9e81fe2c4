//! The browser's driver of the sync engine: socket, timers, storage, and the signals that the views read.
//!
//! [`Chat`] is provided above the routes on both sides. On the server it holds an engine without a driver, so that
//! pages are rendered from the same state that the browser starts with; in the browser it is live. What differs is in
//! two modules with the same interface: `browser` and `ssr`.

#[cfg(feature = "hydrate")]
pub mod browser;
#[cfg(not(feature = "hydrate"))]
pub mod ssr;

#[cfg(feature = "hydrate")]
pub use browser as platform;
#[cfg(not(feature = "hydrate"))]
pub use ssr as platform;

mod actions;
mod calendar;
mod chat;
mod conversation_order;
mod latest_request;
mod list_preferences;
mod paged_search;
mod reactive;
mod scroll_handlers;
pub mod search;
mod signal_map;
mod timeline;
mod virtual_list;

pub use crate::sync::{Placeholder, Row, RowKey};
pub use calendar::{DateParts, Zone};
pub use chat::{Chat, OpenState};
pub use conversation_order::{ListEntry, unread_first, with_open};
pub use latest_request::LatestRequest;
pub use list_preferences::{ListPreferences, ListSection};
pub use paged_search::{Fetched, PagedSearch};
pub use platform::clock::machine_text;
pub use reactive::{effect, memo};
pub use scroll_handlers::{ScrollHandlers, VisibleRow};
pub use timeline::{Preceding, ScrollPosition, Timeline, TimelineRow, set_if_changed, set_if_changed_arc};
pub use virtual_list::Viewport;

/// Sets up what has to exist before the first view: the panic banner and the handling of redirects. Call it once.
pub fn start() {
    platform::page::prepare();
}
