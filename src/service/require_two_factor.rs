//! 二要素認証必須化: an administrator requires two-factor authentication of an office's members from
//! a day on, moves that day, or lifts the requirement. Members who are still missing are told, and
//! so are the other administrators.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::operator::DEFAULT_TIME_ZONE;
use super::password_proof::{self, Proof, Settled};
use super::tell_of_requirement::{go_on, tell_portion};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::message::Message;
use crate::domain::password::Password;
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::requirement::{Requirement, Telling};
use crate::fault::Fault;
use crate::store::requirements::{self, Asked};
use crate::store::{Tx, offices, two_factor, users};

/// The farthest day, so that a mistyped year is noticed.
const FARTHEST_DAYS: i32 = 366;

/// What the page of the requirement shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementView {
    pub plan: Plan,
    pub requirement: Requirement,
    /// The day as it stands in the form, in the administrator's time zone: `2026-12-01`.
    pub day: Option<String>,
    /// Members without two-factor authentication.
    pub missing: i64,
    /// Whether the administrator has two-factor authentication, without which nothing is changed.
    pub on_myself: bool,
}

/// Reads the state of the requirement.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn view(services: &Services, admin: &OfficeAdmin) -> Result<RequirementView, Fault> {
    let (user, office, now) = (admin.user(), admin.office(), services.clock.now());
    let zone = zone(admin.me().time_zone());
    services
        .db
        .read(move |conn| {
            let asked = requirements::asked(conn, office)?;
            Ok(RequirementView {
                plan: asked.plan,
                requirement: Requirement::of(asked.plan, asked.from, now),
                day: asked.from.map(|from| day_of(from, &zone).to_string()),
                missing: requirements::count_missing(conn, office)?,
                on_myself: two_factor::state(conn, user)?.is_on(),
            })
        })
        .await
}

/// The first day that may be chosen, today, and the last, for the date field.
pub fn days_to_choose(time_zone: &str, now: Timestamp) -> (String, String) {
    let today = day_of(now, &zone(time_zone));
    (today.to_string(), last_day(today).to_string())
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).or_else(|_| TimeZone::get(DEFAULT_TIME_ZONE)).unwrap_or(TimeZone::UTC)
}

fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    jiff::Timestamp::from_second(at.0).unwrap_or(jiff::Timestamp::MAX).to_zoned(zone.clone()).date()
}

fn last_day(today: Date) -> Date {
    today.checked_add(jiff::Span::new().days(FARTHEST_DAYS)).unwrap_or(Date::MAX)
}

/// Why a text is no day from which the requirement could hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidDay {
    Empty,
    Unreadable,
    Past,
    TooFar,
}

/// A day from today on, in a time zone: the date and its first second.
#[derive(Clone, Copy)]
struct Day {
    date: Date,
    from: Timestamp,
}

/// Reads a day. The day that stands already is always one, even when it is past.
fn read_day(typed: &str, zone: &TimeZone, standing: Option<Timestamp>, now: Timestamp) -> Result<Day, InvalidDay> {
    let text = typed.trim().replace('/', "-");
    if text.is_empty() {
        return Err(InvalidDay::Empty);
    }
    let date: Date = text.parse().map_err(|_| InvalidDay::Unreadable)?;
    let from = date.to_zoned(zone.clone()).map_err(|_| InvalidDay::Unreadable)?;
    let day = Day { date, from: Timestamp(from.timestamp().as_second()) };
    let today = day_of(now, zone);
    if standing.is_some_and(|from| day_of(from, zone) == date) {
        Ok(day)
    } else if date < today {
        Err(InvalidDay::Past)
    } else if date > last_day(today) {
        Err(InvalidDay::TooFar)
    } else {
        Ok(day)
    }
}

/// How requiring ends. A proven password gives the session a new key.
#[derive(Debug)]
pub enum RequireTwoFactor {
    /// From this moment on.
    Required(Timestamp, SessionKey),
    /// It was this day already: nobody is told anything.
    Unchanged(SessionKey),
    InvalidDay(InvalidDay),
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
    NotAllowed(NotAllowed),
}

/// Why an administrator may not change the requirement at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    /// The office's plan knows no requirement.
    Plan,
    /// The administrator has no two-factor authentication.
    NotOnMyself,
}

