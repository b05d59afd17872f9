//! The second step of signing in without the phone, with a backup code from the sheet.

use super::Services;
use super::access::PasswordProven;
use super::act::Act;
use super::end_release_request;
use super::password_proof::remember_network;
use super::request_release;
use super::second_factor::{CodeRefusal, Place, enter};
use super::typed_backup_code::{self, ROUNDS, Standing, TypedBackupCode};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::message::Message;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::backup_code::LOW;
use crate::domain::two_factor::code_input;
use crate::fault::Fault;
use crate::store::attempts::{self, Locked};
use crate::store::backup_codes::{self, CodeRow, Generation};
use crate::store::{Tx, two_factor};

/// How the recovery ends.
#[derive(Debug)]
pub enum Recovery {
    /// A complete session. Which code it was, the two-factor tab says for as long as it lasts.
    Recovered(SessionKey),
    /// With what its page says of the other way in.
    Refused(CodeRefusal, request_release::Standing),
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
    for _ in 0..ROUNDS {
        let Some(outlook) = typed_backup_code::look(services, proof.user()).await? else {
            return Ok(Recovery::StageOver);
        };
        let code = outlook.hash(services, &code).await?;
        let attempt = Attempt { act: Act::begin(services, client), proof: proof.clone(), code };
        match services.db.write_unless_refused(move |tx| attempt.settle(tx)).await? {
            Ok(Round::Over(recovery)) => return Ok(recovery),
            Ok(Round::Again) => {}
            Err(over) => return Ok(over),
        }
    }
    Err(Fault::Other("the sheet changed again and again".to_owned()))
}

struct Attempt {
    act: Act,
    proof: PasswordProven,
    code: TypedBackupCode,
}

impl Attempt {
    fn settle(mut self, tx: &mut Tx) -> Result<Result<Round, Recovery>, Fault> {
        let (user, now) = (self.proof.user(), self.act.now);
        let other_way = |tx: &mut Tx| request_release::standing_of(tx, user, now);
        let refused = |refusal, other_way| Ok(Ok(Round::Over(Recovery::Refused(refusal, other_way))));
        let place = Place { user, action: Action::BackupCodeStep, by_owner: false };
        let locked = match enter(tx, &self.act, place)? {
            Ok(locked) => locked,
            Err(refusal) => return refused(refusal, other_way(tx)?),
        };
        let Some((enabled, live)) = two_factor::with_live_sheet(tx, user)? else {
            return Ok(Err(Recovery::StageOver));
        };
        if let Some(unreadable) = self.code.unreadable(tx, &mut self.act, place, &locked)? {
            return refused(unreadable, other_way(tx)?);
        }
        if self.code.is_outdated(live.as_ref(), &enabled)? {
            return Ok(Ok(Round::Again));
        }
        match self.code.standing(tx, user, &enabled)? {
            Standing::Unused { row, beside } => {
                let sheet = live.ok_or(Fault::Corrupt("a sheet is gone under its lock"))?;
                self.spend(tx, &locked, &row, sheet, beside)
            }
            standing => {
                // Before the refusal, whose record holds the end of the trail.
                let other_way = other_way(tx)?;
                let valid = live.as_ref().map(|sheet| (sheet.number, &sheet.sheet_id));
                typed_backup_code::refuse(tx, &mut self.act, place, &locked, &standing, valid)?;
                refused(CodeRefusal::Wrong, other_way)
            }
        }
    }

    /// The code, the session, the audit row and the mails: all of it, or nothing (SC-13). `left` codes of the
    /// sheet stay.
    fn spend(
        mut self,
        tx: &mut Tx,
        locked: &Locked,
        row: &CodeRow,
        sheet: Generation,
        left: u8,
    ) -> Result<Result<Round, Recovery>, Fault> {
        let (user, now) = (self.proof.user(), self.act.now);
        let Some(key) = self.act.complete_session(tx, &self.proof)? else { return Ok(Err(Recovery::StageOver)) };
        let place = (row.generation, row.number);
        let owner = backup_codes::spend(tx, user, place, self.proof.session(), &self.act.client.device, now)?;
        let owner = owner.ok_or(Fault::Corrupt("a backup code changed under its lock"))?;
        attempts::clear_held(tx, locked)?;
        remember_network(tx, self.proof.email().as_str(), &self.act.client, now)?;
        let (sheet_number, sheet_id) = (sheet.number, sheet.sheet_id.to_string());
        let by = self.act.circumstances();
        let used = Message::BackupCodeUsed { by, number: row.number, left, sheet_number, sheet_id: sheet_id.clone() };
        self.act.mail(tx, &owner, used)?;
        if left <= LOW {
            self.act.mail(tx, &owner, Message::BackupCodesLow { left, sheet_number, sheet_id })?;
        }
        end_release_request::close(tx, &mut self.act, user)?;
        let event = Event::own(user, Action::BackupCodeStep, Outcome::Done);
        self.act.record(tx, event.detail(format!("code {} of sheet {}, {left} left", row.number, sheet_number)))?;
        Ok(Ok(Round::Over(Recovery::Recovered(key))))
    }
}
