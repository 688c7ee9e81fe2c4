//! Tells cargo when the program must be built again although no Rust source changed, and refuses to build a program
//! to ship without the site that it carries.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=target/site");
    let shipped = std::env::var("PROFILE").is_ok_and(|profile| profile == "release")
        && std::env::var_os("CARGO_FEATURE_SSR").is_some();
    if shipped && !Path::new("target/site/pkg/hubbub.js").exists() {
        println!("cargo:error=The client is not built yet: run `make build`, which builds it first.");
    }
}
