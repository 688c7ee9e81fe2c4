//! Every setting, described once.

use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The settings as one source gives them: the command line with the environment, or `hubbub.toml`.
///
/// A field's name is the setting's key in the file and, with hyphens, its flag. Its comment is the text of `--help`.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "HUBBUB_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Folder of everything that must be kept [default: ./data]
    #[arg(long, global = true, env = "HUBBUB_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// sqlite://… or postgres://… [default: SQLite, hubbub.db in the data folder]
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Public address of the site, for links and the check of origins [default: from the request]
    #[arg(long, global = true, env = "HUBBUB_URL", value_name = "URL")]
    pub url: Option<String>,
    /// Who may register [default: open]
    #[arg(long, global = true, env = "HUBBUB_REGISTRATION", value_name = "WHO")]
    pub registration: Option<Registration>,
    /// Filter of the log [default: info]
    #[arg(long, global = true, env = "HUBBUB_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// Who may register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anyone who reaches the site
    #[default]
    Open,
    /// Whoever has the link of an invitation
    Invite,
    /// Nobody: the operator adds accounts with `hubbub user add`
    Closed,
}

impl Options {
    /// These settings, and where one is missing that of `other`.
    pub fn or(self, other: Options) -> Options {
        Options {
            listen: self.listen.or(other.listen),
            data: self.data.or(other.data),
            database_url: self.database_url.or(other.database_url),
            url: self.url.or(other.url),
            registration: self.registration.or(other.registration),
            log: self.log.or(other.log),
        }
    }

    /// The keys of all settings.
    pub(super) fn keys() -> Vec<String> {
        let described = Options::augment_args(clap::Command::new("settings"));
        described.get_arguments().map(|argument| argument.get_id().to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::{Cli, Settings};
    use clap::Parser;
    use std::collections::BTreeSet;

    /// A setting as users meet it: environment variable, flag, key in the file, default.
    type Row = [String; 4];

    fn described() -> BTreeSet<Row> {
        let command = Options::augment_args(clap::Command::new("settings"));
        let rows = command.get_arguments().map(|argument| {
            let help = argument.get_help().unwrap().to_string();
            let (_, default) = help.split_once("[default: ").expect("a setting's help names its default");
            [
                argument.get_env().unwrap().to_str().unwrap().to_owned(),
                format!("--{}", argument.get_long().unwrap()),
                argument.get_id().to_string(),
                default.trim_end_matches(']').to_owned(),
            ]
        });
        rows.collect()
    }

    #[test]
    fn the_table_in_readme_lists_exactly_the_settings() {
        let readme = std::fs::read_to_string("README.md").unwrap();
        let settings = readme.split("## Settings").nth(1).unwrap().split("\n## ").next().unwrap();
        let rows = settings.lines().filter(|line| line.starts_with("| `")).map(|line| -> Row {
            let cells: Vec<String> = line.split('|').map(|cell| cell.trim().replace('`', "")).collect();
            std::array::from_fn(|n| cells[n + 1].clone())
        });
        assert_eq!(rows.collect::<BTreeSet<Row>>(), described());
    }

    #[test]
    fn the_defaults_in_the_help_text_are_the_ones_that_hold() {
        let settings = Settings::new(Options::default()).unwrap();
        let default = |key: &str| described().into_iter().find(|row| row[2] == key).unwrap()[3].clone();
        assert_eq!(settings.listen.to_string(), default("listen"));
        assert_eq!(settings.data.to_str().unwrap(), default("data"));
        assert_eq!(settings.log, default("log"));
        let registration = settings.registration.to_possible_value().unwrap();
        assert_eq!(registration.get_name(), default("registration"));
    }

    #[test]
    fn a_key_of_the_file_is_the_flag_without_its_hyphens() {
        for [_, flag, key, _] in described() {
            assert_eq!(flag.trim_start_matches("--").replace('-', "_"), key);
        }
    }

    #[test]
    fn who_may_register_is_one_of_three_words_in_the_file_and_on_the_command_line() {
        for (word, registration) in
            [("open", Registration::Open), ("invite", Registration::Invite), ("closed", Registration::Closed)]
        {
            let from_file: Options = toml::from_str(&format!("registration = '{word}'")).unwrap();
            assert_eq!(from_file.registration, Some(registration));
            let cli = Cli::try_parse_from(["hubbub", "--registration", word]).unwrap();
            assert_eq!(cli.options.registration, Some(registration));
        }
        assert!(toml::from_str::<Options>("registration = 'invited'").is_err());
    }
}
