//! The operator's commands, with the real program.

use hubbub::server::Core;
use hubbub::server::clock::Clock;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the real program with this data folder.
pub fn hubbub(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hubbub"))
        .args(arguments)
        .env_remove("DATABASE_URL")
        .env("HUBBUB_DATA", data)
        .current_dir(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Whether it ended well, and all that it printed.
pub fn said(output: &Output) -> (bool, String) {
    (
        output.status.success(),
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
    )
}

#[test]
fn the_operator_adds_lists_disables_enables_and_resets() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let run = |arguments: &[&str], input: &str| said(&hubbub(data, arguments, input));
    let add = ["user", "add", "Ana", "--first-name", "Ana", "--last-name", "Ruiz", "--email", "ana@harbour.example"];

    assert_eq!(
        run(&["user", "list"], ""),
        (true, "There are no accounts yet. The first one to register becomes the owner.\n".into())
    );
    assert_eq!(run(&add, "Harbour-77-rowing\n"), (true, "Added ana.\n".into()));
    assert_eq!(run(&["user", "list"], "").1, "ana\tAna Ruiz\tana@harbour.example\towner\tactive\n");
    assert_eq!(
        run(&["user", "disable", "ANA@harbour.example"], ""),
        (true, "Disabled ana; its sessions have ended.\n".into())
    );
    assert!(run(&["user", "list"], "").1.ends_with("disabled\n"));
    assert_eq!(run(&["user", "enable", "ana"], "").1, "Enabled ana.\n");
    assert_eq!(
        run(&["user", "reset-password", "ana"], "Harbour-78-rowing\n").1,
        "Set a new password for ana; its sessions have ended.\n"
    );
}

#[test]
fn the_operator_is_refused_in_the_words_of_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], input: &str| said(&hubbub(folder.path(), arguments, input));
    let add = ["user", "add", "ana", "--first-name", "Ana", "--last-name", "Ruiz", "--email", "ana@harbour.example"];
    assert_eq!(run(&add, "short\n"), (false, "hubbub: A password has at least 8 characters.\n".into()));
    assert!(run(&add, "Harbour-77-rowing\n").0);
    assert_eq!(
        run(&add, "Harbour-77-rowing\n"),
        (false, "hubbub: This username is taken, or looks like one that is.\n".into())
    );
    for arguments in [&add[..], &["user", "reset-password", "ana"]] {
        let (done, text) = run(arguments, "Password1\n");
        assert!(!done && text.starts_with("hubbub: This password is easy to guess."), "{text}");
        let named = (false, "hubbub: This password contains the last name. Please choose one without it.\n".into());
        assert_eq!(run(arguments, "Rowing-with-Ruiz-42\n"), named);
    }
    assert_eq!(
        run(&["user", "disable", "tom"], ""),
        (false, "hubbub: There is no account “tom”. `hubbub user list` shows them all.\n".into())
    );
}

#[tokio::test]
async fn a_restored_database_gets_another_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("hubbub.db").display());
    let epoch = || async {
        let core = Core::open(&url, Clock::System).await.unwrap();
        core.close().await;
        core.epoch
    };
    let before = epoch().await;
    assert_eq!(epoch().await, before);
    let (ok, text) = said(&hubbub(folder.path(), &["restored"], ""));
    assert!(!ok && text.contains("no database with accounts"), "{text}");
    let add = ["user", "add", "ana", "--first-name", "Ana", "--last-name", "Ruiz", "--email", "ana@harbour.example"];
    assert!(said(&hubbub(folder.path(), &add, "Harbour-77-rowing\n")).0);
    let (ok, text) = said(&hubbub(folder.path(), &["restored"], ""));
    assert!(ok && text.contains("new lifetime"), "{text}");
    assert_ne!(epoch().await, before);
}

#[test]
fn help_lists_every_setting() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, help) = said(&hubbub(folder.path(), &["--help"], ""));
    assert!(ok);
    for setting in ["HUBBUB_LISTEN", "HUBBUB_DATA", "DATABASE_URL", "HUBBUB_URL", "HUBBUB_REGISTRATION", "HUBBUB_LOG"] {
        assert!(help.contains(setting), "{setting} is missing from:\n{help}");
    }
}
