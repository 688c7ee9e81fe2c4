//! The files that the program carries: the client, the stylesheets, the icons.

use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "$LEPTOS_SITE_ROOT"]
#[allow_missing = true]
struct Files;

/// Every stylesheet, in the order of its layers.
const STYLE: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/layout.css"),
    include_str!("../../style/avatar.css"),
    include_str!("../../style/banner.css"),
    include_str!("../../style/card.css"),
    include_str!("../../style/composer.css"),
    include_str!("../../style/controls.css"),
    include_str!("../../style/conversation.css"),
    include_str!("../../style/field.css"),
    include_str!("../../style/menu.css"),
    include_str!("../../style/message.css"),
    include_str!("../../style/page.css"),
    include_str!("../../style/panel.css"),
    include_str!("../../style/sidebar.css"),
    include_str!("../../style/skeleton.css"),
    include_str!("../../style/switcher.css"),
    include_str!("../../style/timeline.css"),
);

const STYLE_PATH: &str = "pkg/hubbub.css";

/// Answers requests for the site's files before anything else looks at them: they need no session.
pub async fn serve(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match find(request.uri().path().trim_start_matches('/'), request.headers()) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

fn find(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path == STYLE_PATH {
        static TAG: OnceLock<String> = OnceLock::new();
        let tag = TAG.get_or_init(|| tag(&Sha256::digest(STYLE)));
        return Some(respond(path, Cow::Borrowed(STYLE.as_bytes()), tag, None, headers));
    }
    // The compressed forms are no files of their own.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let plain = Files::get(path)?;
    let tag = tag(&plain.metadata.sha256_hash());
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|entry| entry.split(';').next().is_some_and(|name| name.trim() == coding))
    };
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(coding)
            && let Some(compressed) = Files::get(&format!("{path}.{ending}"))
        {
            return Some(respond(path, compressed.data, &tag, Some(coding), headers));
        }
    }
    Some(respond(path, plain.data, &tag, None, headers))
}

fn tag(hash: &[u8]) -> String {
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

fn respond(
    path: &str,
    data: Cow<'static, [u8]>,
    tag: &str,
    coding: Option<&'static str>,
    headers: &HeaderMap,
) -> Response {
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response =
        if known.is_some_and(|known| known.split(',').any(|entry| entry.trim().trim_start_matches("W/") == tag)) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            // What stands in the program is not copied for each who asks.
            let data = match data {
                Cow::Borrowed(data) => axum::body::Bytes::from_static(data),
                Cow::Owned(data) => axum::body::Bytes::from(data),
            };
            data.into_response()
        };
    let out = response.headers_mut();
    // Names stay the same from one version to the next, so browsers ask each time whether theirs is still good.
    out.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    if let Ok(kind) = HeaderValue::from_str(
        if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() }.as_str(),
    ) {
        out.insert(CONTENT_TYPE, kind);
    }
    if let Ok(tag) = HeaderValue::from_str(tag) {
        out.insert(ETAG, tag);
    }
    if let Some(coding) = coding {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule that is left open swallows every rule below it, in this file and in the next ones.
    #[test]
    fn every_rule_of_the_style_sheets_is_closed_where_its_layer_ends() {
        let mut depth = 0;
        for line in STYLE.lines() {
            if line.starts_with("@layer") {
                assert_eq!(depth, 0, "something above is left open: {line}");
            }
            depth += line.matches('{').count();
            depth = depth.checked_sub(line.matches('}').count()).unwrap_or_else(|| panic!("closed too often: {line}"));
        }
        assert_eq!(depth, 0);
    }
}
