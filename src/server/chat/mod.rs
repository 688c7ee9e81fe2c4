//! Use-cases, a file per noun: they read, ask [`super::access`] for decisions, and hand lasting changes to the writer.
//!
//! They take the core and the current user, and return values. They know neither the web framework nor the request:
//! server functions, the socket, the operator's commands and whatever comes later call the same ones.

pub mod accounts;
pub mod conversations;
pub mod initial_state;
pub mod invitations;
pub mod messages;
mod name_filter;
pub mod people;
pub mod read_position;
pub mod rooms;
pub mod search;

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn use_cases_know_neither_the_framework_nor_the_request_nor_the_client() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/chat");
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for foreign in ["leptos", "axum", "auth", "edge", "crate::ui", "crate::client", "crate::api"] {
                let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                // `author` is a word of the domain.
                let uses: Vec<&str> = code.filter(|line| line.replace("author", "").contains(foreign)).collect();
                assert_eq!(uses, [""; 0], "{} uses {foreign}", path.display());
            }
        }
    }
}
