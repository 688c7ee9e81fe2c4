//! The frame of every page inside: the list of conversations beside the page itself.

mod conversations;
mod frame;
mod me;
mod switcher;

pub use conversations::Conversations;
pub use frame::Frame;
pub use me::Me;
pub use switcher::Switcher;
