//! `hubbub.toml`: where it is looked for, and reading it.

use super::Options;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The name of the file with the program's settings.
pub const FILE: &str = "hubbub.toml";

/// Why `hubbub.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{file}, line {line}: {message}", file = .0.display(), line = .1, message = .2)]
    Malformed(PathBuf, usize, String),
    #[error("{file}: there is no setting `{key}`; the settings are {known}", file = .0.display(), key = .1, known = .2)]
    UnknownKey(PathBuf, String, String),
    #[error(
        "{0}: `data` cannot be set in the data folder itself; use --data, HUBBUB_DATA, or a {FILE} beside the program"
    )]
    DataFolderNamesItself(PathBuf),
    #[error("{0} names a data folder that has its own {1}; keep one of the two files")]
    Two(PathBuf, PathBuf),
}

/// The file in this folder, if there is one.
pub(super) fn in_folder(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(FILE)).filter(|file| file.exists())
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read, is not TOML, has a key that is no setting, or a value that cannot be one. The message never
/// quotes the file, since it may hold the database's password.
pub(super) fn read(file: &Path) -> Result<Options, FileError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        // Removed since it was found.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Options::default()),
        Err(error) => return Err(FileError::Unreadable(file.into(), error)),
    };
    let malformed = |error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        FileError::Malformed(file.into(), before.matches('\n').count() + 1, error.message().to_owned())
    };
    let table: toml::Table = toml::from_str(&text).map_err(malformed)?;
    let known = Options::keys();
    if let Some(key) = table.keys().find(|key| !known.contains(key)) {
        return Err(FileError::UnknownKey(file.into(), key.clone(), known.join(", ")));
    }
    toml::from_str(&text).map_err(malformed)
}
