//! What a person sees.

pub mod conversation;
pub mod navigation;
pub mod pages;
pub mod parts;
pub mod room_panel;
pub mod sidebar;
