//! The client's address and the site's address, from a request.

use crate::server::config::Settings;
use axum::extract::ConnectInfo;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's IP address. Behind a proxy on this machine (assumed when the settings have a public address) it is the
/// last one in `X-Forwarded-For`.
pub(super) fn address(parts: &Parts, settings: &Settings) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
    if !peer.is_loopback() || settings.url.is_none() {
        return peer;
    }
    // The last entry of the last header: the client can write the ones before it.
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    last.map_or(peer, |address| address.to_canonical())
}

/// The site's address: the public one of the settings, otherwise the request's `Origin` (checked before by
/// `middleware::same_origin`), otherwise its `Host` (checked by `middleware::known_host`).
pub(super) fn site(parts: &Parts, settings: &Settings) -> String {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let own = settings.url.clone().or_else(|| text(ORIGIN).map(str::to_owned));
    own.unwrap_or_else(|| format!("http://{}", text(HOST).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Options;

    fn settings(url: Option<&str>) -> Settings {
        Settings::new(Options { url: url.map(str::to_owned), ..Options::default() }).unwrap()
    }

    /// The client's address of a request from this peer with these `X-Forwarded-For` headers.
    fn client_address(settings: &Settings, peer: &str, forwarded: &[&str]) -> String {
        let lines = forwarded
            .iter()
            .fold(axum::http::Request::builder(), |request, line| request.header("x-forwarded-for", *line));
        let (mut parts, ()) = lines.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 50_000)));
        address(&parts, settings).to_string()
    }

    #[test]
    fn behind_a_proxy_on_this_machine_the_address_is_the_last_one_forwarded() {
        let public = settings(Some("https://chat.example"));
        for peer in ["127.0.0.1", "127.8.8.8", "::1"] {
            assert_eq!(client_address(&public, peer, &["198.51.100.7"]), "198.51.100.7");
        }
        let proxied = |lines: &[&str]| client_address(&public, "127.0.0.1", lines);
        assert_eq!(proxied(&["10.0.0.1, 203.0.113.9 ,198.51.100.7 "]), "198.51.100.7");
        assert_eq!(proxied(&["203.0.113.9", "10.0.0.1, 198.51.100.7"]), "198.51.100.7", "the last line");
        assert_eq!(proxied(&["2001:db8::7"]), "2001:db8::7");
        assert_eq!(proxied(&["::ffff:198.51.100.7"]), "198.51.100.7", "one address has one spelling");
    }

    #[test]
    fn without_a_proxy_the_forwarded_address_is_ignored() {
        let forged = &["198.51.100.7"];
        assert_eq!(client_address(&settings(None), "127.0.0.1", forged), "127.0.0.1", "no public address, so no proxy");
        let public = settings(Some("https://chat.example"));
        for peer in ["203.0.113.9", "10.0.0.1", "2001:db8::9"] {
            assert_eq!(client_address(&public, peer, forged), peer, "not from this machine");
        }
    }

    #[test]
    fn a_forwarded_value_that_is_no_address_leaves_the_proxy_s_own() {
        let public = settings(Some("https://chat.example"));
        for rubbish in
            ["", ",", "unknown", "198.51.100.7,", "198.51.100.7, unknown", "198.51.100.7:443", "1.2.3.256", "ä"]
        {
            assert_eq!(client_address(&public, "127.0.0.1", &["203.0.113.9", rubbish]), "127.0.0.1", "{rubbish:?}");
        }
        assert_eq!(client_address(&public, "127.0.0.1", &[]), "127.0.0.1");
    }
}
