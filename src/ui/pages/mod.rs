//! The pages.

mod conversation;
mod diagnostics;
mod failed;
mod layout;
pub mod list;
mod not_found;
mod password;
mod people;
mod register;
mod rooms;
mod server_page;
mod sign_in;

pub use conversation::ConversationPage;
pub use diagnostics::DiagnosticsPage;
pub use failed::FailedPage;
pub use layout::PageLayout;
pub use not_found::NotFoundPage;
pub use password::PasswordPage;
pub use people::people;
pub use register::RegisterPage;
pub use rooms::rooms;
pub use server_page::{RenderedPage, rendered_data};
pub use sign_in::SignInPage;
