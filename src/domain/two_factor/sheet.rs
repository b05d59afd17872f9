//! The sheet: ten codes issued together, numbered per person, with a short id that tells one
//! paper from another.

use std::fmt;

use rand::{CryptoRng, RngExt};

use super::backup_code::{BackupCode, PER_SHEET};
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
}

/// One used code: its number, when, and with which device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedCode {
    pub number: u8,
    pub at: Timestamp,
    pub device: String,
}
