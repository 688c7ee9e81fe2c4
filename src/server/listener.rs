//! The door to the network: accepts connections, gives each its request time-outs, and bounds how many a stranger holds.
//!
//! A connection counts here until it ends or becomes a live socket: those need a session, and the hub counts them by
//! user.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::future::Future;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

/// The most bytes that are read ahead, a request's whole head among them: several times the longest that browsers send.
const HEAD_MAX: usize = 64 * 1024;
/// How long to wait when the machine has no more files to open.
const PAUSE: Duration = Duration::from_millis(100);

/// What strangers may take of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the head of a request may take, and how long a connection may wait for its next one.
    pub head_within: Duration,
    /// How long a client may take none of what is written to it.
    pub write_within: Duration,
    /// The most connections that are not live sockets. One more waits to be accepted until another ends.
    pub connections: usize,
    /// The most of them from one network.
    pub per_network: u32,
    /// Connections of this machine come from a proxy and stand for all the world: they are not counted by network.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head_within: Duration::from_secs(10),
            write_within: Duration::from_secs(20),
            connections: 4096,
            // An office behind one address opens at most six a browser, and for seconds.
            per_network: 512,
            behind_proxy: false,
        }
    }
}

impl Limits {
    /// What the machine allows, as far as a process may raise it: every connection is an open file, and the database,
    /// the live sockets and everything else need theirs as well.
    pub fn of_machine(behind_proxy: bool) -> Self {
        let default = Limits { behind_proxy, ..Limits::default() };
        match rlimit::increase_nofile_limit(u64::MAX) {
            Ok(files) => {
                let share = usize::try_from(files / 4).unwrap_or(usize::MAX).max(64);
                Limits { connections: default.connections.min(share), ..default }
            }
            Err(cause) => {
                tracing::warn!(%cause, "the number of files that may be open could not be asked for");
                default
            }
        }
    }
}

/// What one party commands: an IPv4 address, or an IPv6 network of 64 bits.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Serves until `stopped`, then lets the requests in progress finish.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stopped: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_within).max_buf_size(HEAD_MAX);
    let (stop, stopping) = watch::channel(());
    let free = Arc::new(Semaphore::new(limits.connections));
    let networks = Networks::new(limits.per_network);
    let mut stopped = std::pin::pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &free) => accepted,
            () = &mut stopped => break,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let network = network(peer.ip());
        let counted = !(limits.behind_proxy && peer.ip().to_canonical().is_loopback());
        let place = if counted { networks.enter(network).map(Some) } else { Some(None) };
        // Who has their share already is hung up on: an answer would cost what the bound is to save.
        let Some(place) = place else { continue };
        let app = app.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request.map(Body::new))
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_within));
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service).with_upgrades();
        let mut stopping = stopping.clone();
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = stopping.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(cause) = ended {
                tracing::debug!(%peer, %cause, "a connection ended badly");
            }
            drop((place, permit));
        });
    }
    drop((listener, stopping));
    stop.send_replace(());
    // Every connection holds a receiver for as long as it lives.
    stop.closed().await;
}

/// The next connection, once there is room for one.
async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    // The semaphore is never closed.
    let permit = Arc::clone(free).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Small frames must not wait for one another.
            if let Err(cause) = stream.set_nodelay(true) {
                tracing::debug!(%cause, "a connection keeps its delay");
            }
            Some((stream, peer, permit))
        }
        // It was gone before it was there.
        Err(cause) if matches!(cause.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => None,
        Err(cause) => {
            tracing::warn!(%cause, "a connection could not be accepted");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

/// How many connections each network holds.
#[derive(Clone, Debug)]
struct Networks {
    most: u32,
    counts: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// A connection's place among those of its network; it ends when this is dropped.
#[derive(Debug)]
struct Place {
    networks: Networks,
    network: IpAddr,
}

impl Networks {
    fn new(most: u32) -> Self {
        Networks { most, counts: Arc::default() }
    }

    /// None when the network has its share already.
    fn enter(&self, network: IpAddr) -> Option<Place> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { networks: self.clone(), network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.networks.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_share_and_gets_it_back() {
        let networks = Networks::new(2);
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let held = [networks.enter(here), networks.enter(here)];
        assert!(held.iter().all(Option::is_some));
        assert!(networks.enter(here).is_none());
        assert!(networks.enter(there).is_some());
        drop(held);
        assert!(networks.enter(here).is_some());
        assert!(networks.counts.lock().unwrap().is_empty(), "nothing is remembered of who has left");
    }

    #[test]
    fn an_ipv6_network_is_one_party_and_an_address_in_its_other_spelling_is_the_same() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