/// Requires two-factor authentication from the start of a day on, in the administrator's time
/// zone; moves the day when another one stands.
///
/// # Errors
/// [`Fault`]: what stood stands.
pub async fn require(
    services: &Services,
    admin: &OfficeAdmin,
    day: &str,
    password: Password,
    client: &Client,
) -> Result<RequireTwoFactor, Fault> {
    let (now, zone) = (services.clock.now(), zone(admin.me().time_zone()));
    if !admin.membership().plan.may_require_two_factor() {
        return Ok(RequireTwoFactor::NotAllowed(NotAllowed::Plan));
    }
    let day = match read_day(day, &zone, admin.membership().two_factor_required_from, now) {
        Ok(day) => day,
        Err(invalid) => return Ok(RequireTwoFactor::InvalidDay(invalid)),
    };
    let proof = prove(services, admin, password, client).await?;
    let (admin, mut act, office) = (admin.clone(), Act::begin(services, client), admin.office());
    let done = services
        .db
        .write(move |tx| {
            let event = |outcome| event(&admin, Action::TwoFactorRequired, outcome);
            admin.hold(tx, &[], act.now)?;
            offices::lock(tx, admin.office())?;
            match proof.settle(tx, &act, Some(admin.user()), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(RequireTwoFactor::WrongPassword),
                Settled::Wait(until) => return Ok(RequireTwoFactor::Wait(until)),
            }
            let asked = requirements::asked(tx, admin.office())?;
            if !asked.plan.may_require_two_factor() {
                act.record(tx, event(Outcome::Refused).detail("the plan knows no requirement"))?;
                return Ok(RequireTwoFactor::NotAllowed(NotAllowed::Plan));
            }
            if !two_factor::state(tx, admin.user())?.is_on() {
                act.record(tx, event(Outcome::Refused).detail("without two-factor authentication"))?;
                return Ok(RequireTwoFactor::NotAllowed(NotAllowed::NotOnMyself));
            }
            if asked.from.is_some_and(|from| day_of(from, &zone) == day.date) {
                return Ok(RequireTwoFactor::Unchanged(act.renew_session(tx, admin.me().session())?));
            }
            let by = (admin.user(), admin.me().name().to_owned());
            decide(tx, &mut act, admin.office(), &asked, Some(day.from), Some(by))?;
            let key = act.renew_session(tx, admin.me().session())?;
            act.record(tx, event(Outcome::Done).detail(format!("from {}", day.date)))?;
            Ok(RequireTwoFactor::Required(day.from, key))
        })
        .await?;
    go_on(services, office).await;
    Ok(done)
}

/// How lifting ends. A proven password gives the session a new key.
#[derive(Debug)]
pub enum LiftRequirement {
    Lifted(SessionKey),
    /// Nothing was required.
    NotRequired(SessionKey),
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
    NotAllowed(NotAllowed),
}

/// Lifts the requirement, also one that the plan has suspended.
///
/// # Errors
/// [`Fault`]: the requirement stands.
pub async fn lift(
    services: &Services,
    admin: &OfficeAdmin,
    password: Password,
    client: &Client,
) -> Result<LiftRequirement, Fault> {
    let proof = prove(services, admin, password, client).await?;
    let (admin, mut act, office) = (admin.clone(), Act::begin(services, client), admin.office());
    let done = services
        .db
        .write(move |tx| {
            let event = |outcome| event(&admin, Action::RequirementLifted, outcome);
            admin.hold(tx, &[], act.now)?;
            offices::lock(tx, admin.office())?;
            match proof.settle(tx, &act, Some(admin.user()), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(LiftRequirement::WrongPassword),
                Settled::Wait(until) => return Ok(LiftRequirement::Wait(until)),
            }
            if !two_factor::state(tx, admin.user())?.is_on() {
                act.record(tx, event(Outcome::Refused).detail("without two-factor authentication"))?;
                return Ok(LiftRequirement::NotAllowed(NotAllowed::NotOnMyself));
            }
            let asked = requirements::asked(tx, admin.office())?;
            if asked.from.is_none() {
                return Ok(LiftRequirement::NotRequired(act.renew_session(tx, admin.me().session())?));
            }
            let by = (admin.user(), admin.me().name().to_owned());
            decide(tx, &mut act, admin.office(), &asked, None, Some(by))?;
            let key = act.renew_session(tx, admin.me().session())?;
            act.record(tx, event(Outcome::Done))?;
            Ok(LiftRequirement::Lifted(key))
        })
        .await?;
    go_on(services, office).await;
    Ok(done)
}

fn event(admin: &OfficeAdmin, action: Action, outcome: Outcome) -> Event {
    Event { outcome, ..Event::by_administrator(admin.user(), admin.office(), None, action) }
}

async fn prove(services: &Services, admin: &OfficeAdmin, password: Password, client: &Client) -> Result<Proof, Fault> {
    let user = admin.user();
    let hash = services.db.read(move |conn| Ok(users::get(conn, user)?.password_hash)).await?;
    password_proof::prove(services, admin.me().email().as_str(), Some(hash), password, client).await
}

