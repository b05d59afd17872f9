//! Backup codes: nine decimal digits, each good for one sign-in after a proven password.
//!
//! 29.9 bits are a lawful look-up secret beside a password (NIST SP 800-63B-4 §3.1.2), and too
//! few for anything else; this is why every try costs a slow hash, tries are few, and a code
//! never serves without the password.

use std::collections::HashSet;
use std::fmt;

use rand::{CryptoRng, RngExt};
use zeroize::Zeroize;

/// Digits of a code.
pub const DIGITS: usize = 9;
/// Codes on a sheet.
pub const PER_SHEET: usize = 10;
/// From this many left on, the owner is warned (SC-88).
pub const LOW: u8 = 3;

const COUNT: u32 = 1_000_000_000;

/// One backup code in the clear. It exists in the answer that shows the sheet and in the request
/// that uses it; it has no serde and does not show itself in `Debug`.
#[derive(PartialEq, Eq)]
pub struct BackupCode(u32);

impl BackupCode {
    /// Draws ten different codes, uniform over all nine-digit numbers (SC-01).
    pub fn draw_sheet(random: &mut impl CryptoRng) -> [BackupCode; PER_SHEET] {
        let mut drawn = HashSet::with_capacity(PER_SHEET);
        std::array::from_fn(|_| {
            loop {
                let code = random.random_range(0..COUNT);
                if drawn.insert(code) {
                    return BackupCode(code);
                }
            }
        })
    }

    /// A code from exactly nine ASCII digits.
    pub fn from_digits(digits: &str) -> Option<Self> {
        let fits = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| digits.parse().ok().map(BackupCode)).flatten()
    }

    /// The nine digits, leading zeros kept.
    pub fn digits(&self) -> String {
        format!("{:09}", self.0)
    }

    /// The digits in groups of three, as sheets show them.
    pub fn grouped(&self) -> String {
        format!("{:03} {:03} {:03}", self.0 / 1_000_000, self.0 / 1_000 % 1_000, self.0 % 1_000)
    }
}

impl fmt::Debug for BackupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupCode(…)")
    }
}

impl Drop for BackupCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Length of a code's own salt in bytes.
pub const ROW_SALT_BYTES: usize = 16;

/// What the database knows of a code: a salt of its own and a tag that only the right code, the
/// set-up's salt and the key outside the database can make again.
#[derive(Clone, Debug)]
pub struct BackupCodeTag {
    pub salt: [u8; ROW_SALT_BYTES],
    pub tag: [u8; 32],
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn a_sheet_holds_ten_different_codes_with_their_leading_zeros() {
        let mut random = StdRng::seed_from_u64(7);
        for _ in 0..200 {
            let sheet = BackupCode::draw_sheet(&mut random);
            let digits: HashSet<String> = sheet.iter().map(BackupCode::digits).collect();
            assert_eq!(digits.len(), PER_SHEET);
            assert!(digits.iter().all(|code| code.len() == DIGITS));
        }
        assert_eq!(BackupCode(12_345).digits(), "000012345");
        assert_eq!(BackupCode(12_345).grouped(), "000 012 345");
        assert_eq!(BackupCode(999_999_999).grouped(), "999 999 999");
    }

    /// Chi-square over the ten values of each of the nine places: 9 degrees of freedom, so a sum
    /// over 33.7 would come once in ten thousand fair draws; the seed makes it always the same.
    #[test]
    fn every_digit_of_every_place_is_equally_likely() {
        let mut random = StdRng::seed_from_u64(2026);
        let sheets = 10_000;
        let mut seen = [[0_u32; 10]; DIGITS];
        for _ in 0..sheets {
            for code in BackupCode::draw_sheet(&mut random) {
                for (place, digit) in code.digits().bytes().enumerate() {
                    seen[place][usize::from(digit - b'0')] += 1;
                }
            }
        }
        let expected = f64::from(sheets);
        for place in seen {
            let chi: f64 = place.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
            assert!(chi < 33.7, "{chi} in {place:?}");
        }
    }

    #[test]
    fn a_code_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", BackupCode(123)), "BackupCode(…)");
    }
}
