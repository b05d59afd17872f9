//! Values of settings that need more than the standard library's parsers.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::Deserialize;

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("one of: text, json"),
        }
    }
}

/// Networks of proxies whose word on the client's address counts (SC-29).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proxies(pub Vec<IpNet>);

/// The text is no list of addresses and networks.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address (192.0.2.7) nor a network (192.0.2.0/24)")]
pub struct NoNetwork(String);

impl FromStr for Proxies {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(network).collect::<Result<_, _>>().map(Proxies)
    }
}

fn network(text: &str) -> Result<IpNet, NoNetwork> {
    let one = |address: IpAddr| IpNet::from(address);
    text.parse().or_else(|_| text.parse().map(one)).map_err(|_| NoNetwork(text.to_owned()))
}

impl<'de> Deserialize<'de> for Proxies {
    /// A comma separated text, or an array.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Array(Vec<String>),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Array(items) => items.join(","),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that may hold a password, mute in `Debug` and never shown in a message.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl FromStr for SecretText {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_and_networks() {
        let proxies: Proxies = "10.0.0.1, 192.0.2.0/24,::1".parse().unwrap();
        let expected = ["10.0.0.1/32", "192.0.2.0/24", "::1/128"].map(|net| net.parse::<IpNet>().unwrap());
        assert_eq!(proxies.0, expected);
        assert_eq!("proxy".parse::<Proxies>(), Err(NoNetwork("proxy".to_owned())));
        assert_eq!("".parse::<Proxies>(), Ok(Proxies::default()));
    }

    #[test]
    fn a_text_that_may_hold_a_password_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", SecretText("smtp://a:geheim@b".to_owned())), "SecretText(…)");
    }
}
