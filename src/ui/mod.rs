//! What a person sees.

pub mod conversation;
pub mod pages;
pub mod parts;
mod route;
pub mod sidebar;

pub use route::Route;
