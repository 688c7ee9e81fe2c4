//! The values of a refused form, for pages without scripts: the page is loaded again and shows them in its fields.
//!
//! They travel in a cookie rather than in the address, which would keep them in histories and logs. Passwords are never
//! kept.

use super::Request;
use crate::server::cookies;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::collections::BTreeMap;

const NAME: &str = "form_values";
/// The most characters that are kept of a field: above every field's own limit.
const KEPT_MAX: usize = 250;
/// How long the cookie lasts; the page that shows the values removes it before.
const LASTS: Duration = Duration::minutes(1);

/// Keeps the values of a refused form, by its fields' names, if it was sent without scripts.
pub(super) fn keep(request: &Request, fields: &[(&str, &str)]) {
    let Some(response) = use_context::<ResponseOptions>().filter(|_| request.is_plain_form()) else { return };
    if let Some(cookie) = cookies::set(&cookie(fields, request.auth.settings.secure())) {
        response.append_header(SET_COOKIE, cookie);
    }
}

fn cookie(fields: &[(&str, &str)], secure: bool) -> Cookie<'static> {
    let values: BTreeMap<&str, String> =
        fields.iter().map(|(name, text)| (*name, text.chars().take(KEPT_MAX).collect())).collect();
    // Texts by texts are always JSON.
    let json = serde_json::to_string(&values).unwrap_or_default();
    Cookie::build((NAME, json)).path("/").max_age(LASTS).http_only(true).same_site(SameSite::Lax).secure(secure).build()
}

/// The kept values among a request's cookies, by field, if there are any. A cookie that was not written here gives none.
pub fn read(headers: &HeaderMap) -> Option<BTreeMap<String, String>> {
    cookies::value(headers, NAME).map(|json| serde_json::from_str(&json).unwrap_or_default())
}

/// The header `Set-Cookie` that removes the kept values.
pub fn removal() -> Option<HeaderValue> {
    cookies::set(&Cookie::build(NAME).path("/").max_age(Duration::ZERO).build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    fn sent_back(set_cookie: &HeaderValue) -> HeaderMap {
        let pair = set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let other = HeaderValue::from_static("theme=dark; =; hubbub=abc");
        HeaderMap::from_iter([(COOKIE, other), (COOKIE, pair.parse().unwrap())])
    }

    #[test]
    fn what_was_kept_is_read_again_as_it_was() {
        let long = "x".repeat(KEPT_MAX + 1);
        let fields = [("name", "Ana; \"R\" ,=%\r\nÄ 日本"), ("topic", &*long)];
        let set = cookies::set(&cookie(&fields, true)).unwrap();
        let attributes = set.to_str().unwrap().split_once("; ").unwrap().1;
        assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60");
        let read = read(&sent_back(&set)).unwrap();
        assert_eq!((&*read["name"], read["topic"].len()), (fields[0].1, KEPT_MAX));
        assert_eq!(cookies::value(&sent_back(&set), "theme").as_deref(), Some("dark"));
    }

    #[test]
    fn a_cookie_that_was_not_written_here_gives_no_values() {
        let forged = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static("form_values=%7B%22a%22:1%7D"))]);
        assert_eq!(read(&forged), Some(BTreeMap::new()), "there is a cookie to remove");
        assert_eq!(read(&HeaderMap::new()), None);
        assert_eq!(removal().unwrap(), "form_values=; Path=/; Max-Age=0");
    }
}
