//! The acts of Hikae: one file per act, named as the act. Each takes the proof of the right to
//! act as an argument, returns refusals as values, and faults as errors.

pub mod access;
pub mod activity;
pub mod change_email;
pub mod change_password;
pub mod change_profile;
pub mod end_sessions;
pub mod pass_second_factor;
pub mod recover_with_backup_code;
pub mod reissue_backup_codes;
pub mod release_own_two_factor;
pub mod reset_password;
pub mod second_factor;
pub mod set_up_two_factor;
pub mod sign_in;
pub mod two_factor_overview;

use std::sync::Arc;

use crate::clock::Clock;
use crate::crypto::hashing::HashGate;
use crate::crypto::keys::KeyRing;
use crate::fault::Fault;
use crate::random::Randomness;
use crate::store::Db;

/// What every act works with.
#[derive(Clone)]
pub struct Services {
    pub db: Db,
    pub clock: Clock,
    pub random: Randomness,
    pub keys: Arc<KeyRing>,
    pub gate: Arc<HashGate>,
    pub sessions: SessionLimits,
}

/// How long a session lasts (SC-35).
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    pub idle: Seconds,
    pub total: Seconds,
}
