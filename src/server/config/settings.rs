//! The settings that hold, resolved from their sources.

use super::file::{self, FileError};
use super::{Options, Registration};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

const DATA: &str = "./data";

/// The settings that hold.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database_url: String,
    /// The public address: scheme and authority, without a slash at the end.
    pub url: Option<String>,
    pub registration: Registration,
    pub log: String,
    /// The `hubbub.toml` that was read.
    pub file: Option<PathBuf>,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0}")]
    File(#[from] FileError),
    #[error(
        "the public address (--url, HUBBUB_URL or `url`) must look like https://chat.example, without a path, not {0}"
    )]
    Url(String),
    #[error(
        "the database's address (--database-url, DATABASE_URL or `database_url`) must begin with sqlite: or postgres:"
    )]
    DatabaseUrl,
}

impl Settings {
    /// Resolves the settings: `given` by flags and environment, then `hubbub.toml`, then the defaults.
    ///
    /// One file is read: the one in the data folder that `given` names (or the default one), and if there is none, the
    /// one in `program_folder`. The folder that the program is started in does not matter: services are started
    /// anywhere.
    ///
    /// # Errors
    /// When the file cannot be used, or an address is malformed.
    pub fn load(given: Options, program_folder: Option<&Path>) -> Result<Self, ConfigError> {
        let data_folder = given.data.clone().unwrap_or_else(|| DATA.into());
        if let Some(file) = file::in_folder(&data_folder) {
            let read = file::read(&file)?;
            if read.data.is_some() {
                return Err(FileError::DataFolderNamesItself(file).into());
            }
            return Ok(Settings { file: Some(file), ..Settings::new(given.or(read))? });
        }
        let Some(file) = program_folder.and_then(file::in_folder) else { return Settings::new(given) };
        let settings = Settings::new(given.or(file::read(&file)?))?;
        match file::in_folder(&settings.data) {
            Some(other) if other != file => Err(FileError::Two(file, other).into()),
            _ => Ok(Settings { file: Some(file), ..settings }),
        }
    }

