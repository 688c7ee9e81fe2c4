//! The HTML document of every page.

use crate::app::shell;
use crate::client::platform::page::Exchange;
use crate::server::auth::form_values;
use crate::server::middleware::ShownWorkspace;
use crate::server::{cookies, site};
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::{MethodRouter, get};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Serves the document of whichever page the path names; a path without a page gets the one that says so, with 404.
/// `provide` fills the context of each request.
pub fn documents<S>(provide: impl Fn() + Clone + Send + Sync + 'static) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let context = move || {
        provide();
        provide_exchange();
        content_security_policy();
    };
    get(render_app_async_with_context(context, || shell(site::client())))
}

/// The request and the response of a document, for the views that are rendered into it.
struct DocumentExchange {
    headers: HeaderMap,
    response: ResponseOptions,
    workspace: Option<String>,
}

fn provide_exchange() {
    if let Some((parts, response)) = use_context::<Parts>().zip(use_context::<ResponseOptions>()) {
        let workspace = parts.extensions.get::<ShownWorkspace>().map(|shown| shown.0.clone());
        let exchange: Arc<dyn Exchange> = Arc::new(DocumentExchange { headers: parts.headers, response, workspace });
        provide_context(exchange);
    }
}

impl Exchange for DocumentExchange {
    fn theme(&self) -> Option<String> {
        let chosen = cookies::value(&self.headers, "theme");
        chosen.filter(|chosen| matches!(chosen.as_str(), "light" | "dark"))
    }

    fn list_preferences(&self) -> Option<String> {
        cookies::value(&self.headers, "list")
    }

    fn take_form_values(&self) -> BTreeMap<String, String> {
        let Some(values) = form_values::read(&self.headers) else { return BTreeMap::new() };
        if let Some(removal) = form_values::removal() {
            self.response.append_header(SET_COOKIE, removal);
        }
        values.into_iter().collect()
    }

    fn workspace(&self) -> Option<String> {
        self.workspace.clone()
    }

    fn redirect(&self, path: &str) {
        if let Ok(path) = HeaderValue::from_str(path) {
            self.response.insert_header(LOCATION, path);
            self.response.set_status(StatusCode::SEE_OTHER);
        }
    }

    fn set_status(&self, status: u16) {
        if let Ok(status) = StatusCode::from_u16(status) {
            self.response.set_status(status);
        }
    }
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
