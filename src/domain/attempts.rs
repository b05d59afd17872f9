//! How many wrong codes an account may see: the one failure counter of every place where a code
//! is entered (SC-21 to SC-26).
//!
//! The first four failures cost nothing but the try. From the fifth on each failure opens a
//! waiting time that grows to 72 minutes, which leaves about twenty tries a day, and after fifty
//! in a row only a release helps.

use super::time::{Seconds, Timestamp};

/// Failures in a row after which no code is looked at any more (SC-22).
pub const HARD_STOP: u32 = 50;

/// Failures with a proven password after which the owner is told (SC-72).
pub const TELL_OWNER_FROM: u32 = 3;

/// How long the owner is not told again (SC-72).
pub const TELL_OWNER_EVERY: Seconds = Seconds::hours(1);

/// Waiting times after the 5th, 6th, … failure in a row; the last one stays.
const WAITS: [Seconds; 5] =
    [Seconds::minutes(1), Seconds::minutes(5), Seconds::minutes(15), Seconds::minutes(30), Seconds::minutes(72)];
const LONGEST_WAIT: Seconds = WAITS[WAITS.len() - 1];
const FREE_FAILURES: u32 = 4;

/// The state of an account's failure counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// Failures since the last success with a second factor or release.
    pub failures: u32,
    /// No code is looked at before this moment.
    pub blocked_until: Option<Timestamp>,
    /// When the owner was last told of failures.
    pub owner_told_at: Option<Timestamp>,
}

/// Whether a code may be looked at now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    Open,
    /// Not before this moment.
    Wait(Timestamp),
    /// Not at all until a release.
    Stopped,
}

impl Attempts {
    /// A counter that has seen nothing.
    pub const NONE: Attempts = Attempts { failures: 0, blocked_until: None, owner_told_at: None };

    /// Whether a code may be looked at at `now`. A wait that no clock but one that ran ahead can have begun
    /// is none: it would last until that day.
    pub fn throttle(&self, now: Timestamp) -> Throttle {
        if self.failures >= HARD_STOP {
            return Throttle::Stopped;
        }
        match self.blocked_until {
            Some(until) if now < until && until.before(LONGEST_WAIT).is_credible(now) => Throttle::Wait(until),
            _ => Throttle::Open,
        }
    }

    /// The counter after one more failure at `now`.
    #[must_use]
    pub fn after_failure(&self, now: Timestamp) -> Attempts {
        let failures = self.failures.saturating_add(1);
        let blocked_until = failures.checked_sub(FREE_FAILURES + 1).map(|step| {
            let step = usize::try_from(step).unwrap_or(usize::MAX).min(WAITS.len() - 1);
            now + WAITS[step]
        });
        Attempts { failures, blocked_until, owner_told_at: self.owner_told_at }
    }

    /// Whether the owner should hear of the failures now.
    pub fn owner_should_be_told(&self, now: Timestamp) -> bool {
        let told = self.owner_told_at.filter(|told| told.is_credible(now));
        self.failures >= TELL_OWNER_FROM && told.is_none_or(|told| told + TELL_OWNER_EVERY <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_800_000_000);

    #[test]
    fn four_failures_are_free_and_the_fifth_waits() {
        let mut attempts = Attempts::NONE;
        for _ in 0..4 {
            attempts = attempts.after_failure(START);
            assert_eq!(attempts.throttle(START), Throttle::Open);
        }
        attempts = attempts.after_failure(START);
        assert_eq!(attempts.throttle(START), Throttle::Wait(START + Seconds::minutes(1)));
        assert_eq!(attempts.throttle(START + Seconds::minutes(1)), Throttle::Open);
    }

    /// Tries as fast as the rule lets them, and counts them per day.
    fn tries_per_day() -> Vec<u32> {
        let (mut attempts, mut now, mut days) = (Attempts::NONE, START, vec![0]);
        loop {
            match attempts.throttle(now) {
                Throttle::Stopped => return days,
                Throttle::Wait(until) => now = until,
                Throttle::Open => {
                    let day = usize::try_from((now.0 - START.0) / 86_400).unwrap();
                    days.resize(day + 1, 0);
                    days[day] += 1;
                    attempts = attempts.after_failure(now);
                }
            }
        }
    }

    #[test]
    fn a_guesser_has_about_twenty_tries_a_day_and_fifty_in_all() {
        let days = tries_per_day();
        assert_eq!(days.iter().sum::<u32>(), HARD_STOP);
        assert!(days[0] <= 29, "{days:?}");
        assert!(days[1..].iter().all(|tries| *tries <= 20), "{days:?}");
    }

    #[test]
    fn the_wait_never_shrinks_while_failures_grow() {
        let (mut attempts, mut last) = (Attempts::NONE, 0);
        for _ in 0..HARD_STOP {
            attempts = attempts.after_failure(START);
            let wait = attempts.blocked_until.map_or(0, |until| START.seconds_until(until));
            assert!(wait >= last);
            last = wait;
        }
        assert_eq!(attempts.throttle(START + Seconds::hours(10_000)), Throttle::Stopped);
    }

    #[test]
    fn a_clock_put_back_keeps_waits_but_for_those_of_a_clock_that_ran_ahead() {
        let blocked = (0..9).fold(Attempts::NONE, |attempts, _| attempts.after_failure(START));
        let until = START + Seconds::minutes(72);
        for back in [Seconds::minutes(1), Seconds::hours(1), Seconds::hours(24)] {
            assert_eq!(blocked.throttle(START.before(back)), Throttle::Wait(until));
        }
        assert_eq!(blocked.throttle(START.before(Seconds::hours(24 * 365))), Throttle::Open);
        let stopped = Attempts { failures: HARD_STOP, ..blocked };
        assert_eq!(stopped.throttle(START.before(Seconds::hours(24 * 365))), Throttle::Stopped);
    }

    #[test]
    fn the_owner_is_told_once_per_window() {
        let mut attempts = Attempts::NONE.after_failure(START).after_failure(START);
        assert!(!attempts.owner_should_be_told(START));
        attempts = attempts.after_failure(START);
        assert!(attempts.owner_should_be_told(START));
        attempts.owner_told_at = Some(START);
        attempts = attempts.after_failure(START + Seconds::minutes(59));
        assert!(!attempts.owner_should_be_told(START + Seconds::minutes(59)));
        assert!(attempts.owner_should_be_told(START + TELL_OWNER_EVERY));
    }
}
