//! The frame of every page inside: the list of conversations beside the page itself.

mod conversations;
mod frame;
mod switcher;
mod user_menu;

pub use conversations::Conversations;
pub use frame::Frame;
pub use switcher::Switcher;
pub use user_menu::UserMenu;
