//! The app shell of a signed-in user: the sidebar with the conversation list, beside the current page.

mod app_shell;
mod conversation_link;
mod conversations;
mod list_order;
mod more_unread;
mod section_heading;
mod switcher;
mod user_menu;

pub use app_shell::AppShell;
pub use conversations::Conversations;
pub use switcher::Switcher;
pub use user_menu::UserMenu;
