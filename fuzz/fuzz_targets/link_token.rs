//! Tokens of links: one spelling each, of one length.
#![no_main]

use hikae::domain::link::LinkToken;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(token) = LinkToken::parse(text) else { return };
    assert_eq!(token.reveal(), text);
    assert_eq!(text.len(), 43, "256 bits");
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
    // No second spelling of the same bits: the last letter holds four of them.
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let other = format!("{}{last}", &text[..42]);
        if let Some(parsed) = LinkToken::parse(&other) {
            assert_eq!(parsed.digest() == token.digest(), other == text);
        }
    }
});
