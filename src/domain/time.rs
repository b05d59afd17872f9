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

/// How far ahead of this clock something may lie that was made in the past: nodes differ by seconds, and a
/// clock may be put back by an hour or so.
const AHEAD: Seconds = Seconds::hours(24);

impl Timestamp {
    /// Whether something of this moment can have been made by `now`. If not, a clock that ran ahead has made
    /// it, and its term says nothing: it would outlive everything (SC-77).
    pub fn is_credible(self, now: Timestamp) -> bool {
        self <= now.latest_credible()
    }

    /// The farthest moment that is still credible at this one.
    pub fn latest_credible(self) -> Timestamp {
        self + AHEAD
    }

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
