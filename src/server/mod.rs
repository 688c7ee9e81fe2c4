//! The server's half of the house.

pub mod access;
pub mod auth;
pub mod boot;
pub mod chat;
pub mod clock;
pub mod config;
pub mod core;
pub mod demo;
pub mod error;
pub mod guard;
pub mod hub;
pub mod janitor;
pub mod listen;
pub mod operator;
pub mod presence;
pub mod router;
pub mod run;
pub mod sheets;
pub mod site;
pub mod socket;
pub mod store;
pub mod uses;
pub mod writer;

pub use core::Core;
pub use run::run;
