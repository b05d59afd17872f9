//! The sheet: ten codes issued together, numbered per person, with a short id that tells one
//! paper from another.

use std::fmt;

use rand::{CryptoRng, RngExt};
use zeroize::Zeroizing;

use super::backup_code::{BackupCode, DIGITS, PER_SHEET};
use crate::domain::ids::SessionId;
use crate::domain::time::Timestamp;

/// Letters and digits that are not mistaken for one another on paper.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The short id printed on a sheet, such as `K7QM-2FXP`. It is no secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetId(String);

impl SheetId {
    /// Draws a new id.
    pub fn random(random: &mut impl CryptoRng) -> Self {
        let mut letter = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
        let mut part = || (0..4).map(|_| letter()).collect::<String>();
        Self(format!("{}-{}", part(), part()))
    }

    /// An id as it came back from a page of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let (before, after) = text.split_once('-')?;
        let part = |part: &str| part.len() == 4 && part.bytes().all(|byte| ALPHABET.contains(&byte));
        (part(before) && part(after)).then(|| Self(text.to_owned()))
    }

    /// An id read back from the database.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SheetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sheet at the one moment when its codes can be shown: in the answer to the request that
/// issued it. It is never stored.
#[derive(Debug)]
pub struct IssuedSheet {
    /// 第n回
    pub number: u32,
    pub id: SheetId,
    pub issued_at: Timestamp,
    /// In the order of their numbers 1 to 10.
    pub codes: [BackupCode; PER_SHEET],
}

impl IssuedSheet {
    /// The digits of all codes, one after the other with a space between.
    pub fn digits(&self) -> Zeroizing<String> {
        let mut digits = Zeroizing::new(String::with_capacity(PER_SHEET * (DIGITS + 1)));
        for (index, code) in self.codes.iter().enumerate() {
            if index > 0 {
                digits.push(' ');
            }
            digits.push_str(&Zeroizing::new(code.digits()));
        }
        digits
    }

    /// The codes of [`IssuedSheet::digits`].
    pub fn codes_of(digits: &str) -> Option<[BackupCode; PER_SHEET]> {
        let codes: Option<Vec<_>> = digits.split(' ').map(BackupCode::from_digits).collect();
        codes?.try_into().ok()
    }
}

/// The newest sheet as its owner may see it at any time: everything but the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetState {
    pub number: u32,
    pub id: SheetId,
    pub issued_at: Timestamp,
    /// Used codes by their number on the sheet, in ascending order.
    pub used: Vec<UsedCode>,
}

impl SheetState {
    /// How many codes still sign in.
    pub fn left(&self) -> u8 {
        u8::try_from(PER_SHEET.saturating_sub(self.used.len())).unwrap_or(0)
    }

    /// The number of the code that was used for this sign-in.
    pub fn used_for(&self, session: SessionId) -> Option<u8> {
        self.used.iter().find(|code| code.session == Some(session)).map(|code| code.number)
    }
}

/// One used code: its number, when, and with which device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedCode {
    pub number: u8,
    pub at: Timestamp,
    pub device: String,
    /// The sign-in it was used for.
    pub session: Option<SessionId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn what_a_page_carries_is_read_back_strictly() {
        let random = &mut StdRng::seed_from_u64(1);
        let id = SheetId::random(random);
        assert_eq!(SheetId::parse(id.as_str()), Some(id.clone()));
        let sheet = IssuedSheet { number: 1, id, issued_at: Timestamp(1), codes: BackupCode::draw_sheet(random) };
        let digits = sheet.digits();
        assert_eq!(IssuedSheet::codes_of(&digits), Some(sheet.codes));
        for wrong in
            ["", "K7QM2FXP", "K7QM-2FX", "K7QM-2FXPP", "k7qm-2fxp", "K7QM-2FX0", "K7QM-2FXP-2345", "K7QM-2FX\n"]
        {
            assert_eq!(SheetId::parse(wrong), None, "{wrong:?}");
        }
        let (nine, eleven) = (digits.split_at(89).0.to_owned(), format!("{} 123456789", *digits));
        for wrong in ["", &nine, &eleven, &digits.replace(' ', "  "), &digits.replace(' ', ",")] {
            assert_eq!(IssuedSheet::codes_of(wrong), None, "{wrong:?}");
        }
    }
}
