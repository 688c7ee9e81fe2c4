//! What was typed into a form that was refused. A page without scripts is loaded afresh then, and shows it again; it
//! comes along in a cookie, since an address would stand in histories and logs. Passwords are typed anew.

use super::Request;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use leptos_router::location::Url;
use std::collections::BTreeMap;

/// The most characters that are kept of a field; what is longer was no honest mistake.
const KEPT_MAX: usize = 250;
/// The cookie's life in seconds. The page that shows it ends it before.
const LIFE: u32 = 60;

/// Keeps the fields of a refused form, by their names in it.
pub(super) fn keep(request: &Request, fields: &[(&str, &str)]) {
    let Some(response) = use_context::<ResponseOptions>().filter(|_| request.is_plain_form()) else { return };
    let fields: BTreeMap<&str, String> =
        fields.iter().map(|(name, text)| (*name, text.chars().take(KEPT_MAX).collect())).collect();
    let secure = if request.auth.settings.secure() { "; Secure" } else { "" };
    let text = Url::escape(&serde_json::to_string(&fields).unwrap_or_default());
    let cookie = format!("typed={text}; Path=/; Max-Age={LIFE}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.append_header(SET_COOKIE, cookie);
    }
}
