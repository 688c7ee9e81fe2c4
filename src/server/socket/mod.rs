//! The live socket: its upgrade, and one connection's task.

mod connection;
mod transport;

pub use connection::{Caller, serve};
pub use transport::{FrameReader, FrameWriter, Incoming, Transport};

use super::Core;
use super::auth::{AuthSession, session_key};
use super::middleware;
use crate::model::Error;
use crate::wire::FRAME_MAX;
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The library's default of 128 KiB costs 25 times the memory and twice the processor's time of these.
const READ_BUFFER: usize = 4 * 1024;
/// Frames are fed one by one and flushed together, so the buffer is what one system call takes.
const WRITE_BUFFER: usize = 16 * 1024;
/// Beyond this a write fails: the queue bounds what waits, this only bounds what is being written.
const WRITE_MAX: usize = 8 * 1024 * 1024;

/// Upgrades a signed-in user's request. The middleware has checked its origin.
pub async fn upgrade(
    State(core): State<Arc<Core>>,
    Extension(auth): Extension<AuthSession>,
    socket: WebSocketUpgrade,
) -> Response {
    let (Some(user), Some(session)) = (auth.user.as_ref(), auth.session.id()) else {
        return middleware::refusal(StatusCode::UNAUTHORIZED, &Error::sign_in_required());
    };
    let caller = Caller { user: user.id, session: session_key(&session) };
    socket
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_MAX)
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
        .on_upgrade(move |socket| serve(core, caller, transport::WebSocketTransport::new(socket)))
        .into_response()
}
