//! Two-factor authentication: the states it can be in, and its parts.

pub mod backup_code;
pub mod code_input;
pub mod release_request;
pub mod requirement;
pub mod sheet;
pub mod totp;

use super::ids::SetUpId;
use super::sealed::Sealed;
use super::time::Timestamp;

/// The state of a person's two-factor authentication. The store maps its rows to this in one
/// place, and a row that fits no variant is a fault, never `Off`.
#[derive(Debug)]
pub enum TwoFactor {
    Off,
    On(Enabled),
}

impl TwoFactor {
    /// Whether a sign-in needs a second factor.
    pub const fn is_on(&self) -> bool {
        matches!(self, TwoFactor::On(_))
    }
}

/// A confirmed authenticator. The key stays sealed until a code is checked.
#[derive(Debug, Clone)]
pub struct Enabled {
    pub set_up: SetUpId,
    pub sealed_key: Sealed,
    /// Salt of the set-up, from which all backup codes of this set-up are hashed.
    pub code_salt: [u8; CODE_SALT_BYTES],
    pub enabled_at: Timestamp,
}

/// Length of a set-up's salt in bytes.
pub const CODE_SALT_BYTES: usize = 16;

/// What a check of a security code made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepCheck {
    /// The code belongs to this time step, which is newer than every accepted one.
    Fresh(i64),
    /// The code is right, but its step or a newer one has been accepted already (SC-14).
    Spent,
    Wrong,
}
