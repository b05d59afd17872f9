//! The acts of Hikae: one file per act, named as the act. Each takes the proof of the right to
//! act as an argument, returns refusals as values, and faults as errors: an `Err` inside a
//! transaction would undo the failure count.

pub mod accept_invitation;
pub mod access;
mod act;
pub mod activity;
pub mod back_up;
pub mod change_email;
pub mod change_password;
pub mod change_profile;
pub mod change_role;
pub mod check_backup_code;
pub mod decide_release_request;
pub mod end_release_request;
pub mod end_sessions;
pub mod extend_set_up;
pub mod extend_sign_in;
pub mod first_start;
pub mod follow_keys;
pub mod housekeeping;
pub mod import_users;
pub mod invite;
mod issue;
mod mail_limit;
pub mod manage_invitations;
pub mod members;
pub mod node_figures;
pub mod office_activity;
pub mod open_keys;
pub mod operator;
pub mod pass_second_factor;
mod password_proof;
pub mod print_sheet;
pub mod prune_audit;
pub mod recover_with_backup_code;
pub mod reissue_backup_codes;
pub mod release_own_two_factor;
pub mod release_requests;
mod remind_of_requirement;
pub mod remove_member;
pub mod request_release;
pub mod require_two_factor;
pub mod reset_password;
pub mod rotate_keys;
pub mod second_factor;
pub mod set_up_two_factor;
pub mod sign_in;
pub mod switch_office;
mod tell_of_requirement;
pub mod two_factor_overview;
mod typed_backup_code;
pub mod verify_audit;
pub mod void_all_codes;

use std::sync::Arc;

use crate::clock::Clock;
use crate::crypto::hashing::HashGate;
use crate::crypto::keys::KeyRing;
use crate::domain::time::Seconds;
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
    pub inhabited: first_start::Inhabited,
}

/// How long a complete session lasts (SC-35).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: Seconds,
    /// In all.
    pub total: Seconds,
}

impl Default for SessionLimits {
    /// One hour and twelve hours: inside what NIST SP 800-63B-4 §2.2.3 allows for two factors.
    fn default() -> Self {
        Self { idle: Seconds::hours(1), total: Seconds::hours(12) }
    }
}
