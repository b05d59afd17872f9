//! Links sent by mail: what they are for, and how long they live.

use super::time::Seconds;
pub use super::token::{LinkToken, TokenDigest};
use super::two_factor::release_request::OPEN_FOR;

/// What a mailed link is for; a token made for one purpose is worthless for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LinkPurpose {
    PasswordReset,
    EmailChange,
    Release,
    ReleaseCancel,
    ReleaseRequestCancel,
}

impl LinkPurpose {
    /// The name in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            LinkPurpose::PasswordReset => "password_reset",
            LinkPurpose::EmailChange => "email_change",
            LinkPurpose::Release => "release",
            LinkPurpose::ReleaseCancel => "release_cancel",
            LinkPurpose::ReleaseRequestCancel => "release_request_cancel",
        }
    }

    /// How long a link lives (SC-46: thirty minutes; a confirmation of an address may wait for
    /// the next look into that mailbox).
    pub const fn lifetime(self) -> Seconds {
        match self {
            LinkPurpose::PasswordReset | LinkPurpose::Release | LinkPurpose::ReleaseCancel => Seconds::minutes(30),
            LinkPurpose::EmailChange => Seconds::hours(24),
            LinkPurpose::ReleaseRequestCancel => OPEN_FOR,
        }
    }
}
