//! The server's tests through its public surface: one program, since linking costs more than running.

mod accounts;
mod architecture;
mod demo;
mod http;
mod invitations;
mod limits;
mod operator;
mod password;
mod presence;
mod protocol;
mod rooms;
mod sessions;
mod settings;
mod simulation;
mod socket;
mod storage;
mod structure;
mod support;
