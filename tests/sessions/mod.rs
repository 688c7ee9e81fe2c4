//! Sessions: a user's devices, and that a session which has ended receives and posts nothing more.

mod devices;
mod revocation;
