//! Whether a PostgreSQL stays on this machine. The built-in libpq speaks no TLS, and without it
//! every row and the database's password would cross the network in plain text.

use std::collections::BTreeMap;
use std::net::IpAddr;

use url::Url;

/// Whether every server that libpq could connect to for `url` is on this machine. libpq lets the
/// parameters of the address, and where the address is silent its own variables, name the
/// server, so those count too.
pub fn is_local(url: &Url, variables: &BTreeMap<String, String>) -> bool {
    let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let named =
        |name| parameters.iter().filter(move |(key, _)| key == name).map(|(_, value): &(_, String)| value.clone());
    let variable = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();

    let mut hosts: Vec<String> = named("host").chain(named("hostaddr")).collect();
    hosts.extend(url.host_str().map(decoded).filter(|host| !host.is_empty()));
    if hosts.is_empty() {
        hosts.extend(["PGHOST", "PGHOSTADDR"].into_iter().filter_map(variable));
        // A service file could name any server; what cannot be seen is not trusted.
        if named("service").next().is_some() || variable("PGSERVICE").is_some() {
            return false;
        }
    } else {
        hosts.extend(variable("PGHOSTADDR"));
    }
    hosts.iter().flat_map(|list| list.split(',')).all(is_local_host)
}

/// Whether a host of libpq's is a Unix socket, `localhost` or a loopback address. The empty one
/// is libpq's default, a Unix socket.
fn is_local_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.is_empty()
        || bare.starts_with('/')
        || bare.starts_with('@')
        || bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// A host as libpq reads it, with its percent signs decoded.
fn decoded(host: &str) -> String {
    // The parser of forms decodes; what means something in forms alone is kept from it.
    let kept = host.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(kept.as_bytes()).map(|(name, _)| name.into_owned()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(url: &str, variables: &[(&str, &str)]) -> bool {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        is_local(&Url::parse(url).unwrap(), &variables)
    }

    #[test]
    fn sockets_and_loopback_are_local() {
        for url in [
            "postgres://hikae@localhost/hikae",
            "postgresql://hikae:word@127.0.0.1:5433/hikae",
            "postgres://hikae@[::1]/hikae",
            "postgres:///hikae",
            "postgres:///hikae?host=/var/run/postgresql",
            "postgres://%2Fvar%2Frun%2Fpostgresql/hikae",
        ] {
            assert!(local(url, &[]), "{url}");
        }
    }

    #[test]
    fn every_way_to_name_another_machine_is_seen() {
        for url in [
            "postgres://hikae@db.example.jp/hikae",
            "postgres://hikae@192.0.2.7/hikae",
            "postgres://hikae@localhost,db.example.jp/hikae",
            "postgres://localhost/hikae?host=db.example.jp",
            "postgres://localhost/hikae?hostaddr=192.0.2.7",
            "postgres:///hikae?service=far",
            "postgres://localhost.example.jp/hikae",
        ] {
            assert!(!local(url, &[]), "{url}");
        }
        assert!(!local("postgres:///hikae", &[("PGHOST", "db.example.jp")]));
        assert!(!local("postgres://localhost/hikae", &[("PGHOSTADDR", "192.0.2.7")]));
        assert!(local("postgres://localhost/hikae", &[("PGHOST", "db.example.jp")]));
    }
}