    /// Checks the settings and adds the defaults.
    ///
    /// # Errors
    /// When an address is malformed.
    pub fn new(options: Options) -> Result<Self, ConfigError> {
        let data = options.data.unwrap_or_else(|| DATA.into());
        let database_url = match options.database_url {
            Some(url) if ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) => url,
            Some(_) => return Err(ConfigError::DatabaseUrl),
            None => format!("sqlite://{}", data.join("hubbub.db").display()),
        };
        Ok(Settings {
            listen: options.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            database_url,
            data,
            url: options.url.map(|url| origin(&url)).transpose()?,
            registration: options.registration.unwrap_or_default(),
            log: options.log.unwrap_or_else(|| "info".into()),
            file: None,
        })
    }

    /// Whether the public address is HTTPS, so that cookies can be `Secure`.
    pub fn secure(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// The origin of a public address.
fn origin(url: &str) -> Result<String, ConfigError> {
    let trimmed = url.trim().trim_end_matches('/').to_ascii_lowercase();
    // Browsers leave out a scheme's default port.
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
    use crate::server::config::FILE;
    use tempfile::{TempDir, tempdir};

    /// A folder with a `hubbub.toml` of this content.
    fn folder_with(text: &str) -> TempDir {
        let folder = tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        folder
    }

    fn in_data(folder: &TempDir) -> Options {
        Options { data: Some(folder.path().into()), ..Options::default() }
    }

    /// What is said of the settings with this file in the data folder.
    fn refusal(text: &str) -> String {
        let folder = folder_with(text);
        let refused = Settings::load(in_data(&folder), None).unwrap_err().to_string();
        assert!(refused.contains(folder.path().join(FILE).to_str().unwrap()), "{refused}");
        refused
    }

    #[test]
    fn a_flag_comes_before_the_file_and_the_file_before_the_default() {
        let folder = folder_with("listen = '127.0.0.1:4000'\nlog = 'debug'");
        let given = Options { log: Some("warn".into()), ..in_data(&folder) };
        let settings = Settings::load(given, None).unwrap();
        assert_eq!(
            (settings.listen.port(), settings.log.as_str(), settings.registration),
            (4000, "warn", Registration::Open)
        );
        assert_eq!(settings.file, Some(folder.path().join(FILE)));
    }

    #[test]
    fn the_file_in_the_data_folder_is_read_instead_of_the_one_beside_the_program() {
        let (data, program) = (folder_with("log = 'debug'"), folder_with("log = 'warn'\nlisten = '127.0.0.1:4000'"));
        let settings = Settings::load(in_data(&data), Some(program.path())).unwrap();
        assert_eq!((settings.log.as_str(), settings.listen.port()), ("debug", 3000), "one file is read, not both");
        assert_eq!(settings.file, Some(data.path().join(FILE)));

        let empty = tempdir().unwrap();
        let settings = Settings::load(in_data(&empty), Some(program.path())).unwrap();
        assert_eq!((settings.log.as_str(), settings.listen.port()), ("warn", 4000));
        assert_eq!(settings.file, Some(program.path().join(FILE)));
        assert_eq!(Settings::load(in_data(&empty), Some(empty.path())).unwrap().file, None);
    }

    #[test]
    fn the_file_beside_the_program_may_name_the_data_folder_but_not_one_with_a_file_of_its_own() {
        let data = tempdir().unwrap();
        let program = folder_with(&format!("data = '{}'", data.path().display()));
        assert_eq!(Settings::load(Options::default(), Some(program.path())).unwrap().data, data.path());

        std::fs::write(data.path().join(FILE), "log = 'debug'").unwrap();
        let two = Settings::load(Options::default(), Some(program.path())).unwrap_err();
        assert!(matches!(two, ConfigError::File(FileError::Two(..))), "{two}");
        // Where a flag names the folder, its file is the one that counts.
        assert_eq!(Settings::load(in_data(&data), Some(program.path())).unwrap().log, "debug");
        // A data folder that is the program's own folder has one file.
        let both = folder_with("log = 'debug'");
        assert_eq!(Settings::load(in_data(&both), Some(both.path())).unwrap().log, "debug");
    }

    #[test]
    fn a_misspelt_setting_is_refused_with_its_name_and_the_file() {
        assert!(refusal("lisen = 'x'").contains("there is no setting `lisen`; the settings are listen, data,"));
        assert!(refusal("[hubbub]\nlisten = '127.0.0.1:1'").contains("no setting `hubbub`"));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line_and_without_quoting_the_file() {
        let refused = refusal("log = 'info'\ndatabase_url = 'postgres://hubbub:secret@db/hubbub");
        assert!(refused.contains("line 2") && !refused.contains("secret"), "{refused}");
        assert!(refusal("\n\nlisten = 'nowhere'").contains("line 3"));
        assert!(refusal("data = '/srv'").contains("`data` cannot be set in the data folder itself"));
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let settings = Settings::new(Options::default()).unwrap();
        assert_eq!(settings.database_url, "sqlite://./data/hubbub.db");
        assert!(!settings.secure() && settings.file.is_none());
    }

    #[test]
    fn addresses_are_checked_when_the_program_starts() {
        let with_url = |url: &str| Settings::new(Options { url: Some(url.into()), ..Options::default() });
        assert_eq!(with_url("https://Chat.Example/").unwrap().url.as_deref(), Some("https://chat.example"));
        assert_eq!(with_url("https://chat.example:443").unwrap().url.as_deref(), Some("https://chat.example"));
        assert!(with_url("https://chat.example").unwrap().secure());
        for bad in ["chat.example", "https://chat.example/path", "ftp://x", "https://"] {
            assert!(with_url(bad).is_err(), "{bad}");
        }
        let options = Options { database_url: Some("mysql://x".into()), ..Options::default() };
        assert!(matches!(Settings::new(options), Err(ConfigError::DatabaseUrl)));
    }
}
