//! Who is at the other end of a request, as far as it can be told.

use std::net::{IpAddr, Ipv6Addr};

/// The client of one request: its address (through configured proxies only, SC-29) and a short
/// name of browser and system for the owner's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub address: IpAddr,
    pub device: String,
}

impl Client {
    /// The device where it cannot be told; stored so, and translated where it is shown.
    pub const UNKNOWN_DEVICE: &str = "Unknown device";
    /// The device of the operator's command line.
    pub const COMMAND_LINE: &str = "hikae command line";

    /// The operator's command line, for acts without a browser.
    pub fn operator() -> Self {
        Self { address: IpAddr::V6(Ipv6Addr::LOCALHOST), device: Self::COMMAND_LINE.to_owned() }
    }

    /// The portal itself, for what it does by age alone.
    pub fn housekeeping() -> Self {
        Self { address: IpAddr::V6(Ipv6Addr::LOCALHOST), device: "hikae housekeeping".to_owned() }
    }

    /// The address as limits count it: an IPv4 address, or an IPv6 network of 64 bits, for that
    /// is what one subscriber has.
    pub fn network(&self) -> String {
        match self.address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => {
                let masked = u128::from(v6) & (u128::MAX << 64);
                format!("{}/64", Ipv6Addr::from(masked))
            }
        }
    }
}
