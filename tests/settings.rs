//! The two places where the site's options stand say the same.

use toml::{Table, Value};

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
fn the_program_s_own_table_says_the_defaults() {
    let text = std::fs::read_to_string("Leptos.toml").unwrap();
    let table: Table = toml::from_str(&text).unwrap();
    let own = table["hubbub"].as_table().unwrap();
    for (name, default) in [("listen", "127.0.0.1:3000"), ("data", "./data"), ("registration", "open"), ("log", "info")]
    {
        assert_eq!(own.get(name).and_then(Value::as_str), Some(default), "{name}");
    }
}

#[test]
fn the_client_s_build_pins_the_version_of_wasm_bindgen() {
    let text = std::fs::read_to_string("Cargo.toml").unwrap();
    let table: Table = toml::from_str(&text).unwrap();
    let version = table["dependencies"]["wasm-bindgen"]["version"].as_str().unwrap();
    assert!(version.starts_with('='), "{version}");
}
