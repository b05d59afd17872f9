//! The second step of signing in without the phone, with a backup code from the sheet.

use super::Services;
use super::access::PasswordProven;
use super::act::Act;
use super::end_release_request;
use super::password_proof::remember_network;
use super::second_factor::{CodeRefusal, Place, enter, fail};
use crate::crypto::hashing::{CodeBasis, CodeKey, HashCost};
use crate::crypto::keys::Purpose;
use crate::domain::attempts::Throttle;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::message::Message;
use crate::domain::time::Seconds;
use crate::domain::two_factor::backup_code::{BackupCode, LOW};
use crate::domain::two_factor::code_input::{self, CodeProblem};
use crate::domain::two_factor::{Enabled, TwoFactor};
use crate::fault::Fault;
use crate::store::backup_codes::{self, CodeRow};
use crate::store::sessions::{self, Stage};
use crate::store::{AnyConnection, Tx, attempts, two_factor, users};

/// A reissue may come between the slow hash and the transaction; then the hash is made again.
const ROUNDS: usize = 3;
/// For how long a code that was just used is taken for a form sent twice.
const DOUBLE_SUBMIT: Seconds = Seconds::minutes(1);

/// How the recovery ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// A complete session; which code of the sheet was used, and how many are left.
    Recovered {
        session: SessionId,
        number: u8,
        left: u8,
    },
    Refused(CodeRefusal),
    /// The password-proven stage has ended meanwhile.
    StageOver,
}

/// What came out of the transaction.
enum Round {
    Over(Recovery),
    /// The codes are hashed in another way now.
    Again,
}

/// Passes the second step with a backup code as typed. A try costs one slow hash, whether none
/// or ten codes are live.
///
/// # Errors
/// [`Fault`]: nobody is signed in, no code and no try is spent.
pub async fn recover_with_backup_code(
    services: &Services,
    proof: &PasswordProven,
    typed: &str,
    client: &Client,
) -> Result<Recovery, Fault> {
    let code = code_input::backup_code(typed);
    let user = proof.user();
    for _ in 0..ROUNDS {
        let now = services.clock.now();
        let fallback = services.gate.cost();
        let active = services.keys.active_id();
        let looked = services
            .db
            .read(move |conn| {
                let throttle = attempts::peek(conn, user)?.throttle(now);
                let TwoFactor::On(enabled) = two_factor::state(conn, user)? else { return Ok(None) };
                Ok(Some((throttle, basis(conn, user, &enabled, fallback, &active)?)))
            })
            .await?;
        let Some((throttle, basis)) = looked else { return Ok(Recovery::StageOver) };
        // The throttle comes before the hash (SC-27), and so does anything that is no code.
        let key = match (&code, throttle) {
            (Ok(code), Throttle::Open) => {
                let pepper = services.keys.derive(&basis.key_id, Purpose::BackupCodes)?;
                Some(services.gate.code_key(code, &basis, pepper).await?)
            }
            _ => None,
        };
        let attempt =
            Attempt { act: Act::begin(services, client), proof: proof.clone(), problem: problem(&code), key, basis };
        match services.db.write_unless_refused(move |tx| attempt.settle(tx)).await? {
            Ok(Round::Over(recovery)) => return Ok(recovery),
            Ok(Round::Again) => {}
            Err(over) => return Ok(over),
        }
    }
    Err(Fault::Other("the sheet changed again and again".to_owned()))
}

fn problem(code: &Result<BackupCode, CodeProblem>) -> Option<CodeProblem> {
    code.as_ref().err().copied()
}

/// How codes of the live sheet are hashed; without one, in the way a new sheet would be, so that
/// a guess costs the same.
fn basis(
    conn: &mut AnyConnection,
    user: UserId,
    enabled: &Enabled,
    fallback: HashCost,
    active: &str,
) -> Result<CodeBasis, Fault> {
    let salt = enabled.code_salt;
    Ok(match backup_codes::live(conn, user)? {
        Some(live) => {
            let cost =
                HashCost::new(live.memory_kib, live.passes).map_err(|_| Fault::Corrupt("the cost of a sheet"))?;
            CodeBasis { salt, key_id: live.key_id, cost }
        }
        None => CodeBasis { salt, key_id: active.to_owned(), cost: fallback },
    })
}

struct Attempt {
    act: Act,
    proof: PasswordProven,
    problem: Option<CodeProblem>,
    key: Option<CodeKey>,
    basis: CodeBasis,
}

