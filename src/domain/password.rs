//! Passwords: how long they must be, and which are too common to protect anything.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The shortest new password in characters (NIST SP 800-63B-4 §3.1.1.2, with a second factor).
pub const MIN_CHARS: usize = 8;
/// The longest password in bytes after NFKC; more is refused before any hashing (SC-18).
pub const MAX_BYTES: usize = 1024;
/// A password that a guesser finds within this many tries is refused.
const COMMON_WITHIN_GUESSES: u64 = 10_000;

/// A password as typed, in NFKC (NIST SP 800-63B-4 §3.1.1.2). Wiped when dropped, mute in
/// `Debug`.
pub struct Password(Zeroizing<String>);

/// Why a text cannot be the new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("the password is shorter than {MIN_CHARS} characters")]
    TooShort,
    #[error("the password is longer than {MAX_BYTES} bytes")]
    TooLong,
    #[error("the password is too easy to guess")]
    TooCommon,
}

impl Password {
    /// A password typed to prove who one is. Too long a text can be no password of ours and is
    /// cut before it costs anything; it then simply does not match.
    pub fn typed(text: &str) -> Self {
        if text.len() > MAX_BYTES * 3 {
            return Self(Zeroizing::new(String::new()));
        }
        Self(Zeroizing::new(text.nfkc().collect()))
    }

    /// A new password.
    ///
    /// # Errors
    /// [`WeakPassword`] when it is too short, too long, among the commonest, or made of the
    /// person's own `inputs` (address, name).
    pub fn chosen(text: &str, inputs: &[&str]) -> Result<Self, WeakPassword> {
        if text.len() > MAX_BYTES * 3 {
            return Err(WeakPassword::TooLong);
        }
        let password = Self::typed(text);
        if password.0.len() > MAX_BYTES {
            return Err(WeakPassword::TooLong);
        }
        if password.0.chars().count() < MIN_CHARS {
            return Err(WeakPassword::TooShort);
        }
        let mut own: Vec<&str> = inputs.to_vec();
        own.push("hikae");
        if zxcvbn::zxcvbn(&password.0, &own).guesses() < COMMON_WITHIN_GUESSES {
            return Err(WeakPassword::TooCommon);
        }
        Ok(password)
    }

    /// The bytes for the hash, and for nothing else. Empty when nothing fit to check was typed.
    pub fn as_bytes(&self) -> &[u8] {
        if self.0.len() > MAX_BYTES { &[] } else { self.0.as_bytes() }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_own_passwords_are_refused() {
        let own = ["hanako@example.jp", "Hanako"];
        assert_eq!(Password::chosen("short7!", &own).unwrap_err(), WeakPassword::TooShort);
        assert_eq!(Password::chosen("password", &own).unwrap_err(), WeakPassword::TooCommon);
        assert_eq!(Password::chosen("hanako@example.jp", &own).unwrap_err(), WeakPassword::TooCommon);
        assert_eq!(Password::chosen(&"長".repeat(600), &own).unwrap_err(), WeakPassword::TooLong);
        assert!(Password::chosen("紙の控えは金庫の中です", &own).is_ok());
    }

    #[test]
    fn full_and_half_width_are_the_same_password() {
        assert_eq!(Password::typed("ａｂｃ１２３").as_bytes(), Password::typed("abc123").as_bytes());
    }

    #[test]
    fn a_password_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", Password::typed("secret-word")), "Password(…)");
    }
}
