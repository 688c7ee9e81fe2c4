//! `docs/architecture.md` against the sources: what it names is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn page() -> String {
    fs::read_to_string("docs/architecture.md").unwrap()
}

/// What stands in backticks on a line of prose or of a table.
fn names(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

fn is_path(name: &str) -> bool {
    let folders = ["src/", "tests/", "end2end/", "style/", "scripts/", "migrations/", "benches/"];
    folders.iter().any(|folder| name.starts_with(folder))
}

fn is_there(path: &str) -> bool {
    Path::new(path.trim_end_matches('/')).exists()
}

#[test]
fn every_file_and_folder_that_the_page_names_exists() {
    let page = page();
    let missing: Vec<&str> = page.lines().flat_map(names).filter(|name| is_path(name) && !is_there(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_folder_of_the_sources_has_a_place_on_the_page() {
    let page = page();
    for (folder, parent) in [("src", "src"), ("src/server", "src/server")] {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("`{parent}/{}/`", entry.file_name().to_str().unwrap());
            let is_listed = page.contains(&name) || name == "`src/server/`";
            assert!(is_listed || !entry.file_type().unwrap().is_dir(), "{name} is not on the page");
        }
    }
}

/// Every Rust file below a folder.
fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, texts);
        } else {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_lazy_chunk_of_the_client_is_on_the_page_and_no_other_is() {
    let mut texts = Vec::new();
    sources(Path::new("src/ui"), &mut texts);
    let marked = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix("#[wasm_split("));
    let chunks: BTreeSet<&str> = marked.map(|rest| rest.split([',', ')']).next().unwrap()).collect();
    let page = page();
    let table = page.split("| chunk |").nth(1).unwrap().split("\n\n").next().unwrap();
    let listed: BTreeSet<&str> = table.lines().skip(2).flat_map(|line| names(line).into_iter().take(1)).collect();
    assert_eq!(listed, chunks);
}

#[test]
fn every_function_of_where_to_find_is_in_its_file() {
    let page = page();
    let section = page.split("## Where to find").nth(1).unwrap();
    let mut checked = 0;
    for line in section.lines().filter(|line| line.starts_with('|')) {
        let mut source = String::new();
        for name in names(line) {
            if is_path(name) {
                source = fs::read_to_string(name).unwrap();
            } else if name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                // `Type::function` is a function of that type in the file.
                for part in name.split("::") {
                    let declared =
                        ["fn ", "struct ", "enum "].iter().any(|kind| source.contains(&format!("{kind}{part}")));
                    assert!(declared || source.contains(&format!("impl {part}")), "{line}: {part}");
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 10, "only {checked} were found");
}

#[test]
fn the_glossary_has_at_most_thirty_words() {
    let page = page();
    let section = page.split("## Glossary").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).count() - 2;
    assert!((20..=30).contains(&rows), "{rows}");
}

#[test]
fn lines_outside_of_tables_and_examples_have_at_most_140_characters() {
    for path in ["docs/architecture.md", "docs/protocol.md"] {
        for line in fs::read_to_string(path).unwrap().lines() {
            let free = line.starts_with('|') || line.starts_with('{');
            assert!(free || line.chars().count() <= 140, "{path}: {line}");
        }
    }
}
