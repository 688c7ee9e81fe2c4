//! The directions of imports between the parts of the program, read from the source files.

use std::fs;
use std::path::Path;

/// What each part may use of the others. A more specific folder comes before the one around it.
const RULES: &[(&str, &[&str])] = &[
    ("model", &["model"]),
    ("wire", &["model", "wire"]),
    ("sync", &["model", "sync", "wire"]),
    ("client", &["api", "client", "model", "sync", "wire"]),
    ("ui", &["api", "client", "model", "sync", "ui", "wire"]),
    ("app.rs", &["client", "model", "ui"]),
    // The door between the two sides: signatures speak `model`, bodies call `server`.
    ("api", &["api", "model", "server"]),
    // The one part of the server that renders HTML.
    ("server/render", &["api", "app", "client", "model", "server", "ui", "wire"]),
    ("server", &["model", "server", "wire"]),
];

/// The crate's parts that a source text names as `crate::part`, in code (comments may name what they like).
fn parts_used(source: &str) -> Vec<&str> {
    let code = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .collect()
}

/// The parts that the file at this path (below `src`) must not use, but does.
fn forbidden<'a>(path: &str, source: &'a str) -> Vec<&'a str> {
    let rule = RULES
        .iter()
        .find(|(part, _)| path == *part || path.strip_prefix(part).is_some_and(|rest| rest.starts_with('/')));
    let Some((_, allowed)) = rule else { return Vec::new() };
    let known: Vec<&str> = RULES.iter().map(|(part, _)| part.trim_end_matches(".rs")).collect();
    parts_used(source).into_iter().filter(|part| known.contains(part) && !allowed.contains(part)).collect()
}

/// Every Rust file below a folder of `src`, as (path below `src`, text).
fn sources(below: &str) -> Vec<(String, String)> {
    fn collect(folder: &Path, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix("src").unwrap().to_str().unwrap().to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    collect(&Path::new("src").join(below), &mut files);
    assert!(!files.is_empty(), "no sources in src/{below}");
    files
}

#[test]
fn imports_run_one_way() {
    let wrong: Vec<String> = sources("")
        .iter()
        .flat_map(|(path, text)| forbidden(path, text).into_iter().map(move |part| format!("{path} uses {part}")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_rules_notice_an_import_in_the_wrong_direction() {
    assert_eq!(forbidden("model/user.rs", "use crate::wire::close;"), ["wire"]);
    assert_eq!(forbidden("sync/engine.rs", "use crate::client::Chat;\nuse crate::model::Rev;"), ["client"]);
    assert_eq!(forbidden("client/chat.rs", "let x = crate::ui::parts::live;"), ["ui"]);
    assert_eq!(forbidden("server/router.rs", "use crate::app::shell;\nuse crate::sync::Now;"), ["app", "sync"]);
    assert_eq!(forbidden("server/chat/rooms.rs", "use crate::ui::Route; // crate::client"), ["ui"]);
    assert!(forbidden("server/render/document.rs", "use crate::app::shell;\nuse crate::ui::parts::Icon;").is_empty());
    assert!(forbidden("server/rendering.rs", "use crate::ui::Route;").len() == 1, "another file with a similar name");
}

/// Holds that no file below a folder of `src` uses one of these crates or modules.
fn knows_none_of(part: &str, foreign: &[&str]) {
    for (path, text) in sources(part) {
        let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
        for name in foreign {
            let used = code.iter().any(|line| {
                line.trim_start().starts_with(&format!("use {name}")) || line.contains(&format!("{name}::"))
            });
            assert!(!used, "{path} uses {name}");
        }
    }
}

#[test]
fn the_model_the_wire_and_the_engine_know_no_framework() {
    for part in ["model", "wire", "sync"] {
        knows_none_of(part, &["leptos", "axum", "web_sys", "wasm_bindgen", "sqlx", "tokio"]);
    }
}

#[test]
fn the_use_cases_know_neither_the_framework_nor_the_request() {
    knows_none_of("server/chat", &["leptos", "leptos_axum", "axum", "server::auth", "server::server_functions"]);
}
