//! The frame of every page inside: the list of conversations beside the page itself.

mod frame;
mod me;
mod rooms;

pub use frame::Frame;
pub use me::Me;
pub use rooms::Rooms;
