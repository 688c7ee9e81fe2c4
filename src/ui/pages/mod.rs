//! The pages.

mod conversation;
mod diagnostics;
mod failed;
mod layout;
mod lazy_page;
pub mod list;
mod not_found;
mod password;
mod people;
mod register;
mod rooms;
mod server_page;
mod sign_in;

pub use conversation::{ConversationPage, ToRoom};
pub use diagnostics::DiagnosticsPage;
pub use failed::FailedPage;
pub use layout::PageLayout;
pub use lazy_page::{LazyPage, load};
pub use not_found::NotFoundPage;
pub use people::people;
pub use rooms::rooms;
pub use server_page::rendered_data;

use password::PasswordPage;
use register::RegisterPage;
use server_page::RenderedPage;
use sign_in::SignInPage;
