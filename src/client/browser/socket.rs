//! The live socket.

use crate::client::Chat;
use crate::sync::Event;
use crate::wire::{ClientFrame, ServerFrame};
use futures::channel::mpsc;
use futures::future::{Either, poll_fn, select};
use futures::{Sink, SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The open socket, or one that is being opened. When it is dropped, what was sent before is still written; then the
/// socket closes.
struct Socket {
    frames: mpsc::UnboundedSender<String>,
    /// Whether its events are still wanted.
    is_wanted: Rc<Cell<bool>>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.is_wanted.set(false);
    }
}

thread_local! {
    static SOCKET: RefCell<Option<Socket>> = const { RefCell::new(None) };
}

/// Opens the socket, replacing an earlier one. The chat receives `SocketOpened`, frames, and at the end `SocketClosed`.
pub fn connect(chat: Chat) {
    let (frames, outgoing) = mpsc::unbounded();
    let is_wanted = Rc::new(Cell::new(true));
    SOCKET.with_borrow_mut(|socket| *socket = Some(Socket { frames, is_wanted: Rc::clone(&is_wanted) }));
    spawn_local(async move {
        let dispatch = move |event| {
            if is_wanted.get() {
                chat.dispatch(event);
            }
            is_wanted.get()
        };
        let end = run(&dispatch, outgoing).await;
        dispatch(end);
    });
}

/// Closes the socket once what was sent is written; no further event comes from it.
pub fn disconnect() {
    SOCKET.with_borrow_mut(|socket| *socket = None);
}

/// Sends a frame. Without a socket it is lost; the engine learns of that by `SocketClosed`.
pub fn send(frame: &ClientFrame) {
    SOCKET.with_borrow(|socket| {
        if let Some(socket) = socket {
            // The receiver is gone once the socket has closed, which the chat hears of in a moment.
            let _ = socket.frames.unbounded_send(frame.encode());
        }
    });
}

/// Runs a socket to its end. `dispatch` passes an event to the chat; it returns whether more are wanted.
async fn run(dispatch: &impl Fn(Event) -> bool, mut outgoing: mpsc::UnboundedReceiver<String>) -> Event {
    let Ok(mut socket) = WebSocket::open(&address()) else {
        return Event::SocketClosed { opened: false, code: None };
    };
    // Ready once it is open or has failed. One that is given up before that goes at once: browsers open the sockets to a
    // server one after the other, so it would hold up the next attempt. (Nothing is sent before it is open.)
    let opening = poll_fn(|context| Pin::new(&mut socket).poll_ready(context));
    if let Either::Right(_) = select(opening, outgoing.next()).await {
        return Event::SocketClosed { opened: false, code: None };
    }
    let opened = matches!(socket.state(), State::Open);
    if opened && !dispatch(Event::SocketOpened) {
        return Event::SocketClosed { opened, code: None };
    }
    let (mut sink, mut incoming) = socket.split();
    let writing = Box::pin(async move {
        while let Some(text) = outgoing.next().await {
            if sink.send(Message::Text(text)).await.is_err() {
                // A socket that cannot be written to is about to close, which the reader notices.
                std::future::pending::<()>().await;
            }
        }
        // Nobody sends any more: it is closed from here.
    });
    let reading = Box::pin(async move {
        let mut code = None;
        while let Some(item) = incoming.next().await {
            match item {
                Ok(Message::Text(text)) => {
                    dispatch(match ServerFrame::decode(&text) {
                        Ok(frame) => Event::Frame(Box::new(frame)),
                        Err(_) => Event::UnreadableFrame,
                    });
                }
                Ok(Message::Bytes(_)) => {}
                Err(WebSocketError::ConnectionClose(close)) => code = Some(close.code),
                Err(_) => {}
            }
        }
        code
    });
    let code = match select(reading, writing).await {
        Either::Left((code, _)) => code,
        Either::Right(_) => None,
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
