//! When to try again after a mail did not leave, and when to give up.

use crate::domain::time::{Seconds, Timestamp};

/// Pauses after the first, second, … failure; after the last of them, every hour.
const PAUSES: [Seconds; 5] =
    [Seconds::minutes(1), Seconds::minutes(2), Seconds::minutes(5), Seconds::minutes(15), Seconds::minutes(60)];

/// How old a mail may get before it is given up.
const PATIENCE: Seconds = Seconds::hours(72);

/// What to do with a mail that did not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    TryAt(Timestamp),
    GiveUp,
}

/// The rule, for a mail that had failed `earlier_failures` times before this one.
pub fn after_failure(earlier_failures: u32, created_at: Timestamp, now: Timestamp) -> Next {
    if now >= created_at + PATIENCE {
        return Next::GiveUp;
    }
    let index = usize::try_from(earlier_failures).unwrap_or(usize::MAX);
    let pause = PAUSES.get(index).copied().unwrap_or(Seconds::hours(1));
    Next::TryAt(now + pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_end_after_three_days() {
        let created = Timestamp(1_000);
        let minutes: Vec<i64> = (0..8)
            .map(|failures| match after_failure(failures, created, created) {
                Next::TryAt(at) => created.seconds_until(at) / 60,
                Next::GiveUp => panic!("too early"),
            })
            .collect();
        assert_eq!(minutes, [1, 2, 5, 15, 60, 60, 60, 60]);

        let last = created + Seconds(PATIENCE.0 - 1);
        assert_eq!(after_failure(u32::MAX, created, last), Next::TryAt(last + Seconds::hours(1)));
        assert_eq!(after_failure(0, created, created + PATIENCE), Next::GiveUp);
    }

    #[test]
    fn a_clock_that_went_back_gives_nothing_up() {
        let created = Timestamp(1_000_000);
        assert_eq!(after_failure(1, created, Timestamp(10)), Next::TryAt(Timestamp(130)));
    }
}
