//! The pages.

mod conversation;
mod diagnostics;
mod failed;
mod not_found;
mod register;
mod sign_in;

pub use conversation::ConversationPage;
pub use diagnostics::DiagnosticsPage;
pub use failed::FailedPage;
pub use not_found::NotFoundPage;
pub use register::RegisterPage;
pub use sign_in::SignInPage;
