//! Pages beside the list that only the server renders: plain HTML with forms, which the browser shows as it comes.

mod accounts;
mod devices;
mod invitations;

pub use accounts::accounts;
pub use devices::devices;
pub use invitations::invitations;
