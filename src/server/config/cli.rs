//! The command line: the program's commands.

use super::Options;
use clap::{Parser, Subcommand};

/// Self-hosted team chat in one program.
#[derive(Debug, Parser)]
#[command(name = "hubbub", version, about, long_about = None, after_help = SOURCES)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const SOURCES: &str = "Each setting comes from its flag, else from its environment variable, else from hubbub.toml \
                       (in the data folder; if there is none, beside the program), else it has its default.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site (also the default without a command)
    Serve,
    /// Manage accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Declare that the database was restored from a backup, before it is served again: every open page reloads its data
    Restored,
    /// Fill an empty data folder with a workspace to try out. Its password is public: never expose it to the internet
    Demo {
        /// The same seed makes the same conversations, with times up to now
        #[arg(long, default_value_t = 1, value_name = "NUMBER")]
        seed: u64,
    },
}

/// The operator's commands. They also work while the server runs.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add an account; the password is asked for, or read from standard input
    Add {
        username: String,
        #[arg(long)]
        first_name: String,
        #[arg(long)]
        last_name: String,
        #[arg(long)]
        email: String,
    },
    /// List all accounts
    List,
    /// Disable an account: its sessions end, and nobody can sign in to it
    Disable {
        /// Username or email address
        login: String,
    },
    /// Let a disabled account be used again
    Enable {
        /// Username or email address
        login: String,
    },
    /// Set a new password, asked for or read from standard input; all sessions of the account end
    ResetPassword {
        /// Username or email address
        login: String,
    },
}
