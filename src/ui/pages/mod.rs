//! The pages.

mod conversation;
mod diagnostics;
mod failed;
mod not_found;
mod password;
mod register;
mod rendered;
mod sheet;
mod sign_in;

pub use conversation::ConversationPage;
pub use diagnostics::DiagnosticsPage;
pub use failed::FailedPage;
pub use not_found::NotFoundPage;
pub use password::PasswordPage;
pub use register::RegisterPage;
pub use rendered::{RenderedPage, rendered_data};
pub use sheet::Sheet;
pub use sign_in::SignInPage;
