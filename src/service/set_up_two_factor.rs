//! Switching two-factor authentication on, or moving it to another authenticator: begin with the
//! password, confirm with the first code, or cancel and leave nothing.

use zeroize::Zeroizing;

use super::access::SignedIn;
use super::act::{self, Act};
use super::password_proof::{self, Settled};
use super::reset_password::ALL_LINKS;
use super::second_factor::{CodeRefusal, Place, check_security_code};
use super::{Services, end_release_request, extend_set_up, issue};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::SetUpId;
use crate::domain::message::Message;
use crate::domain::password::Password;
use crate::domain::plan::Plan;
use crate::domain::time::{Seconds, Timestamp};
use crate::domain::token::SessionKey;
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::domain::two_factor::totp::TotpKey;
use crate::domain::two_factor::{Enabled, TwoFactor, code_input};
use crate::fault::Fault;
use crate::store::two_factor::Pending;
use crate::store::{backup_codes, links, offices, sessions, two_factor, users};

/// How long a set-up waits for its first code.
const PENDING: Seconds = Seconds::minutes(30);
/// The name authenticators show above the codes.
const ISSUER: &str = "Hikae";

/// How the beginning ends.
#[derive(Debug)]
pub enum StartSetUp {
    /// With a new key for the session.
    Started(SessionKey),
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
    /// Two-factor authentication is on: whoever moves it to another authenticator proves to hold
    /// the present one. A session and the password are not enough, and a backup code gives a
    /// session and nothing else.
    CodeNeeded(CodeRefusal),
}

/// Begins a set-up with a new key, in place of an earlier one that was never confirmed.
///
/// # Errors
/// [`Fault`]: nothing has begun.
pub async fn start(
    services: &Services,
    me: &SignedIn,
    password: Password,
    current_code: Option<&str>,
    client: &Client,
) -> Result<StartSetUp, Fault> {
    let user = me.user();
    let hash = services.db.read(move |conn| Ok(users::get(conn, user)?.password_hash)).await?;
    let proof = password_proof::prove(services, me.email().as_str(), Some(hash), password, client).await?;
    let code = code_input::security_code(current_code.unwrap_or_default());
    let (session, my) = (me.session(), me.clone());
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let event = |outcome| Event::own(user, Action::SetUpStarted, outcome);
            match proof.settle(tx, &act, Some(user), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(StartSetUp::WrongPassword),
                Settled::Wait(until) => return Ok(StartSetUp::Wait(until)),
            }
            if let TwoFactor::On(enabled) = two_factor::state(tx, user)? {
                let place = Place { user, action: Action::SetUpStarted, by_owner: true };
                let checked = check_security_code(tx, &mut act, place, (enabled.set_up, &enabled.sealed_key), &code)?;
                if let Err(refusal) = checked {
                    return Ok(StartSetUp::CodeNeeded(refusal));
                }
            }
            let set_up = SetUpId::random(&mut act.random);
            let key = TotpKey::random(&mut act.random);
            let sealed_key = act.seal_key(user, set_up, &key)?;
            let expires_at = act.now + PENDING;
            let extendable_until = expires_at + extend_set_up::IN_ALL;
            let pending = Pending { set_up, session, sealed_key, expires_at, extendable_until };
            two_factor::begin(tx, user, &pending)?;
            let key = act.renew_session(tx, session)?;
            act.record(tx, Event::own(user, Action::SetUpStarted, Outcome::Done))?;
            Ok(StartSetUp::Started(key))
        })
        .await
}

/// The pending set-up, for the page with the QR code. The key leaves in this and nowhere else.
pub struct PendingSetUp {
    pub otpauth_url: Zeroizing<String>,
    /// The key as base32 text in groups of four.
    pub key_text: Zeroizing<String>,
    pub expires_at: Timestamp,
    /// Whether more time can be had.
    pub is_extendable: bool,
    /// Whether some office's plan issues codes when the set-up completes.
    pub issues_codes: bool,
    /// Whether it takes the place of an authenticator that works now.
    pub replaces: bool,
}

/// The pending set-up of this very session.
///
/// # Errors
/// [`Fault`] of database or keys.
pub async fn pending(services: &Services, me: &SignedIn) -> Result<Option<PendingSetUp>, Fault> {
    let (user, session, now) = (me.user(), me.session(), services.clock.now());
    let found = services
        .db
        .read(move |conn| {
            let pending = two_factor::pending(conn, user, now)?.filter(|pending| pending.session == session);
            Ok((pending, two_factor::state(conn, user)?.is_on()))
        })
        .await?;
    let (Some(pending), replaces) = found else { return Ok(None) };
    let key = act::open_key(&services.keys, user, pending.set_up, &pending.sealed_key)?;
    let otpauth_url = key
        .otpauth_url(ISSUER, me.email().as_str())
        .map_err(|_| Fault::Other("no address for the QR code".to_owned()))?;
    Ok(Some(PendingSetUp {
        otpauth_url,
        key_text: Zeroizing::new(key.as_text()),
        expires_at: pending.expires_at,
        is_extendable: pending.is_extendable(),
        issues_codes: Plan::any_issues_backup_codes(me.offices().iter().map(|office| office.plan)),
        replaces,
    }))
}

