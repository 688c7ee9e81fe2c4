//! The live socket.

use crate::client::Chat;
use crate::sync::Event;
use crate::wire::{ClientFrame, ServerFrame};
use futures::channel::mpsc;
use futures::future::{AbortHandle, Either, abortable, poll_fn, select};
use futures::{Sink, SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use std::cell::RefCell;
use std::pin::Pin;
use wasm_bindgen_futures::spawn_local;

struct Socket {
    frames: mpsc::UnboundedSender<String>,
    task: AbortHandle,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

thread_local! {
    static SOCKET: RefCell<Option<Socket>> = const { RefCell::new(None) };
}

/// Opens the socket, replacing an earlier one. The chat receives `SocketOpened`, frames, and at the end `SocketClosed`.
pub fn connect(chat: Chat) {
    let (frames, outgoing) = mpsc::unbounded();
    let (run, task) = abortable(run(chat, outgoing));
    SOCKET.with_borrow_mut(|socket| *socket = Some(Socket { frames, task }));
    spawn_local(async move {
        if let Ok(end) = run.await {
            SOCKET.with_borrow_mut(|socket| *socket = None);
            chat.dispatch(end);
        }
    });
}

/// Closes the socket; no further event comes from it.
pub fn disconnect() {
    SOCKET.with_borrow_mut(|socket| *socket = None);
}

/// Sends a frame. Without a socket it is lost; the engine learns of that by `SocketClosed`.
pub fn send(frame: &ClientFrame) {
    SOCKET.with_borrow(|socket| {
        if let Some(socket) = socket {
            // The receiver is dropped only together with the socket, see above.
            let _ = socket.frames.unbounded_send(frame.encode());
        }
    });
}

async fn run(chat: Chat, outgoing: mpsc::UnboundedReceiver<String>) -> Event {
    let Ok(mut socket) = WebSocket::open(&address()) else {
        return Event::SocketClosed { opened: false, code: None };
    };
    // Ready once it is open or has failed.
    let _ = poll_fn(|context| Pin::new(&mut socket).poll_ready(context)).await;
    let opened = matches!(socket.state(), State::Open);
    if opened {
        chat.dispatch(Event::SocketOpened);
    }
    let (mut sink, mut incoming) = socket.split();
    let writing = Box::pin(async move {
        let mut outgoing = outgoing;
        while let Some(text) = outgoing.next().await {
            if sink.send(Message::Text(text)).await.is_err() {
                break;
            }
        }
        // A socket that cannot be written to is about to close, which the reader notices.
        std::future::pending::<()>().await;
    });
    let reading = Box::pin(async move {
        let mut code = None;
        while let Some(item) = incoming.next().await {
            match item {
                Ok(Message::Text(text)) => chat.dispatch(match ServerFrame::decode(&text) {
                    Ok(frame) => Event::Frame(Box::new(frame)),
                    Err(_) => Event::UnreadableFrame,
                }),
                Ok(Message::Bytes(_)) => {}
                Err(WebSocketError::ConnectionClose(close)) => code = Some(close.code),
                Err(_) => {}
            }
        }
        code
    });
    let code = match select(reading, writing).await {
        Either::Left((code, _)) => code,
        Either::Right(((), reading)) => reading.await,
    };
    Event::SocketClosed { opened, code }
}

fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let host = location.as_ref().and_then(|location| location.host().ok()).unwrap_or_default();
    let secure = location.and_then(|location| location.protocol().ok()).is_some_and(|protocol| protocol == "https:");
    let scheme = if secure { "wss" } else { "ws" };
    format!("{scheme}://{host}/ws")
}
