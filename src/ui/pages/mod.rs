//! The pages.

mod about;
mod conversation;
mod diagnostics;
mod failed;
mod new_room;
mod not_found;
mod password;
mod people;
mod register;
mod rendered;
mod rooms;
mod sheet;
mod sign_in;

pub use about::AboutPage;
pub use conversation::ConversationPage;
pub use diagnostics::DiagnosticsPage;
pub use failed::FailedPage;
pub use new_room::NewRoomPage;
pub use not_found::NotFoundPage;
pub use password::PasswordPage;
pub use people::PeoplePage;
pub use register::RegisterPage;
pub use rendered::RenderedPage;
pub use rooms::RoomsPage;
pub use sheet::Sheet;
pub use sign_in::SignInPage;