/// How the confirmation ends.
#[derive(Debug)]
pub enum ConfirmSetUp {
    /// On, with the first sheet, or without one when no office's plan issues codes; and a new key for
    /// the session.
    Confirmed(Option<IssuedSheet>, SessionKey),
    Refused(CodeRefusal),
    /// No set-up of this session waits: cancelled, expired, confirmed already, or begun anew.
    NothingPending,
}

/// Confirms the pending set-up with its first code, and issues the first sheet.
///
/// The code is checked and its step accepted first; then ten codes are hashed; then all is
/// switched in one transaction. A fault in between leaves everything as it was, and the next code
/// confirms.
///
/// # Errors
/// [`Fault`]: the former state stands.
pub async fn confirm(services: &Services, me: &SignedIn, typed: &str, client: &Client) -> Result<ConfirmSetUp, Fault> {
    let code = code_input::security_code(typed);
    let (user, session) = (me.user(), me.session());
    let (my, me) = (me.clone(), me.clone());
    let mut act = Act::begin(services, client);
    let mut checker = act.clone();
    let checked = services
        .db
        .write(move |tx| {
            my.hold(tx, checker.now)?;
            let pending = two_factor::pending(tx, user, checker.now)?.filter(|pending| pending.session == session);
            let Some(pending) = pending else { return Ok(Err(ConfirmSetUp::NothingPending)) };
            let place = Place { user, action: Action::SetUpConfirmed, by_owner: true };
            let key = (pending.set_up, &pending.sealed_key);
            match check_security_code(tx, &mut checker, place, key, &code)? {
                Ok(()) => Ok(Ok((pending, offices::of_user(tx, user)?))),
                Err(refusal) => Ok(Err(ConfirmSetUp::Refused(refusal))),
            }
        })
        .await?;
    let (pending, offices) = match checked {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal),
    };
    let code_salt = act.random.bytes();
    let prepared = if Plan::any_issues_backup_codes(offices.iter().map(|office| office.plan)) {
        Some(issue::prepare(services, code_salt).await?)
    } else {
        None
    };
    services
        .db
        .write(move |tx| {
            me.hold(tx, act.now)?;
            let unchanged = two_factor::pending(tx, user, act.now)?.is_some_and(|now| now.set_up == pending.set_up);
            if !unchanged || !two_factor::forget_pending(tx, user)? {
                return Ok(ConfirmSetUp::NothingPending);
            }
            backup_codes::forget_codes(tx, user, act.now)?;
            let enabled =
                Enabled { set_up: pending.set_up, sealed_key: pending.sealed_key, code_salt, enabled_at: act.now };
            two_factor::enable(tx, user, &enabled)?;
            let sheet = prepared.map(|codes| issue::write(tx, &mut act, user, pending.set_up, codes)).transpose()?;
            // Sessions that never passed the new factor end (SC-34), and so do all links of before, whoever
            // asked for them (SC-53).
            sessions::end_all(tx, user, Some(session))?;
            links::end(tx, user, &ALL_LINKS, act.now)?;
            let key = act.renew_session(tx, session)?;
            end_release_request::close(tx, &mut act, user)?;
            let owner = users::get(tx, user)?;
            let by = act.circumstances();
            act.mail(tx, &owner, Message::TwoFactorEnabled { by: by.clone() })?;
            if let Some(sheet) = &sheet {
                let (number, sheet_id) = (sheet.number, sheet.id.to_string());
                act.mail(tx, &owner, Message::BackupCodesIssued { by, number, sheet_id, reissued: false })?;
            }
            act.record(tx, Event::own(user, Action::SetUpConfirmed, Outcome::Done))?;
            if let Some(sheet) = &sheet {
                let event = Event::own(user, Action::CodesIssued, Outcome::Done);
                act.record(tx, event.detail(format!("sheet {} {}", sheet.number, sheet.id)))?;
            }
            Ok(ConfirmSetUp::Confirmed(sheet, key))
        })
        .await
}

/// Cancels the pending set-up; its key is dead (SC-07).
///
/// # Errors
/// [`Fault`] of the database.
pub async fn cancel(services: &Services, me: &SignedIn, client: &Client) -> Result<(), Fault> {
    let (user, my) = (me.user(), me.clone());
    let act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            if two_factor::forget_pending(tx, user)? {
                act.record(tx, Event::own(user, Action::SetUpCancelled, Outcome::Done))?;
            }
            Ok(())
        })
        .await
}
