//! Time-based one-time passwords: RFC 6238 with SHA-1, six digits, steps of thirty seconds.

use std::fmt;

use rand::CryptoRng;
use totp_rs::{Algorithm, Builder, Secret, Totp, TotpError};
use zeroize::Zeroizing;

use super::StepCheck;
use super::code_input::TotpCode;
use crate::domain::time::Timestamp;

/// Digits of a security code.
pub const DIGITS: usize = 6;
/// Seconds a code is shown.
pub const STEP_SECONDS: u64 = 30;
/// Length of a key in bytes: 160 bits (SC-07, RFC 4226 §4 R6).
pub const KEY_BYTES: usize = 20;
/// An imported key may be as short as RFC 4226 §4 R6 allows, 128 bits.
const MIN_KEY_BYTES: usize = 16;
const MAX_KEY_BYTES: usize = 64;
/// Steps accepted before and after the current one (SC-15).
const SKEW: u16 = 1;

/// An authenticator's key in the clear. Wiped when dropped, mute in `Debug`, without serde.
pub struct TotpKey(Zeroizing<Vec<u8>>);

/// The text or bytes are no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an authenticator key: base32 text of 16 to 64 bytes is needed")]
pub struct InvalidKey;

impl TotpKey {
    /// Draws a new key.
    pub fn random(random: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new(vec![0; KEY_BYTES]);
        random.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// A key from its bytes.
    ///
    /// # Errors
    /// [`InvalidKey`] when there are fewer than 16 or more than 64.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, InvalidKey> {
        let bytes = Zeroizing::new(bytes);
        if (MIN_KEY_BYTES..=MAX_KEY_BYTES).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(InvalidKey) }
    }

    /// A key from base32 text, as other systems export it: lower case, spaces and padding pass.
    ///
    /// # Errors
    /// [`InvalidKey`] when it is no base32 or of an unusable length.
    pub fn from_base32(text: &str) -> Result<Self, InvalidKey> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=' && *c != '-').collect();
        let bytes = data_encoding::BASE32_NOPAD.decode(plain.to_uppercase().as_bytes()).map_err(|_| InvalidKey)?;
        Self::from_bytes(bytes)
    }

    /// The bytes, for sealing and for nothing else.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// The key as base32 text in groups of four, for typing into an authenticator.
    pub fn as_text(&self) -> String {
        let plain = data_encoding::BASE32_NOPAD.encode(&self.0);
        plain.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(" ")
    }

    /// The `otpauth://` address for the QR code. Characters that the format reserves are taken
    /// out of the labels.
    ///
    /// # Errors
    /// [`TotpError`] when the labels cannot be carried.
    pub fn otpauth_url(&self, issuer: &str, account: &str) -> Result<Zeroizing<String>, TotpError> {
        let label = |text: &str| text.replace([':', '%'], " ").trim().to_owned();
        self.builder()
            .with_issuer(Some(label(issuer)))
            .with_account_name(label(account))
            .build()?
            .to_url()
            .map(Zeroizing::new)
    }

    /// Checks a code at `now` against the newest step accepted so far on this account.
    pub fn check(&self, code: &TotpCode, now: Timestamp, last_step: Option<i64>) -> StepCheck {
        let seconds = u64::try_from(now.0).unwrap_or(0);
        match self.engine().check(code.reveal(), seconds).and_then(|step| i64::try_from(step).ok()) {
            None => StepCheck::Wrong,
            Some(step) if last_step.is_some_and(|last| step <= last) => StepCheck::Spent,
            Some(step) => StepCheck::Fresh(step),
        }
    }

    /// The code an authenticator shows at `now`.
    pub fn code_at(&self, now: Timestamp) -> String {
        self.engine().generate(u64::try_from(now.0).unwrap_or(0)).to_string()
    }

    /// The newest step that a right clock accepts at `now` (SC-15).
    pub fn newest_step(now: Timestamp) -> i64 {
        let step = u64::try_from(now.0).unwrap_or(0) / STEP_SECONDS + u64::from(SKEW);
        i64::try_from(step).unwrap_or(i64::MAX)
    }

    fn builder(&self) -> Builder {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(STEP_SECONDS)
            .with_skew(SKEW)
            .with_secret(Secret::from(self.0.to_vec()))
    }

    fn engine(&self) -> Totp {
        self.builder().build_noncompliant()
    }
}

impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::code_input::security_code;
    use super::*;

    fn rfc_key() -> TotpKey {
        TotpKey::from_bytes(b"12345678901234567890".to_vec()).unwrap()
    }

    /// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc_key().code_at(Timestamp(time)), code);
            let step = time / 30;
            let typed = security_code(code).unwrap();
            assert_eq!(rfc_key().check(&typed, Timestamp(time), None), StepCheck::Fresh(step));
        }
    }

    #[test]
    fn one_step_before_and_after_is_accepted_and_two_are_not() {
        let key = rfc_key();
        let code = security_code(&key.code_at(Timestamp(3_000))).unwrap();
        for (now, expected) in [
            (3_000 - 31, StepCheck::Wrong),
            (3_000 - 30, StepCheck::Fresh(100)),
            (3_000, StepCheck::Fresh(100)),
            (3_059, StepCheck::Fresh(100)),
            (3_060, StepCheck::Wrong),
        ] {
            assert_eq!(key.check(&code, Timestamp(now), None), expected, "{now}");
        }
    }

    #[test]
    fn a_step_and_every_older_one_is_refused_after_it_was_accepted() {
        let key = rfc_key();
        let code = security_code(&key.code_at(Timestamp(3_000))).unwrap();
        assert_eq!(key.check(&code, Timestamp(3_000), Some(99)), StepCheck::Fresh(100));
        assert_eq!(key.check(&code, Timestamp(3_000), Some(100)), StepCheck::Spent);
        assert_eq!(key.check(&code, Timestamp(3_030), Some(101)), StepCheck::Spent);
    }

    #[test]
    fn a_key_is_read_back_from_its_text() {
        let key = rfc_key();
        assert_eq!(TotpKey::from_base32(&key.as_text().to_lowercase()).unwrap().reveal(), key.reveal());
        assert_eq!(TotpKey::from_base32("not base32 !").unwrap_err(), InvalidKey);
        assert_eq!(TotpKey::from_base32("MFRGG").unwrap_err(), InvalidKey);
    }

    #[test]
    fn labels_cannot_break_the_address_of_the_qr_code() {
        let url = rfc_key().otpauth_url("控え: 事業所&secret=X", "a%3Ab@example.jp").unwrap();
        assert!(url.starts_with("otpauth://totp/"), "{}", *url);
        assert_eq!(url.matches("secret=").count(), 1, "{}", *url);
    }
}
