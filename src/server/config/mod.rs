//! The command line and the settings.
//!
//! # How to add a setting
//! 1. A field in [`Options`]: that makes its flag, its environment variable, its key in `hubbub.toml` and its line in
//!    `--help`.
//! 2. A field in [`Settings`], filled in `Settings::new`, where its value is checked and its default applied.
//! 3. A row in the table of `README.md`; the tests compare both.

mod cli;
mod file;
mod options;
mod settings;

pub use cli::{Cli, Command, UserCommand};
pub use file::{FILE, FileError};
pub use options::{Options, Registration};
pub use settings::{ConfigError, Settings};
