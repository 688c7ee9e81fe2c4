//! A live connection, as a client of its own: frames in, frames out.

use futures::{SinkExt, StreamExt};
use hubbub::model::{ConversationId, MessageId};
use hubbub::wire::{ClientFrame, PROTOCOL, ServerFrame, close};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long a test waits for what must come; far above what it takes.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Live {
    socket: WebSocketStream<TcpStream>,
}

impl Live {
    /// Opens the socket without a word.
    pub async fn open(address: SocketAddr, cookie: &str) -> Result<Self, Error> {
        Self::open_from(address, cookie, Some(&format!("http://{address}"))).await
    }

    pub async fn open_from(address: SocketAddr, cookie: &str, origin: Option<&str>) -> Result<Self, Error> {
        let mut request = format!("ws://{address}/ws").into_client_request()?;
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(address).await.unwrap();
        Ok(Live { socket: client_async(request, stream).await?.0 })
    }

    pub async fn send(&mut self, frame: &ClientFrame) {
        self.send_raw(Message::text(frame.encode())).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Sends without minding whether the other side still listens.
    pub async fn try_send_raw(&mut self, message: Message) -> bool {
        self.socket.send(message).await.is_ok()
    }

    pub async fn hello(&mut self) -> ServerFrame {
        self.send(&ClientFrame::Hello { protocol: PROTOCOL, client: "test".into() }).await;
        self.next().await
    }

    pub async fn post(&mut self, id: MessageId, text: &str) {
        self.send(&ClientFrame::Post { id, conversation: ConversationId(1), body: text.into(), after: None }).await;
    }

    /// The next frame; fails on anything else.
    pub async fn next(&mut self) -> ServerFrame {
        match timeout(PATIENCE, self.socket.next()).await.expect("no frame came in time") {
            Some(Ok(Message::Text(text))) => ServerFrame::decode(&text).unwrap(),
            other => panic!("not a frame: {other:?}"),
        }
    }

    /// Whatever comes next; nothing when the connection broke.
    pub async fn raw(&mut self) -> Option<Message> {
        timeout(PATIENCE, self.socket.next()).await.expect("nothing came in time")?.ok()
    }

    /// The next frame that this accepts; others are passed over.
    pub async fn find<T>(&mut self, accept: impl Fn(ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = accept(self.next().await) {
                return found;
            }
        }
    }

    /// Comes back when the session has ended; fails on a frame before that.
    pub async fn is_told_to_sign_in(&mut self) {
        match self.raw().await {
            Some(Message::Close(Some(frame))) => assert_eq!(u16::from(frame.code), close::SESSION),
            other => panic!("not closed: {other:?}"),
        }
    }

    /// The code with which the server closes; frames before it are passed over.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("the server did not close in time") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
