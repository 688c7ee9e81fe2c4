//! The browser's body for the engine: socket, timers, storage, and the signals that the views read.
//!
//! [`Chat`] is provided above the routes on both sides. On the server it holds an engine without a body, so that the
//! pages are rendered from the same state that the browser starts with; in the browser it is live. What differs
//! between the two is in one pair of twins with one interface: `browser` and `still`.

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
mod latest_request;
mod paged_search;
mod reactive;
pub mod search;
mod timeline;

pub use crate::sync::{Placeholder, Row, RowKey as Key};
pub use calendar::{DateParts, Zone};
pub use chat::{Chat, OpenState};
pub use latest_request::LatestRequest;
pub use paged_search::{Fetched, PagedSearch};
pub use platform::clock::machine_text;
pub use reactive::{effect, memo};
pub use timeline::{Entry, ScrollPosition, Timeline};

/// Prepares the page for life: what happens when it breaks, and where the server may lead it. Called once, before
/// the first view.
pub fn start() {
    platform::page::prepare();
}
