//! Identifiers of the things Hikae stores: random positive 63-bit numbers, one type per thing,
//! so that a session id can never be passed where a user id is meant.

use std::fmt;
use std::str::FromStr;

use rand::CryptoRng;
use rand::RngExt;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        pub struct $name(i64);

        impl $name {
            /// Draws a new identifier; with 63 bits a clash is not expected, and a unique key in
            /// the database turns one into a fault instead of a mix-up.
            pub fn random(random: &mut impl CryptoRng) -> Self {
                Self(random.random_range(1..i64::MAX))
            }

            /// The identifier as the database holds it.
            pub const fn as_i64(self) -> i64 {
                self.0
            }

            /// An identifier read back from the database.
            pub const fn from_i64(value: i64) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// An organisation (事業所).
    OfficeId
);
id!(
    /// One sign-in of one browser: password-proven or complete.
    SessionId
);
id!(
    /// One set-up of an authenticator; a new one for every set-up.
    SetUpId
);
id!(
    /// One issue of ten backup codes.
    GenerationId
);
id!(
    /// One request to the administrators to release (方法B).
    ReleaseRequestId
);
id!(
    /// One process that serves.
    NodeId
);
id!(
    /// One invitation into an office.
    InvitationId
);
id!(
    /// One mail waiting in, or sent from, the outbox.
    MailId
);
