//! HTML: the documents that browsers load, and the content of server-rendered pages.
//!
//! The only part of the server that may use `ui`, `client` and `app` (`tests/structure.rs` checks it).

mod document;
pub mod pages;

pub use document::documents;
