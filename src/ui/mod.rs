//! What a person sees.

pub mod conversation;
pub mod pages;
pub mod parts;
pub mod sidebar;
