//! Mail addresses: the name a person signs in with, and where mails go.

use std::fmt;

use lettre::Address;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The longest address accepted, in bytes (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const MAX_BYTES: usize = 254;

/// A syntactically valid address in the one form in which it is stored and compared: NFKC, no
/// surrounding white space, lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct EmailAddress(String);

/// The text is not a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Reads an address as typed; full-width letters from an IME are accepted.
    ///
    /// # Errors
    /// [`InvalidEmail`] when it is too long or no address; line breaks never pass, so an address
    /// cannot forge a mail header (SC-69).
    pub fn parse(typed: &str) -> Result<Self, InvalidEmail> {
        if typed.len() > MAX_BYTES * 3 {
            return Err(InvalidEmail);
        }
        // Twice: a small letter may bring a mark of its own, which has its place among the others («İ͕»).
        let text = typed.nfkc().collect::<String>().trim().to_lowercase().nfkc().collect::<String>();
        if text.len() > MAX_BYTES || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(InvalidEmail);
        }
        text.parse::<Address>().map_err(|_| InvalidEmail)?;
        Ok(Self(text))
    }

    /// An address read back from the database.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        let typed = " Ｈａｎａｋｏ@Example.JP ";
        assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), "hanako@example.jp");
        let with_marks = EmailAddress::parse("hanako@x\u{130}\u{355}x.jp").unwrap();
        assert_eq!(with_marks.as_str(), "hanako@xi\u{355}\u{307}x.jp");
        assert_eq!(EmailAddress::parse(with_marks.as_str()), Ok(with_marks));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "hanako", "@example.jp", "a b@example.jp", "a@b.jp\r\nBcc: c@d.jp", "a@b.jp\0"] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@example.jp", "a".repeat(300))).is_err());
    }
}
