//! Addresses of mail servers: a refusal repeats nothing of them, and a password leaves in plain
//! text only on this machine.
#![no_main]

use std::net::IpAddr;

use hikae::mail::transport::Transport;
use libfuzzer_sys::{arbitrary, fuzz_target};

const PASSWORD: &str = "geheim-und-lang";

#[derive(arbitrary::Arbitrary, Debug)]
enum Given<'a> {
    Any(&'a str),
    WithPassword { scheme: &'a str, host: &'a str, rest: &'a str },
}

fuzz_target!(|given: Given| {
    let (url, with_password) = match given {
        Given::Any(url) => (url.to_owned(), false),
        Given::WithPassword { scheme, host, rest } => {
            let scheme = if scheme.len() % 2 == 0 { "smtp" } else { "smtps" };
            (format!("{scheme}://hikae:{PASSWORD}@{host}{rest}"), true)
        }
    };
    if url.matches(PASSWORD).count() > usize::from(with_password) {
        return;
    }
    match Transport::smtp(&url) {
        Err(refused) => assert!(!format!("{refused} {refused:?}").contains(PASSWORD), "{refused}"),
        Ok(transport) => {
            let shown = format!("{transport:?}");
            assert!(!with_password || !shown.contains(PASSWORD), "{shown}");
            let server = shown.split_once("Server(").and_then(|(_, rest)| rest.split_once(", ")).expect("a server").0;
            let host = server.rsplit_once(':').expect("a port").0.trim_matches(['[', ']']);
            let local = host.eq_ignore_ascii_case("localhost")
                || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
            assert!(!(with_password && shown.contains("plain text")) || local, "{shown}");
        }
    }
});
