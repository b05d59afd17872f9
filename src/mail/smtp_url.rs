//! Where the mail server is, and how safely it is spoken to.
//!
//! - `smtps://user:password@host` speaks TLS from the first byte (port 465).
//! - `smtp://user:password@host` demands STARTTLS (port 587).
//! - `smtp://localhost` (or a loopback address) and `smtp://host?tls=none` speak plain text (port
//!   25). Over plain text, credentials go to a loopback address only.
//! - `smtp://localhost?tls=required` demands STARTTLS there too.
//!
//! Special characters in user and password are percent-encoded. There is no «TLS if offered»: an
//! attacker on the way would simply not offer it.

use std::fmt;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use url::{Host, Url};

/// Why a text is no address of a mail server. It never repeats the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSmtpUrl {
    #[error("the SMTP URL cannot be read; write it like: smtps://user:password@mail.example.jp")]
    Unreadable,
    #[error("the SMTP URL must begin with smtps:// or smtp://")]
    Scheme,
    #[error("the SMTP URL names no host")]
    NoHost,
    #[error(
        "the SMTP URL has a part that is not understood; after the host only ?tls=required or ?tls=none may follow"
    )]
    UnknownPart,
    #[error("the SMTP URL needs both a user and a password, percent-encoded, or neither")]
    Credentials,
    #[error(
        "the SMTP URL would send the password as plain text over the network; use smtps://, or leave out ?tls=none"
    )]
    PlainPassword,
    #[error("TLS cannot be set up for the host of the SMTP URL")]
    Tls,
}

/// How the connection is protected.
pub enum Protection {
    Tls(TlsParameters),
    StartTls(TlsParameters),
    None,
}

/// A mail server as the settings name it.
pub struct Server {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
    pub credentials: Option<Credentials>,
}

/// Mute about user and password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protection = match self.protection {
            Protection::Tls(_) => "TLS",
            Protection::StartTls(_) => "STARTTLS",
            Protection::None => "plain text",
        };
        write!(f, "Server({}:{}, {protection})", self.host, self.port)
    }
}

impl Server {
    /// Reads the address of a mail server.
    ///
    /// # Errors
    /// [`InvalidSmtpUrl`] says what is wrong without repeating it.
    pub fn parse(text: &str) -> Result<Self, InvalidSmtpUrl> {
        let url = Url::parse(text).map_err(|_| InvalidSmtpUrl::Unreadable)?;
        let host = url.host().ok_or(InvalidSmtpUrl::NoHost)?;
        let local = is_local(&host);
        let host = match host {
            Host::Ipv6(address) => address.to_string(),
            other => other.to_string(),
        };
        if host.is_empty() {
            return Err(InvalidSmtpUrl::NoHost);
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(InvalidSmtpUrl::UnknownPart);
        }
        let tls = || TlsParameters::new(host.clone()).map_err(|_| InvalidSmtpUrl::Tls);
        let (protection, port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Protection::Tls(tls()?), 465),
            ("smtp", Some("tls=required")) => (Protection::StartTls(tls()?), 587),
            ("smtp", None) if !local => (Protection::StartTls(tls()?), 587),
            ("smtp", None | Some("tls=none")) => (Protection::None, 25),
            ("smtp" | "smtps", Some(_)) => return Err(InvalidSmtpUrl::UnknownPart),
            _ => return Err(InvalidSmtpUrl::Scheme),
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && !local && matches!(protection, Protection::None) {
            return Err(InvalidSmtpUrl::PlainPassword);
        }
        Ok(Self { port: url.port().unwrap_or(port), host, protection, credentials })
    }
}

fn is_local(host: &Host<&str>) -> bool {
    match host {
        // A scheme that the URL standard does not know keeps an IPv4 address as a name.
        Host::Domain(name) => {
            name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|v4: std::net::Ipv4Addr| v4.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, InvalidSmtpUrl> {
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(InvalidSmtpUrl::Credentials),
        (user, Some(password)) => Ok(Some(Credentials::new(decoded(user)?, decoded(password)?))),
    }
}

/// `form_urlencoded` is not used here: it would read `+` as a space.
fn decoded(text: &str) -> Result<String, InvalidSmtpUrl> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%').then(|| tail.get(..2)).flatten();
        let byte = hex.and_then(|hex| data_encoding::HEXLOWER_PERMISSIVE.decode(hex).ok());
        match byte.as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                rest = &tail[2..];
            }
            _ if first == b'%' => return Err(InvalidSmtpUrl::Credentials),
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| InvalidSmtpUrl::Credentials)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(url: &str) -> Result<(String, bool), InvalidSmtpUrl> {
        Server::parse(url).map(|server| (format!("{server:?}"), server.credentials.is_some()))
    }

    fn server(text: &str, credentials: bool) -> Result<(String, bool), InvalidSmtpUrl> {
        Ok((format!("Server({text})"), credentials))
    }

    #[test]
    fn tls_is_demanded_unless_the_server_is_this_machine() {
        assert_eq!(summary("smtps://u:p@mail.example.jp"), server("mail.example.jp:465, TLS", true));
        assert_eq!(summary("smtp://u:p@mail.example.jp"), server("mail.example.jp:587, STARTTLS", true));
        assert_eq!(summary("smtp://u:p@mail.example.jp:2525/"), server("mail.example.jp:2525, STARTTLS", true));
        assert_eq!(summary("smtp://relay?tls=none"), server("relay:25, plain text", false));
        assert_eq!(summary("smtp://localhost"), server("localhost:25, plain text", false));
        assert_eq!(summary("smtp://u:p@127.0.0.1:1025"), server("127.0.0.1:1025, plain text", true));
        assert_eq!(summary("smtp://[::1]:1025"), server("::1:1025, plain text", false));
        assert_eq!(summary("smtp://localhost?tls=required"), server("localhost:587, STARTTLS", false));
        assert_eq!(summary("smtp://192.0.2.1"), server("192.0.2.1:587, STARTTLS", false));
    }

    #[test]
    fn what_is_unsafe_or_not_understood_is_refused() {
        use InvalidSmtpUrl::*;
        for (url, why) in [
            ("smtp://u:p@relay?tls=none", PlainPassword),
            ("smtp://relay?tls=opportunistic", UnknownPart),
            ("smtps://relay?tls=none", UnknownPart),
            ("smtp://relay/name", UnknownPart),
            ("smtp://user@relay", Credentials),
            ("smtp://:p@relay", Credentials),
            ("smtp://u:%zz@localhost", Credentials),
            ("http://relay", Scheme),
            ("smtp:///", NoHost),
            ("mail.example.jp", Unreadable),
        ] {
            assert_eq!(summary(url), Err(why), "{url}");
        }
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let server = Server::parse("smtps://me%40example.jp:p%2F+w%25d@mail.example.jp").unwrap();
        let expected = Credentials::new("me@example.jp".to_owned(), "p/+w%d".to_owned());
        assert_eq!(server.credentials, Some(expected));
        let shown = format!("{server:?} {:?}", server.credentials);
        assert!(!shown.contains("p/+w") && !shown.contains("me@"), "{shown}");
    }
}
