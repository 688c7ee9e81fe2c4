//! Tells cargo when the program must be built again although no Rust source changed, and refuses to build a program
//! to ship without the site that it carries.

use std::fs::read_dir;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SSR").is_none() {
        // The client is a part of the site: one that was built again because of the site would never be finished.
        return;
    }
    println!("cargo:rerun-if-changed=migrations");
    // Other profiles read the site from its folder at run time.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=target/site");
        if !has_client(Path::new("target/site/pkg")) {
            println!("cargo:error=The client is not built yet: run `make build`, which builds it first.");
        }
    }
}

/// `scripts/build` puts the client into a folder that is named by its hash, `cargo leptos` into `pkg` itself.
fn has_client(pkg: &Path) -> bool {
    let folders = read_dir(pkg).into_iter().flatten().flatten().map(|entry| entry.path());
    folders.chain([pkg.to_owned()]).any(|folder| folder.join("hubbub.js").exists())
}
