//! What a person sees.

pub mod conversation;
pub mod pages;
pub mod parts;
pub mod room_panel;
mod route;
pub mod sidebar;

pub use route::Route;
