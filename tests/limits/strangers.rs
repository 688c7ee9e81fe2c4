//! What somebody without an account can take: connections, and time to send and read.

use crate::support::Chat;
use hubbub::server::listener::Limits;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Far longer than any bound that these tests set.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the server says before it hangs up.
async fn until_hung_up(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // Hung up on in the middle of what was sent, a socket is reset: that is an end as well. One that stays open is not.
    let _ = timeout(PATIENCE, socket.read_to_end(&mut text)).await.expect("the server hangs up");
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn a_connection_that_takes_too_long_to_send_its_request_is_closed() {
    let limits = Limits { head_within: Duration::from_millis(300), ..Limits::default() };
    let chat = Chat::start_within(|_| {}, limits).await;
    let mut silent = TcpStream::connect(chat.address).await.unwrap();
    let mut halting = TcpStream::connect(chat.address).await.unwrap();
    halting.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut idle = TcpStream::connect(chat.address).await.unwrap();
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();

    assert_eq!(until_hung_up(&mut silent).await, "");
    assert!(!until_hung_up(&mut halting).await.contains("200"), "what was not asked is not answered");
    assert!(!until_hung_up(&mut halting).await.contains("200"), "what was not asked is not answered");
    assert!(until_hung_up(&mut idle).await.starts_with("HTTP/1.1 200"), "what was asked is answered before");
}

#[tokio::test]
async fn a_connection_that_does_not_read_its_answers_is_closed() {
    let limits = Limits { write_within: Duration::from_millis(300), ..Limits::default() };
    let chat = Chat::start_within(|_| {}, limits).await;
    let mut deaf = TcpStream::connect(chat.address).await.unwrap();
    // Asks on until nothing goes through in either direction: the server cannot write, and so does not read either.
    let ask = b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n".repeat(64);
    let refused = timeout(PATIENCE, async { while deaf.write_all(&ask).await.is_ok() {} }).await;
    assert!(refused.is_ok(), "the server still holds the connection");
}

#[tokio::test]
async fn one_network_cannot_take_every_connection() {
    let limits = Limits { per_network: 3, ..Limits::default() };
    let chat = Chat::start_within(|_| {}, limits).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        // Answered, so that it is known to be counted.
        let mut socket = TcpStream::connect(chat.address).await.unwrap();
        socket.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        held.push(socket);
    }
    let mut one_more = TcpStream::connect(chat.address).await.unwrap();
    let _ = one_more.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(until_hung_up(&mut one_more).await, "");

    // Another network (this machine has a whole range of its own) is served as before.
    let elsewhere = tokio::net::TcpSocket::new_v4().unwrap();
    elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut elsewhere = elsewhere.connect(chat.address).await.unwrap();
    elsewhere.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(until_hung_up(&mut elsewhere).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_live_socket_does_not_count_among_them() {
    let limits = Limits { per_network: 8, ..Limits::default() };
    let chat = Chat::start_within(|_| {}, limits).await;
    let ana = chat.user("ana").await;
    let mut live = Vec::new();
    for _ in 0..30 {
        let mut socket = chat.connect(&ana).await;
        socket.hello().await;
        live.push(socket);
    }
}
