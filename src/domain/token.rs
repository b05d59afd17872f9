//! Secrets that stand for a right: whoever holds one has it. The database knows them by a digest
//! alone, and so cannot hand them out (SC-09).

use std::fmt;
use std::marker::PhantomData;

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;
use sha2::{Digest, Sha256};

const TOKEN_BYTES: usize = 32;

/// 256 random bits, of one kind: the key of a session is no link. It has no serde and does not show
/// itself in `Debug`.
pub struct Token<Kind>(String, PhantomData<Kind>);

/// Of a mailed link.
pub enum OfLink {}
/// Of a browser's sign-in.
pub enum OfSession {}

/// The token of one mailed link. It exists in the mail and in the request that brings it back.
pub type LinkToken = Token<OfLink>;
/// The key of one sign-in. It exists in the browser's cookie.
pub type SessionKey = Token<OfSession>;

impl<Kind> Token<Kind> {
    /// Draws a new token.
    pub fn random(random: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; TOKEN_BYTES];
        random.fill_bytes(&mut bytes);
        Self(BASE64URL_NOPAD.encode(&bytes), PhantomData)
    }

    /// A token as it came back; anything of another shape is no token of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Self(text.to_owned(), PhantomData))
    }

    /// What the database knows of it.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The text for the mail's link or the browser's cookie, and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<Kind> fmt::Debug for Token<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a token: enough to find the row, useless to whoever reads it there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenDigest(pub [u8; 32]);
