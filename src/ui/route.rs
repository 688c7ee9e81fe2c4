//! Which page an address names: the one list of the site's pages.
//!
//! The router of the framework watches the address and the links; which page stands there is a plain `match` over this
//! enum, which the compiler holds to be complete and which costs a browser a few bytes a page.

use crate::client::{effect, memo};
use crate::model::ConversationId;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_url};
use leptos_router::location::{BrowserUrl, LocationProvider, Url};
use std::fmt;

/// A page of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    SignIn,
    Register,
    /// The list of conversations on a phone; beside it, where there is room, the first of them.
    Front,
    Conversation(ConversationId),
    /// What a room is about, who is in it, and what can be done with it.
    About(ConversationId),
    Rooms,
    NewRoom,
    People,
    /// Where one can go: conversations, rooms and people, by parts of their names.
    Find,
    Diagnostics,
    Devices,
    Password,
    /// The list of accounts, for the owner.
    Accounts,
    /// The links by which others register, for those who may make them.
    Invitations,
    /// The address names nothing.
    Unknown,
}

impl Route {
    /// Every page with an address of its own, as the server's router writes it.
    pub const PATHS: [&str; 14] = [
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
    ];

    /// The page at a path.
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
            ("diagnostics", None, None, None) => Route::Diagnostics,
            ("c", Some(id), None, None) => id.parse().map_or(Route::Unknown, Route::Conversation),
            ("c", Some(id), Some("about"), None) => id.parse().map_or(Route::Unknown, Route::About),
            _ => Route::Unknown,
        }
    }

    /// The page that is shown, as it changes.
    pub fn current() -> Memo<Route> {
        let path = use_location().pathname;
        memo(move || path.with(|path| Route::at(path)))
    }

    /// What the router leaves to whoever shows the pages: it provides the refusal of a plain form, which comes back in
    /// the address, and lets a followed link stand in the browser's address bar.
    pub fn attend() {
        use_url().with_untracked(Url::provide_server_action_error);
        let (path, url) = (use_location().pathname, use_context::<BrowserUrl>());
        effect(move || {
            path.track();
            if let Some(url) = &url {
                url.ready_to_complete();
            }
        });
    }

    /// Whether its content is rendered by the server alone.
    pub fn is_rendered(self) -> bool {
        match self {
            Route::About(_)
            | Route::Rooms
            | Route::NewRoom
            | Route::People
            | Route::Find
            | Route::Devices
            | Route::Accounts
            | Route::Invitations => true,
            Route::SignIn
            | Route::Register
            | Route::Front
            | Route::Conversation(_)
            | Route::Diagnostics
            | Route::Password
            | Route::Unknown => false,
        }
    }

    /// The conversation that the address names.
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
            | Route::Unknown => None,
        }
    }
}

/// The path that leads to the page.
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
            Route::Unknown => f.write_str("/nowhere"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_path_names_a_page_and_every_page_is_listed() {
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
        ];
        assert_eq!(Route::PATHS.map(|path| Route::at(&path.replace("{id}", "7"))), pages);
    }

    #[test]
    fn an_address_beside_the_pages_names_nothing() {
        for path in ["/c", "/c/", "/c/x", "/c/7/9", "/c/7/about/x", "/rooms/old", "/sign-in/", "/nowhere", "//"] {
            assert_eq!(Route::at(path), Route::Unknown, "{path}");
        }
    }
}
