//! How a PostgreSQL may be reached. One on this machine as it likes; one elsewhere only over TLS
//! with a proven server, or every row and the database's password would be readable, or changed,
//! on the way. TLS is there when Hikae was built with the feature `postgres-tls`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use url::Url;

use super::SettingsRefused;

/// Whether the built-in libpq speaks TLS.
pub const TLS: bool = cfg!(feature = "postgres-tls");

/// The modes of libpq in which the server has to prove who it is.
const PROVEN: [&str; 2] = ["verify-full", "verify-ca"];

/// The address to connect with: as given, or, where it leaves the mode of TLS open, with the
/// strictest. libpq's variables do not count, for the address wins over them.
///
/// # Errors
/// A PostgreSQL elsewhere that would be spoken to in plain text or without a proof, while that
/// was not `allowed` by name.
pub fn secured(
    text: &str,
    url: &Url,
    variables: &BTreeMap<String, String>,
    tls: bool,
    allowed: bool,
) -> Result<String, SettingsRefused> {
    if is_local(url, variables) {
        return Ok(text.to_owned());
    }
    if !tls {
        return if allowed { Ok(text.to_owned()) } else { Err(SettingsRefused::PlaintextPostgres) };
    }
    let modes = modes(url);
    if modes.is_empty() {
        let separator = if url.query().is_some() { '&' } else { '?' };
        return Ok(format!("{text}{separator}sslmode=verify-full"));
    }
    // Named twice, the last would count; here each has to be fine.
    match modes.into_iter().find(|mode| !PROVEN.contains(&mode.as_str())) {
        Some(mode) if !allowed => Err(SettingsRefused::UnprovenPostgres { mode }),
        _ => Ok(text.to_owned()),
    }
}

/// The modes of TLS that an address names. `ssl=true` is what Java calls `require`, and libpq
/// understands it, too.
fn modes(url: &Url) -> Vec<String> {
    let pairs = url.query_pairs().filter_map(|(key, value)| match &*key {
        "sslmode" => Some(value.into_owned()),
        "ssl" => Some("require".to_owned()),
        _ => None,
    });
    pairs.collect()
}

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
    // A service file could name any server, an address beside the host included; what cannot be seen is not
    // trusted.
    if named("service").next().is_some() || variable("PGSERVICE").is_some() {
        return false;
    }
    if hosts.is_empty() {
        hosts.extend(["PGHOST", "PGHOSTADDR"].into_iter().filter_map(variable));
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

    /// Whether an address is taken as it stands, is made stricter, or is refused.
    fn judged(url: &str, tls: bool, allowed: bool) -> Result<String, SettingsRefused> {
        secured(url, &Url::parse(url).unwrap(), &BTreeMap::new(), tls, allowed)
    }

    const FAR: &str = "postgres://hikae@db.example.jp/hikae";

    #[test]
    fn with_tls_a_server_elsewhere_has_to_prove_itself_unless_the_address_says_otherwise() {
        assert_eq!(judged(FAR, true, false).unwrap(), format!("{FAR}?sslmode=verify-full"));
        let with_root = format!("{FAR}?sslrootcert=/etc/hikae/ca.pem");
        assert_eq!(judged(&with_root, true, false).unwrap(), format!("{with_root}&sslmode=verify-full"));
        for mode in PROVEN {
            let url = format!("{FAR}?sslmode={mode}");
            assert_eq!(judged(&url, true, false).unwrap(), url);
        }
    }

    #[test]
    fn with_tls_weaker_modes_need_to_be_allowed_by_name() {
        for weak in ["disable", "allow", "prefer", "require", "", "VERIFY-FULL", "verify-full&sslmode=disable"] {
            let url = format!("{FAR}?sslmode={weak}");
            let refused = judged(&url, true, false).unwrap_err();
            assert!(matches!(refused, SettingsRefused::UnprovenPostgres { .. }), "{url}");
            assert_eq!(judged(&url, true, true).unwrap(), url, "what is allowed by name stays as it is");
        }
        let java = format!("{FAR}?ssl=true");
        assert!(matches!(judged(&java, true, false), Err(SettingsRefused::UnprovenPostgres { .. })));
        assert_eq!(judged(FAR, true, true).unwrap(), format!("{FAR}?sslmode=verify-full"), "allowed is not asked for");
    }

    #[test]
    fn without_tls_a_server_elsewhere_needs_plain_text_to_be_allowed_by_name() {
        for url in [FAR.to_owned(), format!("{FAR}?sslmode=verify-full"), format!("{FAR}?sslmode=disable")] {
            assert!(matches!(judged(&url, false, false), Err(SettingsRefused::PlaintextPostgres)), "{url}");
            assert_eq!(judged(&url, false, true).unwrap(), url);
        }
    }

    #[test]
    fn a_server_on_this_machine_is_reached_as_the_address_says() {
        for tls in [true, false] {
            for url in ["postgres://hikae@localhost/hikae", "postgres:///hikae?sslmode=disable"] {
                assert_eq!(judged(url, tls, false).unwrap(), url);
            }
        }
        let variables = BTreeMap::from([("PGHOST".to_owned(), "db.example.jp".to_owned())]);
        let url = "postgres:///hikae";
        let strict = secured(url, &Url::parse(url).unwrap(), &variables, true, false).unwrap();
        assert_eq!(strict, format!("{url}?sslmode=verify-full"));
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
            "postgres://localhost/hikae?service=far",
            "postgres://localhost.example.jp/hikae",
        ] {
            assert!(!local(url, &[]), "{url}");
        }
        assert!(!local("postgres:///hikae", &[("PGHOST", "db.example.jp")]));
        assert!(!local("postgres://localhost/hikae", &[("PGHOSTADDR", "192.0.2.7")]));
        assert!(local("postgres://localhost/hikae", &[("PGHOST", "db.example.jp")]));
    }
}