/// Sets the day or lifts the requirement, and tells the first of those who are missing, and the
/// administrators but the one who decided.
fn decide(
    tx: &mut Tx,
    act: &mut Act,
    office: OfficeId,
    asked: &Asked,
    from: Option<Timestamp>,
    by: Option<(UserId, String)>,
) -> Result<(), Fault> {
    let telling = match (from, asked.from) {
        (None, _) => Telling::Lifted,
        (Some(_), None) => Telling::Announced,
        (Some(_), Some(_)) => Telling::Moved,
    };
    requirements::set(tx, office, from, telling, act.now)?;
    tell_portion(tx, act, office)?;
    let (decider, administrator) = by.map_or((None, None), |(id, name)| (Some(id), Some(name)));
    for other in requirements::protected_administrators(tx, office)? {
        if Some(other.id) != decider {
            let (by, administrator) = (act.circumstances(), administrator.clone());
            let office_path = format!("/offices/{office}/two-factor");
            let office = asked.office_name.clone();
            let message = Message::RequirementDecided { by, administrator, office, office_path, from };
            act.mail(tx, &other, message)?;
        }
    }
    Ok(())
}

/// Requires it from the start of a day in Tokyo on, or lifts it, by the operator.
///
/// # Errors
/// [`Fault`]: what stood stands.
pub async fn decide_as_operator(
    services: &Services,
    office: OfficeId,
    day: Option<&str>,
) -> Result<RequireTwoFactorAsOperator, Fault> {
    let (now, zone) = (services.clock.now(), zone(DEFAULT_TIME_ZONE));
    let day = match day.map(|typed| read_day(typed, &zone, None, now)).transpose() {
        Ok(day) => day,
        Err(invalid) => return Ok(RequireTwoFactorAsOperator::InvalidDay(invalid)),
    };
    let mut act = Act::begin(services, &Client::operator());
    let done = services
        .db
        .write(move |tx| {
            offices::lock(tx, office)?;
            let asked = requirements::asked(tx, office)?;
            if day.is_some() && !asked.plan.may_require_two_factor() {
                return Ok(RequireTwoFactorAsOperator::PlanKnowsNone);
            }
            if asked.from.map(|from| day_of(from, &zone)) == day.map(|day| day.date) {
                return Ok(RequireTwoFactorAsOperator::Unchanged);
            }
            decide(tx, &mut act, office, &asked, day.map(|day| day.from), None)?;
            let (action, detail) = match day {
                Some(day) => (Action::TwoFactorRequired, format!("from {}", day.date)),
                None => (Action::RequirementLifted, "operator".to_owned()),
            };
            act.record(tx, Event { office: Some(office), ..Event::by_operator(action) }.detail(detail))?;
            Ok(RequireTwoFactorAsOperator::Done)
        })
        .await?;
    go_on(services, office).await;
    Ok(done)
}

/// How it ends for the operator.
#[derive(Debug, PartialEq, Eq)]
pub enum RequireTwoFactorAsOperator {
    Done,
    Unchanged,
    InvalidDay(InvalidDay),
    PlanKnowsNone,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22, noon in Tokyo.
    const NOW: Timestamp = Timestamp(1_795_316_400);

    fn day(typed: &str, name: &str, standing: Option<Timestamp>) -> Result<Timestamp, InvalidDay> {
        read_day(typed, &zone(name), standing, NOW).map(|day| day.from)
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_administrator() {
        assert_eq!(day("2026-12-01", "Asia/Tokyo", None), Ok(Timestamp(1_796_050_800)));
        assert_eq!(day(" 2026/12/01 ", "Asia/Tokyo", None), Ok(Timestamp(1_796_050_800)));
        assert_eq!(day("2026-12-01", "Europe/Berlin", None), Ok(Timestamp(1_796_050_800 + 8 * 3600)));
    }

    #[test]
    fn a_day_is_today_or_later_and_not_too_far() {
        assert!(day("2026-11-22", "Asia/Tokyo", None).is_ok());
        assert_eq!(day("2026-11-21", "Asia/Tokyo", None), Err(InvalidDay::Past));
        assert!(day("2026-11-21", "America/Los_Angeles", None).is_ok(), "there it is still the day before");
        assert!(day("2027-11-23", "Asia/Tokyo", None).is_ok());
        assert_eq!(day("2027-11-24", "Asia/Tokyo", None), Err(InvalidDay::TooFar));
        for typed in ["tomorrow", "2026-13-01", "2026-02-30", "1", "２０２６"] {
            assert_eq!(day(typed, "Asia/Tokyo", None), Err(InvalidDay::Unreadable), "{typed}");
        }
        assert_eq!(day(" ", "Asia/Tokyo", None), Err(InvalidDay::Empty));
    }

    #[test]
    fn the_day_that_stands_is_a_day_though_it_is_past() {
        let standing = day("2026-11-22", "Asia/Tokyo", None).map(|from| Timestamp(from.0 - 86_400)).ok();
        assert!(day("2026-11-21", "Asia/Tokyo", standing).is_ok());
        assert_eq!(day("2026-11-20", "Asia/Tokyo", standing), Err(InvalidDay::Past));
    }
}
