//! The server: everything that runs beside the database.

pub mod access;
pub mod auth;
pub mod chat;
pub mod clock;
pub mod config;
pub mod cookies;
pub mod core;
pub mod demo;
pub mod error;
pub mod hub;
pub mod janitor;
pub mod listener;
pub mod middleware;
pub mod operator;
pub mod presence;
pub mod query;
pub mod render;
pub mod router;
pub mod run;
pub mod server_functions;
pub mod session_activity;
pub mod setup;
pub mod site;
pub mod socket;
pub mod store;
pub mod writer;

pub use core::Core;
pub use run::run;
