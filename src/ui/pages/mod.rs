//! The pages.

mod accounts;
mod conversation;
mod devices;
mod diagnostics;
mod failed;
mod not_found;
mod password;
mod register;
mod sheet;
mod sign_in;

pub use accounts::AccountsPage;
pub use conversation::ConversationPage;
pub use devices::DevicesPage;
pub use diagnostics::DiagnosticsPage;
pub use failed::FailedPage;
pub use not_found::NotFoundPage;
pub use password::PasswordPage;
pub use register::RegisterPage;
pub use sheet::{Sheet, SheetWaiting};
pub use sign_in::SignInPage;
