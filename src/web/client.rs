//! Who is at the other end: the address, through configured proxies only (SC-29), and a short
//! name of browser and system.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, USER_AGENT};
use ipnet::IpNet;
use woothee::parser::Parser;

use crate::domain::client::Client;

const FORWARDED_FOR: &str = "x-forwarded-for";
const MAX_USER_AGENT_BYTES: usize = 512;
const MAX_DEVICE_CHARS: usize = 80;
const DEVICES_KEPT: usize = 16;

thread_local! {
    /// Browsers that asked last, the newest first, and their names: what browsers say of themselves differs
    /// little within an organisation, and reading it takes longer than all else about a request's sender.
    static DEVICES: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// The client of a request.
pub fn of(req: &HttpRequest, trusted: &[IpNet]) -> Client {
    let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    Client { address: address(peer, req.headers(), trusted), device: device(req.headers()) }
}

/// The peer, or, behind trusted proxies, the rightmost address that none of them is.
fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut current = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for hop in forwarded.into_iter().rev() {
        if !is_trusted(current) {
            break;
        }
        // What a proxy wrote that is no address cannot be followed any further.
        let Some(next) = hop_address(hop) else { break };
        current = next.to_canonical();
    }
    current
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// `Chrome / Windows 10`.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = agent.get(..MAX_USER_AGENT_BYTES).unwrap_or(agent);
    DEVICES.with_borrow_mut(|known| {
        if let Some(place) = known.iter().position(|(seen, _)| seen == agent) {
            known[..=place].rotate_right(1);
        } else {
            known.truncate(DEVICES_KEPT - 1);
            known.insert(0, (agent.to_owned(), named(agent)));
        }
        known[0].1.clone()
    })
}

fn named(agent: &str) -> String {
    let Some(found) = Parser::new().parse(agent) else { return Client::UNKNOWN_DEVICE.to_owned() };
    let system = match found.os {
        "Mac OSX" => "macOS",
        other => other,
    };
    let known = |name: &str| !name.is_empty() && name != "UNKNOWN";
    let label = match (known(found.name), known(system)) {
        (true, true) => format!("{} / {system}", found.name),
        (true, false) => found.name.to_owned(),
        (false, true) => system.to_owned(),
        (false, false) => return Client::UNKNOWN_DEVICE.to_owned(),
    };
    label.chars().filter(|c| !c.is_control()).take(MAX_DEVICE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn seen(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(HeaderName::from_static(FORWARDED_FOR), HeaderValue::from_static(value));
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn behind_trusted_proxies_the_rightmost_stranger_counts() {
        assert_eq!(seen("10.0.0.1", &["192.0.2.66, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["192.0.2.66, 198.51.100.1, 10.2.0.1"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["192.0.2.66", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(seen("fd00::1", &["[2001:db8::5]:4711"]), "2001:db8::5");
        assert_eq!(seen("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    fn shown(agent: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        device(&headers)
    }

    #[test]
    fn a_device_has_a_short_name() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
        assert_eq!(shown(chrome), "Chrome / Windows 10");
        assert_eq!(shown("something"), Client::UNKNOWN_DEVICE);
        assert_eq!(device(&HeaderMap::new()), Client::UNKNOWN_DEVICE);
    }

    #[test]
    fn a_device_keeps_its_name_however_many_others_come_between() {
        let firefox = |version: usize| {
            let agent = format!("Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0");
            HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_str(&agent).unwrap())])
        };
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
            Version/18.1 Mobile/15E148 Safari/604.1";
        for others in 0..2 * DEVICES_KEPT {
            assert_eq!(shown(safari), "Safari / iPhone");
            assert_eq!(shown(safari), "Safari / iPhone");
            for version in 0..others {
                assert_eq!(device(&firefox(version)), "Firefox / Linux");
            }
            assert!(DEVICES.with_borrow(Vec::len) <= DEVICES_KEPT);
        }
    }
}
