//! Points in time as Hikae keeps them: whole seconds since 1970, UTC, 64 bits wide.

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// A point in time in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// A span of time in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Seconds(pub i64);

impl Seconds {
    /// `n` minutes.
    pub const fn minutes(n: i64) -> Self {
        Self(n * 60)
    }

    /// `n` hours.
    pub const fn hours(n: i64) -> Self {
        Self(n * 3600)
    }
}

impl Timestamp {
    /// Seconds from `self` until `later`, never negative.
    pub fn seconds_until(self, later: Timestamp) -> i64 {
        later.0.saturating_sub(self.0).max(0)
    }

    /// The moment `span` before this one.
    pub fn before(self, span: Seconds) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.0))
    }
}

impl Add<Seconds> for Timestamp {
    type Output = Timestamp;

    fn add(self, span: Seconds) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }
}
