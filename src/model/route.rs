//! The site's pages and their paths. The server links to them and the browser matches over them.
//!
//! To add a page: a variant here, with its line in `PATHS`, `at` and `Display`; the compiler then asks for every
//! `match` that has to know it.

use super::ConversationId;
use std::fmt;

/// A page of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    SignIn,
    Register,
    /// The list of conversations on a phone; on wider screens with the first of them beside it.
    Front,
    Conversation(ConversationId),
    /// A room's topic, members and settings.
    About(ConversationId),
    Rooms,
    NewRoom,
    People,
    /// Search for conversations, rooms and people by parts of their names.
    Find,
    Diagnostics,
    Devices,
    Password,
    /// The list of accounts, for the owner.
    Accounts,
    /// The links by which others register, for users who may make them.
    Invitations,
    /// The workspace's name, for the owner.
    Workspace,
    /// No page has this address.
    Unknown,
}

impl Route {
    /// The path of every page, in the syntax of the server's router.
    pub const PATHS: [&str; 15] = [
        "/",
        "/accounts",
        "/c/{id}",
        "/c/{id}/about",
        "/devices",
        "/diagnostics",
        "/find",
        "/invitations",
        "/password",
        "/people",
        "/register",
        "/rooms",
        "/rooms/new",
        "/sign-in",
        "/workspace",
    ];

    /// The page at a path (without the query); [`Route::Unknown`] if there is none.
    pub fn at(path: &str) -> Self {
        let mut parts = path.strip_prefix('/').unwrap_or(path).split('/');
        match (parts.next().unwrap_or_default(), parts.next(), parts.next(), parts.next()) {
            ("", None, None, None) => Route::Front,
            ("sign-in", None, None, None) => Route::SignIn,
            ("register", None, None, None) => Route::Register,
            ("rooms", None, None, None) => Route::Rooms,
            ("rooms", Some("new"), None, None) => Route::NewRoom,
            ("people", None, None, None) => Route::People,
            ("find", None, None, None) => Route::Find,
            ("devices", None, None, None) => Route::Devices,
            ("password", None, None, None) => Route::Password,
            ("accounts", None, None, None) => Route::Accounts,
            ("invitations", None, None, None) => Route::Invitations,
            ("workspace", None, None, None) => Route::Workspace,
            ("diagnostics", None, None, None) => Route::Diagnostics,
            ("c", Some(id), None, None) => id.parse().map_or(Route::Unknown, Route::Conversation),
            ("c", Some(id), Some("about"), None) => id.parse().map_or(Route::Unknown, Route::About),
            _ => Route::Unknown,
        }
    }

    /// Whether the server renders its content, and the browser only shows the HTML.
    pub fn is_server_rendered(self) -> bool {
        match self {
            Route::About(_)
            | Route::Rooms
            | Route::NewRoom
            | Route::People
            | Route::Find
            | Route::Devices
            | Route::Accounts
            | Route::Invitations
            | Route::Workspace => true,
            Route::SignIn
            | Route::Register
            | Route::Front
            | Route::Conversation(_)
            | Route::Diagnostics
            | Route::Password
            | Route::Unknown => false,
        }
    }

    /// The conversation in the path, if any.
    pub fn conversation(self) -> Option<ConversationId> {
        match self {
            Route::Conversation(id) | Route::About(id) => Some(id),
            Route::SignIn
            | Route::Register
            | Route::Front
            | Route::Rooms
            | Route::NewRoom
            | Route::People
            | Route::Find
            | Route::Diagnostics
            | Route::Devices
            | Route::Password
            | Route::Accounts
            | Route::Invitations
            | Route::Workspace
            | Route::Unknown => None,
        }
    }
}

/// The path of the page.
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Route::SignIn => f.write_str("/sign-in"),
            Route::Register => f.write_str("/register"),
            Route::Front => f.write_str("/"),
            Route::Conversation(id) => write!(f, "/c/{id}"),
            Route::About(id) => write!(f, "/c/{id}/about"),
            Route::Rooms => f.write_str("/rooms"),
            Route::NewRoom => f.write_str("/rooms/new"),
            Route::People => f.write_str("/people"),
            Route::Find => f.write_str("/find"),
            Route::Diagnostics => f.write_str("/diagnostics"),
            Route::Devices => f.write_str("/devices"),
            Route::Password => f.write_str("/password"),
            Route::Accounts => f.write_str("/accounts"),
            Route::Invitations => f.write_str("/invitations"),
            Route::Workspace => f.write_str("/workspace"),
            Route::Unknown => f.write_str("/nowhere"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_path_leads_to_a_page_and_every_page_is_listed() {
        let mut written: Vec<String> = Vec::new();
        for path in Route::PATHS {
            let route = Route::at(&path.replace("{id}", "7"));
            assert_ne!(route, Route::Unknown, "{path}");
            written.push(route.to_string().replace('7', "{id}"));
        }
        assert_eq!(written, Route::PATHS);
        let pages = [
            Route::Front,
            Route::Accounts,
            Route::Conversation(ConversationId(7)),
            Route::About(ConversationId(7)),
            Route::Devices,
            Route::Diagnostics,
            Route::Find,
            Route::Invitations,
            Route::Password,
            Route::People,
            Route::Register,
            Route::Rooms,
            Route::NewRoom,
            Route::SignIn,
            Route::Workspace,
        ];
        assert_eq!(Route::PATHS.map(|path| Route::at(&path.replace("{id}", "7"))), pages);
    }

    #[test]
    fn a_path_that_no_page_has_is_unknown() {
        for path in ["/c", "/c/", "/c/x", "/c/7/9", "/c/7/about/x", "/rooms/old", "/sign-in/", "/nowhere", "//"] {
            assert_eq!(Route::at(path), Route::Unknown, "{path}");
        }
    }
}
