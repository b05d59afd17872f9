//! 方法B, the administrator's part: an administrator of the office, with the own second factor,
//! approves or declines a member's request (SC-57, SC-59).

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::end_release_request::{tell_approved, tell_end};
use super::release_own_two_factor::release_in;
use super::release_requests::{RequestView, found, view};
use super::second_factor::{CodeRefusal, Place, check_security_code};
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::ids::ReleaseRequestId;
use crate::domain::message::{ReleasedBy, RequestEnd};
use crate::domain::token::SessionKey;
use crate::domain::two_factor::release_request::{InvalidNote, Note, RequestState};
use crate::domain::two_factor::{TwoFactor, code_input};
use crate::fault::Fault;
use crate::store::release_requests::{self, Decision, ReleaseRequest};
use crate::store::{Tx, two_factor};

/// How a decision ends.
#[derive(Debug)]
pub enum Decide {
    /// With a new key for the administrator's session.
    Approved(SessionKey),
    Declined,
    /// None of this office's, or the role is gone: 404.
    NotFound,
    /// It has ended already; the view says how and by whom.
    Over(Box<RequestView>),
    /// Nobody decides about the own request.
    Own,
    /// The administrator has no second factor, and needs one to give somebody else's away.
    NoSecondFactor,
    Note(InvalidNote),
    Code(CodeRefusal),
}

/// Approves: the member's two-factor authentication is switched off.
///
/// # Errors
/// [`Fault`]: nothing is released.
pub async fn approve(
    services: &Services,
    admin: &OfficeAdmin,
    id: ReleaseRequestId,
    note: &str,
    typed: &str,
    client: &Client,
) -> Result<Decide, Fault> {
    let note = match Note::parse(note) {
        Ok(note) => note,
        Err(invalid) => return Ok(Decide::Note(invalid)),
    };
    let code = code_input::security_code(typed);
    let (admin, me) = (admin.clone(), admin.user());
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let request = match open_request(tx, &act, &admin, id)? {
                Ok(request) => request,
                Err(refusal) => return Ok(refusal),
            };
            let TwoFactor::On(mine) = two_factor::state(tx, me)? else { return Ok(Decide::NoSecondFactor) };
            let place = Place { user: me, action: Action::ReleaseRequestApproved, by_owner: true };
            if let Err(refusal) = check_security_code(tx, &mut act, place, (mine.set_up, &mine.sealed_key), &code)? {
                return Ok(Decide::Code(refusal));
            }
            let decision = Decision { by: me, note: Some(&note) };
            if !release_requests::end(tx, id, RequestState::Approved, Some(&decision), act.now)? {
                return Err(Fault::Corrupt("a release request changed under its lock"));
            }
            let released_by = ReleasedBy::Administrator {
                name: admin.me().name().to_owned(),
                office: admin.office_name().to_owned(),
            };
            let key = act.renew_session(tx, admin.me().session())?;
            release_in(tx, &mut act, request.user, released_by)?;
            tell_approved(tx, &mut act, &request, &admin)?;
            record(tx, &act, &admin, &request, Action::ReleaseRequestApproved, note.as_str())?;
            Ok(Decide::Approved(key))
        })
        .await
}

/// Declines: everything stays as it is, and the member is told.
///
/// # Errors
/// [`Fault`]: the request stays open.
pub async fn decline(
    services: &Services,
    admin: &OfficeAdmin,
    id: ReleaseRequestId,
    note: &str,
    client: &Client,
) -> Result<Decide, Fault> {
    let note = match Note::parse(note) {
        Ok(note) => Some(note),
        Err(InvalidNote::Empty) => None,
        Err(InvalidNote::TooLong) => return Ok(Decide::Note(InvalidNote::TooLong)),
    };
    let (admin, me) = (admin.clone(), admin.user());
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let request = match open_request(tx, &act, &admin, id)? {
                Ok(request) => request,
                Err(refusal) => return Ok(refusal),
            };
            let decision = Decision { by: me, note: note.as_ref() };
            if !release_requests::end(tx, id, RequestState::Declined, Some(&decision), act.now)? {
                return Err(Fault::Corrupt("a release request changed under its lock"));
            }
            tell_end(tx, &mut act, &request, RequestEnd::Declined, Some(&admin))?;
            record(tx, &act, &admin, &request, Action::ReleaseRequestDeclined, note.as_ref().map_or("", Note::as_str))?;
            Ok(Decide::Declined)
        })
        .await
}

fn record(
    tx: &mut Tx,
    act: &Act,
    admin: &OfficeAdmin,
    request: &ReleaseRequest,
    action: Action,
    note: &str,
) -> Result<(), Fault> {
    let event = Event::by_administrator(admin.user(), admin.office(), Some(request.user), action);
    act.record(tx, event.detail(note))
}

/// The open request with everything an administrator needs to decide it, read at this moment and
/// held for this transaction (SC-57, SC-59).
fn open_request(
    tx: &mut Tx,
    act: &Act,
    admin: &OfficeAdmin,
    id: ReleaseRequestId,
) -> Result<Result<ReleaseRequest, Decide>, Fault> {
    let Some(request) = found(tx, admin.office(), id)? else { return Ok(Err(Decide::NotFound)) };
    admin.hold(tx, &[request.user], act.now)?;
    let Some(request) = found(tx, admin.office(), id)? else { return Ok(Err(Decide::NotFound)) };
    if request.user == admin.user() {
        return Ok(Err(Decide::Own));
    }
    if request.state != RequestState::Open || request.is_over(act.now) {
        return Ok(Err(Decide::Over(Box::new(view(tx, &request, admin, act.now)?))));
    }
    match two_factor::state(tx, request.user)? {
        TwoFactor::On(enabled) if enabled.set_up == request.set_up => Ok(Ok(request)),
        // Every set-up and release closes the request in its own transaction.
        TwoFactor::On(_) | TwoFactor::Off => Err(Fault::Corrupt("an open request of another set-up")),
    }
}
