//! What only a browser has. `ssr` has the same functions for the server, where they do nothing.
//!
//! A page has one chat, so the socket and the timer are per thread.

pub mod clock;
pub mod entropy;
pub mod form;
pub mod list_scroll;
pub mod page;
pub mod page_events;
pub mod scroller;
pub mod server_html;
pub mod socket;
pub mod storage;
pub mod tabs;
pub mod text;
pub mod timer;
