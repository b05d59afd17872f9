//! Sealing: XChaCha20-Poly1305, bound to what the secret is and to whom it belongs, so that rows
//! swapped in the database fail to open (SC-08).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::keys::{KeyRing, Purpose};
use crate::domain::sealed::Sealed;
use crate::fault::Fault;
use crate::random::Randomness;

const NONCE_BYTES: usize = 24;

impl KeyRing {
    /// Seals `plaintext` with the active key; it opens only with the same purpose and context.
    ///
    /// # Errors
    /// [`Fault::Crypto`] when the cipher refuses.
    pub fn seal(
        &self,
        purpose: Purpose,
        context: &str,
        plaintext: &[u8],
        random: &mut Randomness,
    ) -> Result<Sealed, Fault> {
        let key_id = self.active_id();
        let nonce = random.bytes::<NONCE_BYTES>();
        let bound = bound_to(purpose, context);
        let sealed = self
            .cipher(&key_id, purpose)?
            .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad: bound.as_bytes() })
            .map_err(|_| Fault::Crypto("sealing"))?;
        Ok(Sealed { key_id, ciphertext: [nonce.as_slice(), &sealed].concat() })
    }

    /// Opens what [`KeyRing::seal`] sealed.
    ///
    /// # Errors
    /// [`Fault::Crypto`] when key, purpose, context or ciphertext are not the ones it was sealed
    /// with.
    pub fn open(&self, purpose: Purpose, context: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let (nonce, ciphertext) =
            sealed.ciphertext.split_at_checked(NONCE_BYTES).ok_or(Fault::Crypto("a sealed value is too short"))?;
        let nonce = XNonce::try_from(nonce).map_err(|_| Fault::Crypto("nonce"))?;
        let bound = bound_to(purpose, context);
        self.cipher(&sealed.key_id, purpose)?
            .decrypt(&nonce, Payload { msg: ciphertext, aad: bound.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| Fault::Crypto("a sealed value does not open"))
    }

    fn cipher(&self, key_id: &str, purpose: Purpose) -> Result<XChaCha20Poly1305, Fault> {
        let key = self.derive(key_id, purpose)?;
        XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| Fault::Crypto("cipher key"))
    }
}

fn bound_to(purpose: Purpose, context: &str) -> String {
    format!("{}\u{1f}{context}", purpose.label())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn a_sealed_secret_opens_only_for_its_owner_and_purpose() {
        let mut random = Randomness::seeded(3);
        let ring = KeyRing::generate(&mut random, Timestamp(1));
        let sealed = ring.seal(Purpose::TotpKey, "user 1", b"a key", &mut random).unwrap();
        assert_eq!(ring.open(Purpose::TotpKey, "user 1", &sealed).unwrap().as_slice(), b"a key");
        assert!(ring.open(Purpose::TotpKey, "user 2", &sealed).is_err());
        assert!(ring.open(Purpose::Mail, "user 1", &sealed).is_err());
        let mut bent = sealed.clone();
        *bent.ciphertext.last_mut().unwrap() ^= 1;
        assert!(ring.open(Purpose::TotpKey, "user 1", &bent).is_err());
        bent.ciphertext.truncate(5);
        assert!(ring.open(Purpose::TotpKey, "user 1", &bent).is_err());
    }
}
