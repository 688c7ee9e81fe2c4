//! Accepting HTTP connections: time-outs, and bounds on how many one network holds.
//!
//! A connection counts until it ends or becomes a live socket: those need a session, and the hub counts them by user.

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

/// The most bytes of a request's head (and of reading ahead): several times the longest that browsers send.
const HEAD_MAX: usize = 64 * 1024;
/// How long to wait before accepting again when the system has no file descriptors left.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// The bounds on connections that anybody can open.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the head of a request may take, and how long a connection may stay idle.
    pub head_within: Duration,
    /// How long a write may wait for a client that reads nothing.
    pub write_within: Duration,
    /// The most connections that are not live sockets. Further ones are accepted when another ends.
    pub connections: usize,
    /// The most of them from one network.
    pub per_network: u32,
    /// Connections from this machine come from a proxy, so they are not counted by network.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head_within: Duration::from_secs(10),
            write_within: Duration::from_secs(20),
            connections: 4096,
            // Enough for an office behind one address: a browser opens at most six, for seconds.
            per_network: 512,
            behind_proxy: false,
        }
    }
}

impl Limits {
    /// The defaults, lowered to a quarter of the file descriptors that the system allows: every connection is one, and
    /// the database and the live sockets need the rest.
    pub fn of_machine(behind_proxy: bool) -> Self {
        let default = Limits { behind_proxy, ..Limits::default() };
        match rlimit::increase_nofile_limit(u64::MAX) {
            Ok(files) => {
                let share = usize::try_from(files / 4).unwrap_or(usize::MAX).max(64);
                Limits { connections: default.connections.min(share), ..default }
            }
            Err(cause) => {
                tracing::warn!(%cause, "the limit of open files could not be read");
                default
            }
        }
    }
}

/// The network that counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address.
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
        let slot = if counted { networks.acquire(network).map(Some) } else { Some(None) };
        // Closed without an answer, which would cost what the bound is to save.
        let Some(slot) = slot else { continue };
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
                tracing::debug!(%peer, %cause, "a connection ended with an error");
            }
            drop((slot, permit));
        });
    }
    drop((listener, stopping));
    stop.send_replace(());
    // Every connection holds a receiver until it ends.
    stop.closed().await;
}

/// The next connection, once there is a free slot.
async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    // The semaphore is never closed.
    let permit = Arc::clone(free).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Small frames must not wait for more to be sent.
            if let Err(cause) = stream.set_nodelay(true) {
                tracing::debug!(%cause, "TCP_NODELAY could not be set");
            }
            Some((stream, peer, permit))
        }
        // The client has gone in the meantime.
        Err(cause) if matches!(cause.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => None,
        Err(cause) => {
            tracing::warn!(%cause, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_RETRY).await;
            None
        }
    }
}

/// How many connections each network holds.
#[derive(Clone, Debug)]
struct Networks {
    limit: u32,
    counts: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// A connection's slot among those of its network; dropping it frees the slot.
#[derive(Debug)]
struct Slot {
    networks: Networks,
    network: IpAddr,
}

impl Networks {
    fn new(limit: u32) -> Self {
        Networks { limit, counts: Arc::default() }
    }

    /// `None` when the network has reached the limit.
    fn acquire(&self, network: IpAddr) -> Option<Slot> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Slot { networks: self.clone(), network })
    }
}

impl Drop for Slot {
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
    fn a_network_has_a_limit_and_gets_slots_back() {
        let networks = Networks::new(2);
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let held = [networks.acquire(here), networks.acquire(here)];
        assert!(held.iter().all(Option::is_some));
        assert!(networks.acquire(here).is_none());
        assert!(networks.acquire(there).is_some());
        drop(held);
        assert!(networks.acquire(here).is_some());
        assert!(networks.counts.lock().unwrap().is_empty(), "nothing is kept of networks without connections");
    }

    #[test]
    fn an_ipv6_network_counts_as_one_and_a_mapped_ipv4_address_as_its_ipv4_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
