//! Every route of the HTTP server, and the layers around them.

use super::auth::{self, Auth, Backend, Passwords, Sessions, Throttles};
use super::config::Settings;
use super::{Core, middleware as guards, render, site, socket};
use crate::model::{Error, Route};
use any_spawner::Executor;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, any, get, on};
use axum_login::AuthManagerLayerBuilder;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

/// The most bytes of a form: the longest message with every byte percent-encoded.
const FORM_MAX: usize = 128 * 1024;
/// The longest time for a request with its body. (The upgrade to a live socket is short.)
const REQUEST_MAX: Duration = Duration::from_secs(30);
/// The most bytes of a failed server function's answer that are read to find its status.
const ERROR_MAX: usize = 64 * 1024;

#[derive(Clone, Debug)]
struct AppState {
    core: Arc<Core>,
    auth: Auth,
    options: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

impl FromRef<AppState> for Arc<Core> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.core)
    }
}

/// Every path that is served, pages and server functions included, for the tests.
pub fn paths() -> Vec<String> {
    let mut paths: Vec<String> = Route::PATHS.map(str::to_owned).to_vec();
    paths.extend(server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()));
    paths.extend(["/health".to_owned(), "/ws".to_owned()]);
    paths.sort();
    paths.dedup();
    paths
}

/// The whole HTTP service.
///
/// # Errors
/// When the system provides no random numbers.
pub fn router(core: Arc<Core>, settings: Arc<Settings>, options: LeptosOptions) -> Result<Router, Error> {
    let passwords = Passwords::new()?;
    let auth = Auth { passwords: passwords.clone(), throttles: Throttles::default(), settings: Arc::clone(&settings) };
    let state = AppState { core: Arc::clone(&core), auth, options };

    let sessions = SessionManagerLayer::new(Sessions::new(Arc::clone(&core)))
        .with_name("hubbub")
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(settings.secure())
        .with_expiry(Expiry::OnInactivity(auth::LASTS));
    let login = AuthManagerLayerBuilder::new(Backend::new(Arc::clone(&core), passwords), sessions).build();

    // Leptos spawns its tasks on tokio. An error means that it is set up already: one process, many tests.
    let _ = Executor::init_tokio();
    let page_state = state.clone();
    let page = render::documents(move || provide(&page_state));
    let site = functions(&state)?
        .route("/api/{*function}", any(no_such_function))
        .route("/ws", any(socket::upgrade))
        .fallback_service(page)
        .with_state(state.clone())
        .layer(middleware::from_fn(failure_status))
        .layer(middleware::from_fn_with_state(Arc::clone(&core), guards::name_workspace))
        .layer(middleware::from_fn_with_state(Arc::clone(&core), guards::require_session))
        .layer(middleware::from_fn_with_state(Arc::clone(&core), renew))
        .layer(login)
        .layer(middleware::from_fn_with_state(Arc::clone(&settings), guards::same_origin))
        .layer(middleware::from_fn_with_state(settings, guards::known_host))
        .layer(DefaultBodyLimit::max(FORM_MAX));

    Ok(Router::new()
        .route("/health", get(health))
        .with_state(state)
        .merge(site)
        .layer(middleware::from_fn(site::serve))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn(headers))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_MAX))
        .layer(CatchPanicLayer::custom(panicked)))
}

/// Fills the context of pages and server functions.
fn provide(state: &AppState) {
    provide_context(Arc::clone(&state.core));
    provide_context(state.auth.clone());
}

/// The routes of the server functions.
///
/// # Errors
/// `Internal` for one with an HTTP method that axum cannot route: a mistake in `api`.
fn functions(state: &AppState) -> Result<Router<AppState>, Error> {
    server_fn::axum::server_fn_paths().try_fold(Router::new(), |router, (path, method)| {
        let state = state.clone();
        let call = move |request: Request| {
            let state = state.clone();
            handle_server_fns_with_context(move || provide(&state), request)
        };
        let method = MethodFilter::try_from(method).map_err(|_| Error::internal(path))?;
        Ok(router.route(path, on(method, call)))
    })
}

/// Answers a call of an unknown server function: from a page of an older build, or a guess.
async fn no_such_function() -> Response {
    guards::refusal(StatusCode::NOT_FOUND, &Error::not_found())
}

/// Gives failures of server functions, which are all 500 in Leptos, the status of their error.
async fn failure_status(request: Request, next: Next) -> Response {
    let function = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    if !function || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ERROR_MAX).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<Error>(&body) {
        parts.status = guards::status(&error);
        if let Some(wait) = error.retry_after
            && let Ok(seconds) = HeaderValue::from_str(&wait.div_ceil(1000).to_string())
        {
            parts.headers.insert(RETRY_AFTER, seconds);
        }
    }
    Response::from_parts(parts, body.into())
}

async fn renew(State(core): State<Arc<Core>>, session: Session, request: Request, next: Next) -> Response {
    auth::renew(&core, session, request, next).await
}

/// For monitoring: whether the database answers and the writer runs.
async fn health(State(core): State<Arc<Core>>) -> Response {
    let answers = async {
        let mut snapshot = core.db.snapshot().await?;
        super::store::installation::epoch(&mut snapshot.conn()).await
    };
    match answers.await {
        Ok(_) if !core.writer.is_alive() => guards::refusal(StatusCode::SERVICE_UNAVAILABLE, &Error::unavailable()),
        Ok(_) => {
            axum::Json(serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })).into_response()
        }
        Err(cause) => {
            tracing::error!(%cause, "the database does not answer");
            guards::refusal(StatusCode::SERVICE_UNAVAILABLE, &Error::unavailable())
        }
    }
}

/// Adds the security and caching headers of every response, and the time that the server took.
async fn headers(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let mut response = next.run(request).await;
    let took = started.elapsed().as_secs_f64() * 1000.0;
    let headers = response.headers_mut();
    let set = |headers: &mut axum::http::HeaderMap, name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    // Pages too: what a browser has stored it shows again on "Back", also to whoever comes after signing out.
    set(headers, CACHE_CONTROL, "no-store");
    if let Ok(timing) = HeaderValue::from_str(&format!("total;dur={took:.3}")) {
        headers.insert(HeaderName::from_static("server-timing"), timing);
    }
    response
}

/// Answers after a panic in a handler: it is logged with a number, and only the number is sent.
fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let what = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    let number = format!("{:08x}", rand::random::<u32>());
    tracing::error!(number, what, "a request panicked");
    guards::refusal(StatusCode::INTERNAL_SERVER_ERROR, &Error::internal(&number))
}
