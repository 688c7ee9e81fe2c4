//! Use-cases, a file per noun: they decide and read, and hand lasting changes to the writer.

pub mod accounts;
pub mod conversations;
pub mod initial_state;
pub mod invitations;
pub mod messages;
pub mod people;
pub mod rooms;
pub mod search;
