//! A backup code as typed, and its place on a sheet: what signing in with a code and checking one
//! have in common. The slow hash is made before the transaction and behind the throttle (SC-27);
//! the place is found inside it, in the same work whatever the code is (SC-11).

use super::Services;
use super::act::Act;
use super::second_factor::{CodeRefusal, Place, fail};
use crate::crypto::hashing::{CodeBasis, CodeKey, HashCost};
use crate::crypto::keys::Purpose;
use crate::domain::attempts::Throttle;
use crate::domain::audit::Outcome;
use crate::domain::ids::UserId;
use crate::domain::time::Seconds;
use crate::domain::two_factor::Enabled;
use crate::domain::two_factor::backup_code::BackupCode;
use crate::domain::two_factor::code_input::CodeProblem;
use crate::domain::two_factor::sheet::SheetId;
use crate::fault::Fault;
use crate::store::attempts::Locked;
use crate::store::backup_codes::{self, CodeRow, Generation};
use crate::store::{Tx, two_factor};

/// A sheet that is hashed in another way may come between the slow hash and the transaction; then
/// the hash is made again.
pub(super) const ROUNDS: usize = 3;
/// For how long a code that was just used is taken for a form sent twice.
const DOUBLE_SUBMIT: Seconds = Seconds::minutes(1);

/// What the account says before anything is hashed.
pub(super) struct Outlook {
    throttle: Throttle,
    basis: CodeBasis,
}

/// Looks at the account; nothing when two-factor authentication is off.
pub(super) async fn look(services: &Services, user: UserId) -> Result<Option<Outlook>, Fault> {
    let (now, fallback, active) = (services.clock.now(), services.gate.cost(), services.keys.active_id());
    services
        .db
        .read(move |conn| {
            let Some((attempts, enabled, live)) = two_factor::peek(conn, user)? else { return Ok(None) };
            Ok(Some(Outlook {
                throttle: attempts.throttle(now),
                basis: basis(live.as_ref(), &enabled, fallback, &active)?,
            }))
        })
        .await
}

impl Outlook {
    /// Whether a code would be looked at now.
    pub fn is_open(&self) -> bool {
        self.throttle == Throttle::Open
    }

    /// Makes the one slow hash of a try: not while the account has to wait, and not for what is no
    /// code.
    pub async fn hash(
        self,
        services: &Services,
        code: &Result<BackupCode, CodeProblem>,
    ) -> Result<TypedBackupCode, Fault> {
        let key = match code {
            Ok(code) if self.is_open() => {
                let pepper = services.keys.derive(&self.basis.key_id, Purpose::BackupCodes)?;
                Some(services.gate.code_key(code, &self.basis, pepper).await?)
            }
            _ => None,
        };
        Ok(TypedBackupCode { key, ..self.unhashed(code) })
    }

    /// The same without the hash, for a try that is refused for another reason.
    pub fn unhashed(self, code: &Result<BackupCode, CodeProblem>) -> TypedBackupCode {
        TypedBackupCode { problem: code.as_ref().err().copied(), key: None, basis: self.basis }
    }
}

/// How codes of the live sheet are hashed; without one, in the way a new sheet would be, so that
/// a guess costs the same.
fn basis(live: Option<&Generation>, enabled: &Enabled, fallback: HashCost, active: &str) -> Result<CodeBasis, Fault> {
    let salt = enabled.code_salt;
    Ok(match live {
        Some(live) => {
            let cost =
                HashCost::stored(live.memory_kib, live.passes).map_err(|_| Fault::Corrupt("the cost of a sheet"))?;
            CodeBasis { salt, key_id: live.key_id.clone(), cost }
        }
        None => CodeBasis { salt, key_id: active.to_owned(), cost: fallback },
    })
}

/// A code as typed, on its way into a transaction.
pub(super) struct TypedBackupCode {
    problem: Option<CodeProblem>,
    key: Option<CodeKey>,
    basis: CodeBasis,
}

/// Where a code stands.
pub(super) enum Standing {
    /// On the sheet that counts, and good for a sign-in; so are so many beside it.
    Unused { row: CodeRow, beside: u8 },
    /// On the sheet that counts, and spent.
    Used(CodeRow),
    /// On an earlier sheet of this set-up, used or not.
    Earlier,
    /// On none of them.
    Nowhere,
}

impl TypedBackupCode {
    /// What was typed is no backup code. A security code in its place counts as one failure.
    pub fn unreadable(
        &self,
        tx: &mut Tx,
        act: &mut Act,
        place: Place,
        locked: &Locked,
    ) -> Result<Option<CodeRefusal>, Fault> {
        if self.problem == Some(CodeProblem::OtherKind) {
            fail(tx, act, place, locked, "a security code in place of a backup code", None)?;
        }
        Ok(self.problem.map(CodeRefusal::Unreadable))
    }

    /// Whether a code has to be hashed again: it was not, or codes are hashed in another way now, `live` being
    /// the sheet that counts.
    pub fn is_outdated(&self, live: Option<&Generation>, enabled: &Enabled) -> Result<bool, Fault> {
        let current = basis(live, enabled, self.basis.cost, &self.basis.key_id)?;
        Ok(self.problem.is_none() && (self.key.is_none() || current != self.basis))
    }

    /// Where the code stands. Every row is compared, whatever the earlier ones gave, so that the
    /// time says nothing (SC-11).
    pub fn standing(&self, tx: &mut Tx, user: UserId, enabled: &Enabled) -> Result<Standing, Fault> {
        let codes = backup_codes::codes_of_set_up(tx, user, enabled.set_up)?;
        let unused = codes.iter().filter(|row| !row.void && row.used_at.is_none()).count();
        let key = self.key.as_ref().ok_or(Fault::Crypto("a code was not hashed"))?;
        let found = codes.into_iter().fold(None, |found, row| {
            let matches = key.matches(&row.tag, user, row.generation, row.number);
            // The newest sheet comes first and wins.
            if matches && found.is_none() { Some(row) } else { found }
        });
        Ok(match found {
            Some(row) if row.void => Standing::Earlier,
            Some(row) if row.used_at.is_some() => Standing::Used(row),
            Some(row) => {
                Standing::Unused { row, beside: u8::try_from(unused - 1).map_err(|_| Fault::Corrupt("a sheet"))? }
            }
            None => Standing::Nowhere,
        })
    }
}

/// Refuses a code that opens nothing, the same at every place: counted, recorded, and told to the
/// owner when it is time. `valid` names the sheet that counts, if any does.
pub(super) fn refuse(
    tx: &mut Tx,
    act: &mut Act,
    place: Place,
    locked: &Locked,
    standing: &Standing,
    valid: Option<(u32, &SheetId)>,
) -> Result<(), Fault> {
    let (why, earlier) = match standing {
        // The form was sent twice: refused, recorded, not counted, for nobody has guessed.
        Standing::Used(row) if row.used_at.is_some_and(|at| act.now < at + DOUBLE_SUBMIT) => {
            return act.record(tx, place.event(Outcome::Refused, "the same backup code again"));
        }
        Standing::Earlier => ("a backup code of an earlier sheet", true),
        Standing::Used(_) => ("an already used backup code", false),
        Standing::Unused { .. } | Standing::Nowhere => ("a wrong backup code", false),
    };
    let valid = valid.filter(|_| earlier).map(|(number, id)| (number, id.to_string()));
    fail(tx, act, place, locked, why, valid)
}
