//! The site's files, which the program embeds: the client, the stylesheet, the icons.

use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
#[cfg(any(debug_assertions, test))]
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "$LEPTOS_SITE_ROOT"]
#[allow_missing = true]
struct Files;

/// The folder of the client's files. It bears the hash of its contents in a built site; `cargo leptos` writes them into
/// `pkg` itself.
const CLIENT: &str = "pkg";
/// How long browsers keep files whose address contains the hash of their contents: a year, in seconds.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Other names stay the same from one version to the next, so browsers ask each time whether theirs is current.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The path of the client's files, as the document refers to them: `/pkg/HASH`.
pub fn client() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let script = Files::iter().find_map(|path| {
            let folder = path.strip_suffix("/hubbub.js")?;
            (folder == CLIENT || folder.strip_prefix(CLIENT)?.starts_with('/')).then(|| format!("/{folder}"))
        });
        script.unwrap_or_else(|| format!("/{CLIENT}"))
    })
}

/// Answers requests for the site's files before anything else looks at them: they need no session.
pub async fn serve(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let path = request.uri().path().trim_start_matches('/');
    match find(path, request.headers()) {
        Some(response) => response,
        // A page of another build, which will offer a reload (`ui/parts/lazy.rs`, `start.js`).
        None if path.strip_prefix(CLIENT).is_some_and(|rest| rest.starts_with('/')) => {
            (StatusCode::NOT_FOUND, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
        }
        None => next.run(request).await,
    }
}

fn find(path: &str, headers: &HeaderMap) -> Option<Response> {
    // The compressed forms are no files of their own.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let Some(plain) = Files::get(path) else { return style_for_development(path, headers) };
    let tag = tag(&plain.metadata.sha256_hash());
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, coding)
            && let Some(compressed) = Files::get(&format!("{path}.{ending}"))
        {
            return Some(respond(path, compressed.data, &tag, Some(coding), headers));
        }
    }
    Some(respond(path, plain.data, &tag, None, headers))
}

/// Whether an `Accept-Encoding` names this coding, and not with the weight 0, which refuses it.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        is_named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

/// The stylesheet where no built site has one: in development and in tests, as the files are at this moment.
#[cfg(any(debug_assertions, test))]
fn style_for_development(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path != "pkg/hubbub.css" {
        return None;
    }
    let style = style().inspect_err(|cause| tracing::error!(%cause, "style/ cannot be read")).ok()?;
    let tag = tag(&Sha256::digest(&style));
    Some(respond(path, Cow::Owned(style.into_bytes()), &tag, None, headers))
}

#[cfg(not(any(debug_assertions, test)))]
fn style_for_development(_path: &str, _headers: &HeaderMap) -> Option<Response> {
    None
}

/// Every stylesheet. The first three define the order of the layers; scripts/site.mjs joins them in the same order.
#[cfg(any(debug_assertions, test))]
fn style() -> std::io::Result<String> {
    const FIRST: [&str; 3] = ["tokens.css", "base.css", "layout.css"];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        names.extend(entry?.file_name().into_string().ok().filter(|name| name.ends_with(".css")));
    }
    names.sort_by_key(|name| (FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()), name.clone()));
    names.into_iter().map(|name| std::fs::read_to_string(folder.join(name))).collect()
}

/// The tag of a file. It is weak, since it stands for the plain and the compressed forms, also those that the router's
/// compression makes; a strong one would have to differ between them (RFC 9110, 8.8.3.3).
fn tag(hash: &[u8]) -> String {
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hex}\"")
}

/// Whether an `If-None-Match` has this tag, by the weak comparison (RFC 9110, 13.1.2).
fn is_known(known: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.split(',').any(|entry| opaque(entry) == opaque(tag))
}

fn respond(
    path: &str,
    data: Cow<'static, [u8]>,
    tag: &str,
    coding: Option<&'static str>,
    headers: &HeaderMap,
) -> Response {
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| is_known(known, tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // What is embedded in the program is not copied for each request.
        let data = match data {
            Cow::Borrowed(data) => axum::body::Bytes::from_static(data),
            Cow::Owned(data) => axum::body::Bytes::from(data),
        };
        data.into_response()
    };
    let out = response.headers_mut();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let hashed = folder.strip_prefix(CLIENT).is_some_and(|rest| rest.starts_with('/'));
    out.insert(CACHE_CONTROL, if hashed { IMMUTABLE } else { REVALIDATE });
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
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use tower::ServiceExt;

    /// A rule that is left open swallows every rule below it, in this file and in the next ones.
    #[test]
    fn every_rule_of_the_style_sheets_is_closed_where_its_layer_ends() {
        let style = style().unwrap();
        let mut depth = 0;
        for line in style.lines() {
            if line.starts_with("@layer") {
                assert_eq!(depth, 0, "something above is left open: {line}");
            }
            depth += line.matches('{').count();
            depth = depth.checked_sub(line.matches('}').count()).unwrap_or_else(|| panic!("closed too often: {line}"));
        }
        assert_eq!(depth, 0);
    }

    #[test]
    fn the_layers_are_declared_before_their_rules() {
        assert_eq!(
            style().unwrap().lines().find(|line| line.starts_with("@layer")),
            Some("@layer tokens, base, layout, parts;")
        );
    }

    #[test]
    fn a_coding_is_used_where_it_is_named_and_not_refused() {
        for accepted in ["br", "gzip, br", "gzip;q=0.5, BR;q=0.001", "deflate , br ; q=1"] {
            assert!(accepts(accepted, "br"), "{accepted}");
        }
        for accepted in ["", "gzip", "br;q=0", "br; q=0.000, gzip", "brotli", "br;q=x"] {
            assert!(!accepts(accepted, "br"), "{accepted}");
        }
    }

    #[test]
    fn a_tag_is_recognised_among_others_and_as_older_builds_gave_it() {
        let tag = tag(&[7; 32]);
        for known in [tag.clone(), format!("\"other\", {tag}"), tag.trim_start_matches("W/").to_owned()] {
            assert!(is_known(&known, &tag), "{known}");
        }
        assert!(!is_known("W/\"other\"", &tag) && !is_known("", &tag));
    }

    #[tokio::test]
    async fn a_file_of_another_build_is_refused_at_once_and_not_kept() {
        let site = Router::new().fallback(|| async { "a page" }).layer(from_fn(serve));
        for (path, status) in [
            ("/pkg/0123456789abcdef/hubbub.js", StatusCode::NOT_FOUND),
            ("/pkg/0123456789abcdef/split_diagnostics.wasm", StatusCode::NOT_FOUND),
            ("/pkg/", StatusCode::NOT_FOUND),
            ("/pkgs", StatusCode::OK),
            ("/rooms", StatusCode::OK),
        ] {
            let response = site.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            let kept = response.headers().get(CACHE_CONTROL).map(|value| value.to_str().unwrap());
            assert_eq!(kept, (status == StatusCode::NOT_FOUND).then_some("no-store"), "{path}");
        }
    }

    #[test]
    fn only_addresses_with_a_hash_are_kept_for_good() {
        let kept = |path| {
            let response = respond(path, Cow::Borrowed(b"x"), "\"1\"", None, &HeaderMap::new());
            response.headers()[CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert!(kept("pkg/0123456789abcdef/hubbub.js").ends_with("immutable"));
        assert!(kept("pkg/0123456789abcdef/snippets/a/b.js").ends_with("immutable"));
        for path in ["pkg/hubbub.js", "icon.svg", "manifest.webmanifest"] {
            assert_eq!(kept(path), "no-cache", "{path}");
        }
    }
}
