//! Two-factor authentication required for an office (二要素認証必須化): from when on it holds, and
//! when members are reminded of it.

use crate::domain::plan::Plan;
use crate::domain::time::{Seconds, Timestamp};

/// How long before the day members who are still missing are reminded, the earlier first.
pub const REMINDERS: [Seconds; 2] = [Seconds::hours(7 * 24), Seconds::hours(24)];
/// A reminder is left out when members heard of the day less than this before it was due.
const NOT_AGAIN_WITHIN: Seconds = Seconds::hours(24);

/// What members who are missing are to be told. The names are stored; never rename one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Telling {
    Announced,
    Moved,
    Reminder,
    Lifted,
}

impl Telling {
    /// The name in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            Telling::Announced => "announced",
            Telling::Moved => "moved",
            Telling::Reminder => "reminder",
            Telling::Lifted => "lifted",
        }
    }

    /// What a stored name stands for.
    pub fn from_slug(slug: &str) -> Option<Telling> {
        [Telling::Announced, Telling::Moved, Telling::Reminder, Telling::Lifted]
            .into_iter()
            .find(|telling| telling.slug() == slug)
    }
}

/// What an office asks of its members at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Requirement {
    None,
    /// A day was set, but the office's plan no longer knows a requirement: nothing is asked until
    /// it does again.
    Suspended {
        from: Timestamp,
    },
    Coming {
        from: Timestamp,
    },
    InForce {
        since: Timestamp,
    },
}

impl Requirement {
    /// What follows from plan, day and time.
    pub fn of(plan: Plan, from: Option<Timestamp>, now: Timestamp) -> Self {
        match from {
            None => Requirement::None,
            Some(from) if !plan.may_require_two_factor() => Requirement::Suspended { from },
            Some(from) if now < from => Requirement::Coming { from },
            Some(since) => Requirement::InForce { since },
        }
    }

    /// Whether a member without two-factor authentication is concerned, now or soon.
    pub const fn asks(self) -> bool {
        matches!(self, Requirement::Coming { .. } | Requirement::InForce { .. })
    }

    /// Since when it holds, if it does.
    pub const fn in_force(self) -> Option<Timestamp> {
        match self {
            Requirement::InForce { since } => Some(since),
            _ => None,
        }
    }
}

/// Whether members who are still missing are to be reminded now of a day that begins at `from`,
/// having last been told of it at `told`.
pub fn reminder_is_due(from: Timestamp, told: Timestamp, now: Timestamp) -> bool {
    let due = REMINDERS.iter().map(|before| from.before(*before)).filter(|due| *due <= now).max();
    now < from && due.is_some_and(|due| told < due.before(NOT_AGAIN_WITHIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: Timestamp = Timestamp(1_000_000_000);

    fn days_before(days: i64) -> Timestamp {
        FROM.before(Seconds::hours(days * 24))
    }

    #[test]
    fn only_three_plans_may_require_it() {
        let may: Vec<&str> =
            Plan::ALL.iter().filter(|plan| plan.may_require_two_factor()).map(|plan| plan.slug()).collect();
        assert_eq!(may, ["corporate-advance", "corporate-enterprise", "legacy-enterprise"]);
    }

    #[test]
    fn it_comes_into_force_with_the_second_and_is_suspended_by_the_plan() {
        let of = |plan, from, now| Requirement::of(plan, from, Timestamp(now));
        assert_eq!(of(Plan::CorporateAdvance, None, 5), Requirement::None);
        assert_eq!(of(Plan::CorporateAdvance, Some(FROM), FROM.0 - 1), Requirement::Coming { from: FROM });
        assert_eq!(of(Plan::CorporateAdvance, Some(FROM), FROM.0), Requirement::InForce { since: FROM });
        for now in [FROM.0 - 1, FROM.0] {
            assert_eq!(of(Plan::CorporateStandard, Some(FROM), now), Requirement::Suspended { from: FROM });
        }
        assert!(!Requirement::Suspended { from: FROM }.asks() && !Requirement::None.asks());
    }

    #[test]
    fn members_are_reminded_a_week_and_a_day_before() {
        let told = days_before(30);
        assert!(!reminder_is_due(FROM, told, days_before(8)));
        assert!(reminder_is_due(FROM, told, days_before(7)));
        assert!(!reminder_is_due(FROM, days_before(7), days_before(6)));
        assert!(reminder_is_due(FROM, days_before(7), days_before(1)));
        assert!(!reminder_is_due(FROM, days_before(1), Timestamp(FROM.0 - 1)));
        assert!(!reminder_is_due(FROM, told, FROM), "the day itself is no time for reminders");
    }

    #[test]
    fn who_has_just_been_told_is_not_reminded() {
        assert!(!reminder_is_due(FROM, days_before(8), days_before(7)));
        assert!(reminder_is_due(FROM, days_before(8), days_before(1)));
        assert!(!reminder_is_due(FROM, days_before(2), days_before(1)));
    }
}
