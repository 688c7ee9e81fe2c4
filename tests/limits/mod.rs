//! What one user, or somebody without an account, can take from the server.

mod strangers;
mod users;
