//! Where settings come from: `hubbub.toml` for the program, `Leptos.toml` and `Cargo.toml` for the site.

use crate::operator::{hubbub, said};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use toml::Table;

fn leptos_table(file: &str) -> Table {
    let text = std::fs::read_to_string(file).unwrap();
    let table: Table = toml::from_str(&text).unwrap();
    table["package"]["metadata"]["leptos"].as_table().unwrap().clone()
}

#[test]
fn leptos_toml_and_cargo_toml_agree_on_the_site() {
    let (cargo, leptos) = (leptos_table("Cargo.toml"), leptos_table("Leptos.toml"));
    let shared = ["output-name", "site-root", "site-pkg-dir", "site-addr", "reload-port", "env"];
    for option in shared {
        assert!(leptos.contains_key(option), "Leptos.toml does not say {option}");
        assert_eq!(cargo.get(option), leptos.get(option), "{option}");
    }
    let unknown: Vec<_> = leptos.keys().filter(|key| !shared.contains(&key.as_str())).collect();
    assert!(unknown.is_empty(), "options in Leptos.toml that Cargo.toml is not held against: {unknown:?}");
}

#[test]
fn leptos_reads_its_options_from_leptos_toml() {
    let options = leptos::config::get_configuration(Some("Leptos.toml")).unwrap().leptos_options;
    assert_eq!((&*options.output_name, &*options.site_pkg_dir), ("hubbub", "pkg"));
    // `.cargo/config.toml` makes the same folder absolute while cargo runs.
    assert!(options.site_root.ends_with("target/site"), "{}", options.site_root);
}

#[test]
fn leptos_toml_has_the_site_s_options_alone() {
    let table: Table = toml::from_str(&std::fs::read_to_string("Leptos.toml").unwrap()).unwrap();
    assert_eq!(table.keys().collect::<Vec<_>>(), ["package"]);
}

#[test]
fn the_program_refuses_an_unknown_setting_by_its_name_and_file() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("hubbub.toml"), "lissten = '127.0.0.1:3000'").unwrap();
    let (succeeded, text) = said(&hubbub(data.path(), &["user", "list"], ""));
    assert!(!succeeded);
    let file = data.path().join("hubbub.toml");
    assert!(text.starts_with(&format!("hubbub: {}: there is no setting `lissten`;", file.display())), "{text}");
}

#[tokio::test]
async fn the_program_logs_which_file_its_settings_come_from() {
    let (with, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = with.path().join("hubbub.toml");
    std::fs::write(&file, "listen = '127.0.0.1:0'").unwrap();
    let first = |folder: &Path, listen: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_hubbub"));
        program.args(listen).env_remove("DATABASE_URL").env("HUBBUB_DATA", folder).current_dir(folder);
        let mut program = program.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        async move {
            let line = lines.next_line().await.unwrap().expect("the program ended without a word");
            drop(program);
            line
        }
    };
    let line = first(with.path(), &[]).await;
    assert!(line.contains("settings read") && line.contains(file.to_str().unwrap()), "{line}");
    let line = first(without.path(), &["--listen", "127.0.0.1:0"]).await;
    assert!(line.contains("no hubbub.toml"), "{line}");
}

#[test]
fn the_help_text_says_where_settings_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let (_, text) = said(&hubbub(folder.path(), &["--help"], ""));
    assert!(text.contains("hubbub.toml (in the data folder; if there is none, beside the program)"), "{text}");
}

#[test]
fn the_client_s_build_pins_the_version_of_wasm_bindgen() {
    let text = std::fs::read_to_string("Cargo.toml").unwrap();
    let table: Table = toml::from_str(&text).unwrap();
    let version = table["dependencies"]["wasm-bindgen"]["version"].as_str().unwrap();
    assert!(version.starts_with('='), "{version}");
}
