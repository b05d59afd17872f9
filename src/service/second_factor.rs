//! Checking codes inside a transaction: the one failure counter and the one step counter of the
//! account, on every place where a code is entered (SC-14, SC-21 to SC-26).

use super::act::Act;
use crate::domain::attempts::{TELL_OWNER_EVERY, Throttle};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::ids::{SetUpId, UserId};
use crate::domain::message::Message;
use crate::domain::rate::Bucket;
use crate::domain::sealed::Sealed;
use crate::domain::time::{Seconds, Timestamp};
use crate::domain::two_factor::StepCheck;
use crate::domain::two_factor::code_input::{CodeProblem, TotpCode};
use crate::fault::Fault;
use crate::store::attempts::{self, Locked};
use crate::store::{Tx, rates, users};

/// How often refusals for too many wrong codes are recorded.
const RECORD_THROTTLED_EVERY: Seconds = Seconds::hours(1);

/// Why a code was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeRefusal {
    /// No code of the kind asked for. A code of the other kind has been counted as one failure,
    /// the rest has not.
    Unreadable(CodeProblem),
    /// Wrong, used or void: which, is not said.
    Wrong,
    /// A right security code whose time step has been accepted already: the next one is needed.
    Replayed,
    /// Too many failures: not before this moment.
    Wait(Timestamp),
    /// Too many failures in a row: only a release helps (SC-22).
    Stopped,
}

/// Where a code was entered, for the audit trail.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub user: UserId,
    pub action: Action,
    /// Whether the account's owner is signed in here, or somebody who knows the password.
    pub by_owner: bool,
}

impl Place {
    pub fn event(self, outcome: Outcome, why: &str) -> Event {
        let event = if self.by_owner {
            Event::own(self.user, self.action, outcome)
        } else {
            Event::attempt(Some(self.user), self.action, outcome)
        };
        event.detail(why)
    }
}

/// Holds the account's counter for this transaction, or refuses because too many codes were
/// wrong; nothing else about the code is looked at then.
pub(super) fn enter(tx: &mut Tx, act: &Act, place: Place) -> Result<Result<Locked, CodeRefusal>, Fault> {
    let locked = attempts::lock(tx, place.user)?;
    let refusal = match locked.attempts.throttle(act.now) {
        Throttle::Open => return Ok(Ok(locked)),
        Throttle::Wait(until) => CodeRefusal::Wait(until),
        Throttle::Stopped => CodeRefusal::Stopped,
    };
    // Once an hour is enough to know: a row for each would let anybody with the password bury the
    // owner's activity.
    if rates::count(tx, &Bucket::throttled_codes(place.user), RECORD_THROTTLED_EVERY, act.now)?.hits == 1 {
        act.record(tx, place.event(Outcome::Throttled, ""))?;
    }
    Ok(Err(refusal))
}

/// Counts one failure, tells the owner when it is time (SC-72), and records it.
/// `earlier_sheet`: a code of an earlier sheet was typed; the sheet that counts is named.
pub(super) fn fail(
    tx: &mut Tx,
    act: &mut Act,
    place: Place,
    locked: &Locked,
    why: &str,
    earlier_sheet: Option<(u32, String)>,
) -> Result<(), Fault> {
    let mut counted = locked.attempts.after_failure(act.now);
    // Told in a window of its own: who has just heard of wrong codes does not yet know of the paper.
    let first_of_earlier_sheet = earlier_sheet.is_some()
        && rates::count(tx, &Bucket::earlier_sheet(place.user), TELL_OWNER_EVERY, act.now)?.hits == 1;
    if first_of_earlier_sheet || counted.owner_should_be_told(act.now) {
        counted.owner_told_at = Some(act.now);
        let owner = users::get(tx, place.user)?;
        let by = act.circumstances();
        act.mail(
            tx,
            &owner,
            Message::SecondFactorFailures { by, failures: counted.failures, valid_sheet: earlier_sheet },
        )?;
    }
    attempts::save(tx, place.user, &counted)?;
    act.record(tx, place.event(Outcome::Refused, why))
}

/// Checks a security code against a key and accepts its time step. A success clears the counter
/// and leaves it to the caller to record what it was good for.
pub(super) fn check_security_code(
    tx: &mut Tx,
    act: &mut Act,
    place: Place,
    (set_up, sealed_key): (SetUpId, &Sealed),
    typed: &Result<TotpCode, CodeProblem>,
) -> Result<Result<(), CodeRefusal>, Fault> {
    let locked = match enter(tx, act, place)? {
        Ok(locked) => locked,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let code = match typed {
        Ok(code) => code,
        Err(problem) => {
            if *problem == CodeProblem::OtherKind {
                fail(tx, act, place, &locked, "a backup code in place of a security code", None)?;
            }
            return Ok(Err(CodeRefusal::Unreadable(*problem)));
        }
    };
    let key = act.open_key(place.user, set_up, sealed_key)?;
    match key.check(code, act.now, locked.last_step) {
        StepCheck::Fresh(step) if attempts::accept_step(tx, place.user, step)? => {
            attempts::clear_held(tx, &locked)?;
            Ok(Ok(()))
        }
        // The right code of a step that is spent is no guess: refused, recorded, not counted. A
        // form was sent twice, or a clock was turned back (SC-77).
        StepCheck::Fresh(_) | StepCheck::Spent => {
            act.record(tx, place.event(Outcome::Refused, "a security code that is spent"))?;
            Ok(Err(CodeRefusal::Replayed))
        }
        StepCheck::Wrong => {
            fail(tx, act, place, &locked, "a wrong security code", None)?;
            Ok(Err(CodeRefusal::Wrong))
        }
    }
}
