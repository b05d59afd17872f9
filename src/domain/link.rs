//! Links sent by mail: a random token that is stored only as a digest (SC-09).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;
use sha2::{Digest, Sha256};

use super::time::Seconds;
use super::two_factor::release_request::OPEN_FOR;

const TOKEN_BYTES: usize = 32;

/// What a mailed link is for; a token made for one purpose is worthless for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LinkPurpose {
    PasswordReset,
    EmailChange,
    Release,
    ReleaseCancel,
    ReleaseRequestCancel,
}

impl LinkPurpose {
    /// The name in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            LinkPurpose::PasswordReset => "password_reset",
            LinkPurpose::EmailChange => "email_change",
            LinkPurpose::Release => "release",
            LinkPurpose::ReleaseCancel => "release_cancel",
            LinkPurpose::ReleaseRequestCancel => "release_request_cancel",
        }
    }

    /// How long a link lives (SC-46: thirty minutes; a confirmation of an address may wait for
    /// the next look into that mailbox).
    pub const fn lifetime(self) -> Seconds {
        match self {
            LinkPurpose::PasswordReset | LinkPurpose::Release | LinkPurpose::ReleaseCancel => Seconds::minutes(30),
            LinkPurpose::EmailChange => Seconds::hours(24),
            LinkPurpose::ReleaseRequestCancel => OPEN_FOR,
        }
    }
}

/// The token of one mailed link, 256 bits. It exists in the mail and in the request that brings
/// it back; it has no serde and does not show itself in `Debug`.
pub struct LinkToken(String);

impl LinkToken {
    /// Draws a new token.
    pub fn random(random: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; TOKEN_BYTES];
        random.fill_bytes(&mut bytes);
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    /// A token as it came back in a path; anything of another shape is no token of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Self(text.to_owned()))
    }

    /// What the database knows of it.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The text for the mail's link, and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

/// SHA-256 of a token: enough to find the row, useless to follow the link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenDigest(pub [u8; 32]);
