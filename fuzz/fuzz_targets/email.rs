//! Mail addresses: one form each, which reads as itself, and never a line break.
#![no_main]

use hikae::domain::email::{EmailAddress, MAX_BYTES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    let Ok(address) = EmailAddress::parse(typed) else { return };
    let text = address.as_str();
    assert!(text.len() <= MAX_BYTES && text.contains('@'));
    assert!(!text.chars().any(|c| c.is_control() || c.is_whitespace()), "{text:?}");
    let again = EmailAddress::parse(text).expect("its own form");
    assert_eq!(again, address, "two forms of one address");
});
