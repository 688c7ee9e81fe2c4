//! What only a browser has. `ssr` is its twin on the server: the same functions, where nothing happens.
//!
//! A page has one chat, so sockets and timers live once per thread.

pub mod clock;
pub mod entropy;
pub mod form;
pub mod page;
pub mod page_events;
pub mod scroller;
pub mod server_html;
pub mod socket;
pub mod storage;
pub mod tabs;
pub mod text;
pub mod timer;
