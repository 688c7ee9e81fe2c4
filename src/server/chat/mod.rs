//! Use-cases, a file per noun: they read, ask [`super::access`] for decisions, and hand lasting changes to the writer.
//!
//! They take the core and the current user, and return values. They know neither the web framework nor the request:
//! server functions, the socket, the operator's commands and whatever comes later call the same ones.

pub mod accounts;
pub mod conversations;
pub mod initial_state;
pub mod invitations;
pub mod messages;
mod name_filter;
pub mod people;
pub mod read_position;
pub mod rooms;
pub mod search;
pub mod workspace;
