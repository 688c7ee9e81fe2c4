//! The current route, from the framework's router.
//!
//! The router watches the address and the links; which page to show is a plain `match` over [`Route`], which the
//! compiler checks to be complete and which costs the browser a few bytes a page.

use crate::client::{effect, memo};
use crate::model::Route;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_url};
use leptos_router::location::{BrowserUrl, LocationProvider, Url};

/// The page to show; changes with the address.
pub fn current() -> Memo<Route> {
    let path = use_location().pathname;
    memo(move || path.with(|path| Route::at(path)))
}

/// Does what the router's own `<Routes>` would do and `match`ing by hand leaves out: provides the refusal of a form
/// that was sent without scripts (it comes back in the address), and completes the navigation to a followed link, so
/// that the browser's address bar shows it.
pub fn init() {
    use_url().with_untracked(Url::provide_server_action_error);
    let (path, url) = (use_location().pathname, use_context::<BrowserUrl>());
    effect(move || {
        path.track();
        if let Some(url) = &url {
            url.ready_to_complete();
        }
    });
}
