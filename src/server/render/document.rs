//! The HTML document of every page.

use crate::app::shell;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::routing::{MethodRouter, get};
use leptos::config::LeptosOptions;
use leptos::prelude::use_context;
use leptos_axum::{ResponseOptions, render_app_async_with_context};

/// Serves the document of whichever page the path names; a path without a page gets the one that says so, with 404.
/// `provide` fills the context of each request.
pub fn documents<S>(options: LeptosOptions, provide: impl Fn() + Clone + Send + Sync + 'static) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let context = move || {
        provide();
        content_security_policy();
    };
    get(render_app_async_with_context(context, move || shell(options.clone())))
}

/// Allows scripts with the document's nonce, and everything else from this site only.
fn content_security_policy() {
    let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