impl Attempt {
    fn settle(mut self, tx: &mut Tx) -> Result<Result<Round, Recovery>, Fault> {
        let user = self.proof.user();
        let refused = |refusal| Ok(Ok(Round::Over(Recovery::Refused(refusal))));
        let place = Place { user, action: Action::BackupCodeStep, by_owner: false };
        let locked = match enter(tx, &self.act, place)? {
            Ok(locked) => locked,
            Err(refusal) => return refused(refusal),
        };
        let TwoFactor::On(enabled) = two_factor::state(tx, user)? else { return Ok(Err(Recovery::StageOver)) };
        if let Some(problem) = self.problem {
            if problem == CodeProblem::OtherKind {
                fail(tx, &mut self.act, place, &locked, "a security code in place of a backup code", None)?;
            }
            return refused(CodeRefusal::Unreadable(problem));
        }
        let fallback = self.basis.cost;
        let current = basis(tx, user, &enabled, fallback, &self.basis.key_id)?;
        let Some(key) = self.key.take().filter(|_| current == self.basis) else { return Ok(Ok(Round::Again)) };
        let codes = backup_codes::codes_of_set_up(tx, user, enabled.set_up)?;
        match find(&codes, &key, user) {
            Some(row) if !row.void && row.used_at.is_none() => self.spend(tx, row),
            // The form was sent twice: refused, recorded, not counted, for nobody has guessed.
            Some(row) if !row.void && row.used_at.is_some_and(|at| self.act.now < at + DOUBLE_SUBMIT) => {
                self.act.record(tx, place.event(Outcome::Refused, "the same backup code again"))?;
                refused(CodeRefusal::Wrong)
            }
            found => {
                let (why, earlier) = match found {
                    Some(row) if row.void => ("a backup code of an earlier sheet", true),
                    Some(_) => ("an already used backup code", false),
                    None => ("a wrong backup code", false),
                };
                let valid = backup_codes::live(tx, user)?.filter(|_| earlier);
                let valid = valid.map(|sheet| (sheet.number, sheet.sheet_id.to_string()));
                fail(tx, &mut self.act, place, &locked, why, valid)?;
                refused(CodeRefusal::Wrong)
            }
        }
    }

    /// The code, the session, the audit row and the mails: all of it, or nothing (SC-13).
    fn spend(mut self, tx: &mut Tx, row: &CodeRow) -> Result<Result<Round, Recovery>, Fault> {
        let (user, now) = (self.proof.user(), self.act.now);
        if !sessions::end_password_proven(tx, user, self.proof.session(), now)? {
            return Ok(Err(Recovery::StageOver));
        }
        if !backup_codes::spend(tx, user, row.generation, row.number, &self.act.client.device, now)? {
            return Err(Fault::Corrupt("a backup code changed under its lock"));
        }
        let left = backup_codes::left(tx, row.generation)?;
        let session = self.act.raise_session(tx, user, Stage::Complete)?;
        attempts::clear(tx, user)?;
        users::signed_in(tx, user, now)?;
        remember_network(tx, self.proof.email().as_str(), &self.act.client, now)?;
        let sheet = backup_codes::live(tx, user)?.ok_or(Fault::Corrupt("a sheet is gone under its lock"))?;
        let (sheet_number, sheet_id) = (sheet.number, sheet.sheet_id.to_string());
        let owner = users::get(tx, user)?;
        let by = self.act.circumstances();
        let used = Message::BackupCodeUsed { by, number: row.number, left, sheet_number, sheet_id: sheet_id.clone() };
        self.act.mail(tx, &owner, used)?;
        if left <= LOW {
            self.act.mail(tx, &owner, Message::BackupCodesLow { left, sheet_number, sheet_id })?;
        }
        end_release_request::close(tx, &mut self.act, user)?;
        let event = Event::own(user, Action::BackupCodeStep, Outcome::Done);
        self.act.record(tx, event.detail(format!("code {} of sheet {}, {left} left", row.number, sheet_number)))?;
        Ok(Ok(Round::Over(Recovery::Recovered { session, number: row.number, left })))
    }
}

/// The row the code belongs to. Every row is compared, whatever the earlier ones gave, so that
/// the time says nothing (SC-11).
fn find<'a>(codes: &'a [CodeRow], key: &CodeKey, user: UserId) -> Option<&'a CodeRow> {
    codes.iter().fold(None, |found, row| {
        let matches = key.matches(&row.tag, user, row.generation, row.number);
        // The newest sheet comes first and wins.
        if matches && found.is_none() { Some(row) } else { found }
    })
}
