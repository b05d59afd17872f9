//! What a request says of its sender: only trusted proxies choose an address, and a name of a
//! device is short and clean.
#![no_main]

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use hikae::domain::language::Language;
use hikae::web::client;
use hikae::i18n::Words;
use hikae::web::language::Wishes;
use hikae::web::notice_cookie::Notices;
use libfuzzer_sys::{arbitrary, fuzz_target};

#[derive(arbitrary::Arbitrary, Debug)]
struct Head<'a> {
    peer: [u8; 4],
    forwarded: Vec<&'a [u8]>,
    agent: &'a [u8],
    languages: &'a [u8],
    cookies: &'a [u8],
}

fuzz_target!(|head: Head| {
    let peer = IpAddr::from(head.peer);
    let mut request = TestRequest::default().peer_addr(SocketAddr::new(peer, 4711));
    let values = head.forwarded.iter().map(|value| ("x-forwarded-for", *value));
    let others = [("user-agent", head.agent), ("accept-language", head.languages), ("cookie", head.cookies)];
    for (name, value) in values.chain(others) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request = request.append_header((HeaderName::from_static(name), value));
        }
    }
    let request = request.to_srv_request();
    let wishes = Wishes::of(&request);
    // A notice made up by somebody is one of ours, or none.
    if let Some(notice) = Notices::of(&request, false).take() {
        assert!(!notice.in_words(Words::of(Language::Ja)).title.is_empty());
    }
    let request = request.request();

    let stranger = client::of(request, &[]);
    assert_eq!(stranger.address, peer, "a stranger chose an address");
    assert!(stranger.device.chars().count() <= 80 && !stranger.device.chars().any(char::is_control));
    // Only the peer is trusted: the last hop counts, and no other.
    let proxied = client::of(request, &[peer.into()]).address;
    let written = head.forwarded.iter().rev().find_map(|value| std::str::from_utf8(value).ok());
    if head.forwarded.is_empty() || written.is_none() {
        assert_eq!(proxied, peer);
    }

    let language = wishes.settle(None);
    assert!(Language::ALL.contains(&language));
    if let Some(chosen) = wishes.chosen() {
        assert_eq!(language, chosen, "the choice in this browser counts first");
    }
});
