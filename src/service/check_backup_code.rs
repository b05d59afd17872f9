//! 保管チェック: a signed-in member learns whether the paper at hand is the sheet that counts, and
//! whether one of its codes is unused, without using it up.
//!
//! It tells more than a sign-in does, so it asks for the own password (SC-36) and is one more place
//! where codes are guessed: the same throttle, hash and counter (SC-25, SC-27). It opens nothing and
//! clears nothing (SC-24).

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use super::password_proof::{self, Proof, Settled};
use super::second_factor::{CodeRefusal, Place, enter};
use super::typed_backup_code::{self, ROUNDS, Standing, TypedBackupCode};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::sheet::{SheetState, UsedCode};
use crate::domain::two_factor::{TwoFactor, code_input};
use crate::fault::Fault;
use crate::store::{Tx, backup_codes, two_factor, users};

/// What the check says.
#[derive(Debug, PartialEq, Eq)]
pub enum Check {
    /// The sheet counts, and this number on it still signs in.
    Unused {
        sheet: SheetState,
        number: u8,
    },
    /// The sheet counts, and this code of it is spent.
    Used {
        sheet: SheetState,
        code: UsedCode,
    },
    /// An earlier sheet; the one given is the one that counts.
    Earlier {
        valid: SheetState,
    },
    /// On none of the sheets that are still known.
    Unknown {
        valid: SheetState,
    },
    /// Not looked at.
    Refused(CodeRefusal),
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    PasswordWait(Timestamp),
    /// Two-factor authentication is off.
    NotOn,
    /// No sheet counts: not issued yet, or all voided.
    NoSheet,
}

/// What came out of the transaction.
enum Round {
    /// With a new key for the session where the password was proven.
    Over(Check, Option<SessionKey>),
    /// Something is still to be hashed, with the password's proof if there is one.
    Again(Option<Proof>),
}

/// Checks a code as typed against the own password. It costs the password's hash and, where that is
/// right, one slow hash, whatever the code is. Says with it the session's new key, once the password was
/// right (SC-30).
///
/// # Errors
/// [`Fault`]: no try is spent.
pub async fn check_backup_code(
    services: &Services,
    me: &SignedIn,
    password: Password,
    typed: &str,
    client: &Client,
) -> Result<(Check, Option<SessionKey>), Fault> {
    let code = code_input::backup_code(typed);
    let (user, account) = (me.user(), me.email().as_str());
    let (mut password, mut proof) = (Some(password), None);
    for _ in 0..ROUNDS {
        let Some(outlook) = typed_backup_code::look(services, user).await? else { return Ok((Check::NotOn, None)) };
        // The throttle of codes comes before both hashes.
        if outlook.is_open()
            && let Some(password) = password.take()
        {
            let hash = services.db.read(move |conn| Ok(users::get(conn, user)?.password_hash)).await?;
            proof = Some(password_proof::prove(services, account, Some(hash), password, client).await?);
        }
        let code = match &proof {
            Some(proof) if proof.is_right() => outlook.hash(services, &code).await?,
            _ => outlook.unhashed(&code),
        };
        let attempt = Attempt { act: Act::begin(services, client), me: me.clone(), proof, code };
        match services.db.write(move |tx| attempt.settle(tx)).await? {
            Round::Over(check, key) => return Ok((check, key)),
            Round::Again(proven) => proof = proven,
        }
    }
    Err(Fault::Other("the sheet changed again and again".to_owned()))
}

struct Attempt {
    act: Act,
    me: SignedIn,
    proof: Option<Proof>,
    code: TypedBackupCode,
}

impl Attempt {
    fn settle(mut self, tx: &mut Tx) -> Result<Round, Fault> {
        let user = self.me.user();
        let over = |check| Ok(Round::Over(check, None));
        self.me.hold(tx, self.act.now)?;
        let place = Place { user, action: Action::BackupCodeChecked, by_owner: true };
        let locked = match enter(tx, &self.act, place)? {
            Ok(locked) => locked,
            Err(refusal) => return over(Check::Refused(refusal)),
        };
        let TwoFactor::On(enabled) = two_factor::state(tx, user)? else { return over(Check::NotOn) };
        let Some(sheet) = backup_codes::sheet(tx, user)? else { return over(Check::NoSheet) };
        let Some(proof) = self.proof.take() else { return Ok(Round::Again(None)) };
        // Before the password is settled, for that happens once.
        let live = backup_codes::live(tx, user)?;
        if proof.is_right() && self.code.is_outdated(live.as_ref(), &enabled)? {
            return Ok(Round::Again(Some(proof)));
        }
        let event = |outcome| Event::own(user, Action::BackupCodeChecked, outcome);
        match proof.settle(tx, &self.act, Some(user), event)? {
            Settled::Right => {}
            Settled::Wrong => return over(Check::WrongPassword),
            Settled::Wait(until) => return over(Check::PasswordWait(until)),
        }
        let key = self.act.renew_session(tx, self.me.session())?;
        let over = |check| Ok(Round::Over(check, Some(key)));
        if let Some(unreadable) = self.code.unreadable(tx, &mut self.act, place, &locked)? {
            return over(Check::Refused(unreadable));
        }
        let standing = self.code.standing(tx, user, &enabled)?;
        if let Standing::Unused { row, .. } = &standing {
            let found = format!("code {} of sheet {}, unused", row.number, sheet.number);
            self.act.record(tx, event(Outcome::Done).detail(found))?;
            return over(Check::Unused { sheet, number: row.number });
        }
        // A used code counts as it does at the sign-in: it opens nothing, and whoever holds a paper
        // of spent codes beside the password is not to try them out without being noticed.
        typed_backup_code::refuse(tx, &mut self.act, place, &locked, &standing, Some((sheet.number, &sheet.id)))?;
        over(match standing {
            Standing::Used(row) => {
                let used = sheet.used.iter().find(|code| code.number == row.number).cloned();
                let code = used.ok_or(Fault::Corrupt("a used backup code"))?;
                Check::Used { sheet, code }
            }
            Standing::Earlier => Check::Earlier { valid: sheet },
            Standing::Unused { .. } | Standing::Nowhere => Check::Unknown { valid: sheet },
        })
    }
}
