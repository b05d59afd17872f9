//! A secret as the database holds it.

/// AEAD ciphertext with its nonce, and the id of the key that seals it (SC-08).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub key_id: String,
    pub ciphertext: Vec<u8>,
}
