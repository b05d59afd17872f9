//! Issuing a new sheet in place of the earlier one, or the first one of a member who has had
//! two-factor authentication since before sheets existed.

use super::access::SignedIn;
use super::act::Act;
use super::second_factor::{CodeRefusal, Place, check_security_code};
use super::{Services, issue};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::UserId;
use crate::domain::message::Message;
use crate::domain::plan::Plan;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::domain::two_factor::{Enabled, TwoFactor, code_input};
use crate::fault::Fault;
use crate::store::{AnyConnection, offices, sessions, two_factor, users};

/// How a reissue ends.
#[derive(Debug)]
pub enum Reissue {
    /// With a new key for the session.
    Issued(IssuedSheet, SessionKey),
    Refused(CodeRefusal),
    /// Two-factor authentication is off.
    NotOn,
    /// No office's plan issues codes.
    NoPlan,
}

fn may_issue(conn: &mut AnyConnection, user: UserId) -> Result<Result<Enabled, Reissue>, Fault> {
    let TwoFactor::On(enabled) = two_factor::state(conn, user)? else { return Ok(Err(Reissue::NotOn)) };
    let offices = offices::of_user(conn, user)?;
    let plans = Plan::any_issues_backup_codes(offices.iter().map(|office| office.plan));
    Ok(if plans { Ok(enabled) } else { Err(Reissue::NoPlan) })
}

/// Issues a new sheet against a security code of the authenticator; a backup code does not serve.
/// Whatever goes wrong after the code was accepted leaves the earlier sheet whole.
///
/// # Errors
/// [`Fault`]: the earlier sheet stands.
pub async fn reissue(services: &Services, me: &SignedIn, typed: &str, client: &Client) -> Result<Reissue, Fault> {
    let code = code_input::security_code(typed);
    let (user, session) = (me.user(), me.session());
    let (my, me) = (me.clone(), me.clone());
    let mut act = Act::begin(services, client);
    let mut checker = act.clone();
    let checked = services
        .db
        .write(move |tx| {
            my.hold(tx, checker.now)?;
            let enabled = match may_issue(tx, user)? {
                Ok(enabled) => enabled,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let place = Place { user, action: Action::CodesReissued, by_owner: true };
            let key = (enabled.set_up, &enabled.sealed_key);
            match check_security_code(tx, &mut checker, place, key, &code)? {
                Ok(()) => Ok(Ok(enabled)),
                Err(refusal) => Ok(Err(Reissue::Refused(refusal))),
            }
        })
        .await?;
    let enabled = match checked {
        Ok(enabled) => enabled,
        Err(refusal) => return Ok(refusal),
    };
    let prepared = issue::prepare(services, enabled.code_salt).await?;
    services
        .db
        .write(move |tx| {
            me.hold(tx, act.now)?;
            match may_issue(tx, user)? {
                Ok(now) if now.set_up == enabled.set_up => {}
                Ok(_) => return Ok(Reissue::NotOn),
                Err(refusal) => return Ok(refusal),
            }
            let sheet = issue::write(tx, &mut act, user, enabled.set_up, prepared)?;
            sessions::end_all(tx, user, Some(session))?;
            let owner = users::get(tx, user)?;
            let (number, sheet_id) = (sheet.number, sheet.id.to_string());
            let (by, reissued) = (act.circumstances(), number > 1);
            act.mail(tx, &owner, Message::BackupCodesIssued { by, number, sheet_id, reissued })?;
            let key = act.renew_session(tx, session)?;
            let event = Event::own(user, Action::CodesReissued, Outcome::Done);
            act.record(tx, event.detail(format!("sheet {} {}", sheet.number, sheet.id)))?;
            Ok(Reissue::Issued(sheet, key))
        })
        .await
}
