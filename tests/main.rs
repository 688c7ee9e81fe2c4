//! The server's tests through its public surface: one program, since linking costs more than running.

mod accounts;
mod architecture;
mod crash;
mod demo;
mod devices;
mod http;
mod invitations;
mod inviting;
mod limits;
mod listener;
mod names;
mod operator;
mod password;
mod presence;
mod protocol;
mod revocation;
mod rooms;
mod settings;
mod simulation;
mod socket;
mod store;
mod structure;
mod support;
mod writer;
