//! What is acknowledged is stored: once, in order, on both databases, through crashes, whatever is typed.

mod crash;
mod database;
mod names;
mod writer;
