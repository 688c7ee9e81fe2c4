//! The transport of a connection: a WebSocket, or the simulator's network.

use crate::wire::{FRAME_MAX, close};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use std::future::Future;
use std::time::Duration;

/// The longest that a client may take to accept what is written to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest that closing waits for the client to accept the close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    Text(Utf8Bytes),
    /// A ping or pong of the WebSocket protocol: nothing to decode, but it counts for the rate limit.
    Control,
    /// Something that ends the connection: the close code that says why.
    Unacceptable(u16),
    /// The other side is gone.
    Gone,
}

/// A connection that is split into its two directions.
pub trait Transport: Send + 'static {
    type Reader: FrameReader;
    type Writer: FrameWriter;
    fn split(self) -> (Self::Reader, Self::Writer);
}

pub trait FrameReader: Send {
    fn read(&mut self) -> impl Future<Output = Incoming> + Send;
}

pub trait FrameWriter: Send {
    /// Writes these frames and flushes once; false when the other side is gone.
    fn write(&mut self, frames: Vec<Utf8Bytes>) -> impl Future<Output = bool> + Send;
    fn close(&mut self, code: u16) -> impl Future<Output = ()> + Send;
}

/// A WebSocket of the HTTP server.
#[derive(Debug)]
pub struct WebSocketTransport(WebSocket);

impl WebSocketTransport {
    pub fn new(socket: WebSocket) -> Self {
        WebSocketTransport(socket)
    }
}

impl Transport for WebSocketTransport {
    type Reader = SplitStream<WebSocket>;
    type Writer = SplitSink<WebSocket, Message>;

    fn split(self) -> (Self::Reader, Self::Writer) {
        let (sink, stream) = self.0.split();
        (stream, sink)
    }
}

impl FrameReader for SplitStream<WebSocket> {
    async fn read(&mut self) -> Incoming {
        {
            match self.next().await {
                Some(Ok(Message::Text(text))) => Incoming::Text(text),
                Some(Ok(Message::Binary(_))) => Incoming::Unacceptable(close::BINARY),
                // The library answers pings by itself.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::Control,
                Some(Ok(Message::Close(_))) | None => Incoming::Gone,
                Some(Err(error)) => unacceptable(&error.to_string()),
            }
        }
    }
}

/// The library gives its reasons as text only.
fn unacceptable(reason: &str) -> Incoming {
    let reason = reason.to_ascii_lowercase();
    if reason.contains("too long")
        || reason.contains("too big")
        || reason.contains("space limit")
        || reason.contains("capacity")
    {
        tracing::debug!(limit = FRAME_MAX, "a frame over the limit");
        Incoming::Unacceptable(close::TOO_BIG)
    } else if reason.contains("utf-8") || reason.contains("utf8") {
        Incoming::Unacceptable(close::NOT_UTF8)
    } else {
        Incoming::Gone
    }
}

impl FrameWriter for SplitSink<WebSocket, Message> {
    async fn write(&mut self, frames: Vec<Utf8Bytes>) -> bool {
        let writing = async {
            for frame in frames {
                self.feed(Message::Text(frame)).await?;
            }
            self.flush().await
        };
        matches!(tokio::time::timeout(WRITE_TIMEOUT, writing).await, Ok(Ok(())))
    }

    async fn close(&mut self, code: u16) {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static("") };
        // It fails when the other side is gone, and then nobody needs it.
        let _sent = tokio::time::timeout(CLOSE_TIMEOUT, SinkExt::send(self, Message::Close(Some(frame)))).await;
    }
}
