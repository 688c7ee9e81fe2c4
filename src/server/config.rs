//! Settings: flags, then the environment, then `Leptos.toml`, then the defaults.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where the site's options and the program's own defaults stand, beside the folder that it is started in.
pub const FILE: &str = "Leptos.toml";

/// Self-hosted team chat in one program.
#[derive(Debug, Parser)]
#[command(name = "hubbub", version, about, long_about = None)]
pub struct Cli {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site (what happens without a command, too)
    Serve,
    /// Manage accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Say that the database was put back from a copy, before it is served again: every open page starts afresh
    Restored,
    /// Fill an empty data folder with a workspace to try out. Everybody knows its password: it must not face the internet
    Demo {
        /// Another seed makes other conversations; the same seed makes the same ones, up to now
        #[arg(long, default_value_t = 1, value_name = "NUMBER")]
        seed: u64,
    },
}

/// The operator's commands. They may be used while the server runs.
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

#[derive(Debug, Default, Args)]
pub struct Flags {
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "HUBBUB_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Folder of everything that must be kept [default: ./data]
    #[arg(long, global = true, env = "HUBBUB_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// sqlite://… or postgres://… [default: hubbub.db in the data folder]
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Public address of the site, for links and the check of origins [default: from the request]
    #[arg(long, global = true, env = "HUBBUB_URL", value_name = "URL")]
    pub url: Option<String>,
    /// Who may make an account [default: open]
    #[arg(long, global = true, env = "HUBBUB_REGISTRATION", value_name = "WHO")]
    pub registration: Option<Registration>,
    /// Filter of the log [default: info]
    #[arg(long, global = true, env = "HUBBUB_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anyone who reaches the site
    #[default]
    Open,
    /// Whoever has an invitation of somebody with the right to make them
    Invite,
    /// The operator alone, by `hubbub user add`
    Closed,
}

/// The file's own table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaults {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    database_url: Option<String>,
    url: Option<String>,
    registration: Option<Registration>,
    log: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    #[serde(default)]
    hubbub: Defaults,
}

/// The settings that hold.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database_url: String,
    /// Scheme and authority, without a slash at the end.
    pub url: Option<String>,
    pub registration: Registration,
    pub log: String,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{0} cannot be understood: {1}")]
    Malformed(PathBuf, Box<toml::de::Error>),
    #[error("HUBBUB_URL must look like https://chat.example, without a path, not {0}")]
    Url(String),
    #[error("DATABASE_URL must begin with sqlite: or postgres:")]
    DatabaseUrl,
}

impl Settings {
    /// Resolves the flags (which clap has filled from the environment) against the file.
    ///
    /// # Errors
    /// When the file is there but cannot be understood, or an address is malformed.
    pub fn resolve(flags: Flags, file: &Path) -> Result<Self, ConfigError> {
        let defaults = read(file)?;
        let data = flags.data.or(defaults.data).unwrap_or_else(|| PathBuf::from("./data"));
        let database_url = match flags.database_url.or(defaults.database_url) {
            Some(url) if ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) => url,
            Some(_) => return Err(ConfigError::DatabaseUrl),
            None => format!("sqlite://{}", data.join("hubbub.db").display()),
        };
        Ok(Settings {
            listen: flags.listen.or(defaults.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            database_url,
            data,
            url: flags.url.or(defaults.url).map(|url| origin(&url)).transpose()?,
            registration: flags.registration.or(defaults.registration).unwrap_or_default(),
            log: flags.log.or(defaults.log).unwrap_or_else(|| "info".into()),
        })
    }

    /// Whether people reach the site through TLS, so that cookies can be kept from anything else.
    pub fn secure(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

fn read(file: &Path) -> Result<Defaults, ConfigError> {
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let parsed: File =
                toml::from_str(&text).map_err(|error| ConfigError::Malformed(file.into(), Box::new(error)))?;
            Ok(parsed.hubbub)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Defaults::default()),
        Err(error) => Err(ConfigError::Unreadable(file.into(), error)),
    }
}

/// The origin of a public address.
fn origin(url: &str) -> Result<String, ConfigError> {
    let trimmed = url.trim().trim_end_matches('/').to_ascii_lowercase();
    // Browsers leave a scheme's own port out.
    let trimmed = match trimmed.split_once("://") {
        Some(("https", authority)) => format!("https://{}", authority.trim_end_matches(":443")),
        Some(("http", authority)) => format!("http://{}", authority.trim_end_matches(":80")),
        _ => trimmed,
    };
    let authority = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    match authority {
        Some(authority) if !authority.is_empty() && !authority.contains(['/', '?', '#', '@', ' ']) => Ok(trimmed),
        _ => Err(ConfigError::Url(url.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn a_flag_comes_before_the_file_and_the_file_before_the_default() {
        let file = file(
            "[package.metadata.leptos]\noutput-name = 'hubbub'\n[hubbub]\nlisten = '127.0.0.1:4000'\nlog = 'debug'",
        );
        let flags = Flags { log: Some("warn".into()), ..Flags::default() };
        let settings = Settings::resolve(flags, file.path()).unwrap();
        assert_eq!(
            (settings.listen.port(), settings.log.as_str(), settings.registration),
            (4000, "warn", Registration::Open)
        );
    }

    #[test]
    fn who_may_make_an_account_is_said_by_one_of_three_words() {
        for (word, registration) in
            [("open", Registration::Open), ("invite", Registration::Invite), ("closed", Registration::Closed)]
        {
            let file = file(&format!("[hubbub]\nregistration = '{word}'"));
            assert_eq!(Settings::resolve(Flags::default(), file.path()).unwrap().registration, registration);
            let cli = Cli::try_parse_from(["hubbub", "--registration", word]).unwrap();
            assert_eq!(cli.flags.registration, Some(registration));
        }
        let wrong = file("[hubbub]\nregistration = 'invited'");
        assert!(Settings::resolve(Flags::default(), wrong.path()).is_err());
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let settings = Settings::resolve(Flags::default(), Path::new("/nowhere/Leptos.toml")).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(settings.database_url, "sqlite://./data/hubbub.db");
        assert!(!settings.secure());
    }

    #[test]
    fn a_misspelt_setting_is_refused_rather_than_ignored() {
        assert!(matches!(
            Settings::resolve(Flags::default(), file("[hubbub]\nlisen = 'x'").path()),
            Err(ConfigError::Malformed(..))
        ));
    }

    #[test]
    fn addresses_are_checked_when_the_program_starts() {
        let with_url =
            |url: &str| Settings::resolve(Flags { url: Some(url.into()), ..Flags::default() }, Path::new("/nowhere"));
        assert_eq!(with_url("https://Chat.Example/").unwrap().url.as_deref(), Some("https://chat.example"));
        assert_eq!(with_url("https://chat.example:443").unwrap().url.as_deref(), Some("https://chat.example"));
        assert!(with_url("https://chat.example").unwrap().secure());
        for bad in ["chat.example", "https://chat.example/path", "ftp://x", "https://"] {
            assert!(with_url(bad).is_err(), "{bad}");
        }
        let flags = Flags { database_url: Some("mysql://x".into()), ..Flags::default() };
        assert!(matches!(Settings::resolve(flags, Path::new("/nowhere")), Err(ConfigError::DatabaseUrl)));
    }
}
