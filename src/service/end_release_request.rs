//! How a request to release ends without a decision: the member cancels it, gets in after all,
//! leaves the offices that were asked, or nobody decides in time. Everybody concerned is told.

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::housekeeping::pass_over;
use super::request_release::others_to_ask;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::link::{LinkPurpose, LinkToken};
use crate::domain::message::{Message, RequestEnd};
use crate::domain::time::Timestamp;
use crate::domain::two_factor::release_request::RequestState;
use crate::fault::Fault;
use crate::store::release_requests::{self, ReleaseRequest};
use crate::store::users::User;
use crate::store::{Tx, attempts, links, offices, users};

/// How many overdue requests one round of housekeeping ends.
const AT_ONCE: i64 = 100;

/// The names of these offices, for a mail.
pub(super) fn names(tx: &mut Tx, offices: &[OfficeId]) -> Result<Vec<String>, Fault> {
    offices.iter().map(|office| offices::name(tx, *office)).collect()
}

/// Tells the member and the administrators who had been asked how a request ended.
pub(super) fn tell_end(
    tx: &mut Tx,
    act: &mut Act,
    request: &ReleaseRequest,
    end: RequestEnd,
    by: Option<&OfficeAdmin>,
) -> Result<(), Fault> {
    links::end(tx, request.user, &[LinkPurpose::ReleaseRequestCancel], act.now)?;
    let (owner, at) = (users::get(tx, request.user)?, act.now);
    let asked = release_requests::offices_of(tx, request.id)?;
    let offices = names(tx, &asked)?;
    act.mail(tx, &owner, Message::ReleaseRequestEnded { at, offices, end })?;
    tell_administrators(tx, act, request, by.map(OfficeAdmin::user), |office, member| Message::ReleaseRequestSettled {
        at,
        office,
        member_name: member.name.clone(),
        member_email: member.email.to_string(),
        end,
        decided_by: by.map(|admin| admin.me().name().to_owned()),
    })
}

/// Tells the administrators who had been asked that one of them has approved.
pub(super) fn tell_approved(
    tx: &mut Tx,
    act: &mut Act,
    request: &ReleaseRequest,
    by: &OfficeAdmin,
) -> Result<(), Fault> {
    let decided_by = by.me().name().to_owned();
    let at = act.now;
    tell_administrators(tx, act, request, Some(by.user()), |office, member| Message::ReleaseRequestApproved {
        at,
        office,
        member_name: member.name.clone(),
        member_email: member.email.to_string(),
        decided_by: decided_by.clone(),
    })
}

/// Tells every other administrator of the offices that were asked and still have the member, or
/// of all of them when none has.
fn tell_administrators(
    tx: &mut Tx,
    act: &mut Act,
    request: &ReleaseRequest,
    but_for: Option<UserId>,
    message: impl Fn(String, &User) -> Message,
) -> Result<(), Fault> {
    let member = users::get(tx, request.user)?;
    let asked = release_requests::offices_of(tx, request.id)?;
    let mut offices = Vec::with_capacity(asked.len());
    for office in &asked {
        if offices::role_in(tx, request.user, *office)?.is_some() {
            offices.push(*office);
        }
    }
    let offices = if offices.is_empty() { asked } else { offices };
    for (administrator, office) in others_to_ask(tx, request.user, &offices)? {
        if Some(administrator) != but_for {
            let administrator = users::get(tx, administrator)?;
            let office = offices::name(tx, office)?;
            act.mail(tx, &administrator, message(office, &member))?;
        }
    }
    Ok(())
}

/// Closes the member's open request, if there is one: the member got in after all, or was
/// released in another way. The caller holds the account's row.
pub(super) fn close(tx: &mut Tx, act: &mut Act, user: UserId) -> Result<(), Fault> {
    settle(tx, act, user, RequestState::Closed, RequestEnd::Closed, Action::ReleaseRequestClosed)
}

fn settle(
    tx: &mut Tx,
    act: &mut Act,
    user: UserId,
    state: RequestState,
    end: RequestEnd,
    action: Action,
) -> Result<(), Fault> {
    let Some(open) = release_requests::open_of(tx, user)? else { return Ok(()) };
    if release_requests::end(tx, open.id, state, None, act.now)? {
        tell_end(tx, act, &open, end, None)?;
        // As at its opening, a row for each office: each has a trail of its own.
        for office in release_requests::offices_of(tx, open.id)? {
            let event = Event::attempt(Some(user), action, Outcome::Done);
            act.record(tx, Event { office: Some(office), ..event }.detail(open.id.to_string()))?;
        }
    }
    Ok(())
}

/// Closes the member's open request because the password is a new one: it may have been made by
/// somebody who knew the old one. The caller holds the account's row.
pub(super) fn after_new_password(tx: &mut Tx, act: &mut Act, user: UserId) -> Result<(), Fault> {
    settle(tx, act, user, RequestState::Closed, RequestEnd::PasswordChanged, Action::ReleaseRequestClosed)
}

/// Closes the member's open request when no office that was asked has the member any longer. The
/// caller holds the account's row and has ended the membership.
pub(super) fn after_leaving(tx: &mut Tx, act: &mut Act, user: UserId) -> Result<(), Fault> {
    let Some(open) = release_requests::open_of(tx, user)? else { return Ok(()) };
    for office in release_requests::offices_of(tx, open.id)? {
        if offices::role_in(tx, user, office)?.is_some() {
            return Ok(());
        }
    }
    settle(tx, act, user, RequestState::Closed, RequestEnd::LeftOffice, Action::ReleaseRequestClosed)
}

/// Ends requests that nobody decided in time, and tells everybody concerned. For housekeeping.
///
/// # Errors
/// [`Fault`] of the database; the next round goes on.
pub async fn expire_overdue(services: &Services) -> Result<(), Fault> {
    let now = services.clock.now();
    let overdue = services.db.read(move |conn| release_requests::overdue(conn, now, AT_ONCE)).await?;
    for request in overdue {
        pass_over(expire_of(services, request.user).await)?;
    }
    Ok(())
}

/// Ends the member's open request if its time is over, in a transaction of its own.
pub(super) async fn expire_of(services: &Services, user: UserId) -> Result<(), Fault> {
    let now = services.clock.now();
    let is_over = move |open: &ReleaseRequest| open.is_over(now);
    if !services.db.read(move |conn| release_requests::open_of(conn, user)).await?.as_ref().is_some_and(is_over) {
        return Ok(());
    }
    let mut act = Act::begin(services, &Client::housekeeping());
    services
        .db
        .write(move |tx| {
            attempts::lock(tx, user)?;
            if !release_requests::open_of(tx, user)?.as_ref().is_some_and(is_over) {
                return Ok(());
            }
            let (state, end) = (RequestState::Expired, RequestEnd::Expired);
            settle(tx, &mut act, user, state, end, Action::ReleaseRequestExpired)
        })
        .await
}

/// What the page behind the member's cancel link may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelLink {
    pub email: EmailAddress,
    pub valid_until: Timestamp,
}

/// Looks at a cancel link; consumes nothing.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn inspect_cancel(services: &Services, token: &LinkToken) -> Result<Option<CancelLink>, Fault> {
    let (now, digest) = (services.clock.now(), token.digest());
    let link = services.db.read(move |conn| links::find(conn, digest, LinkPurpose::ReleaseRequestCancel, now)).await?;
    Ok(link.map(|link| CancelLink { email: link.sent_to, valid_until: link.expires_at }))
}

/// How cancelling ends.
#[derive(Debug, PartialEq, Eq)]
pub enum CancelRequest {
    Cancelled,
    LinkDead,
}

/// Cancels the member's own request.
///
/// # Errors
/// [`Fault`]: the request stays open.
pub async fn cancel(services: &Services, token: &LinkToken, client: &Client) -> Result<CancelRequest, Fault> {
    let digest = token.digest();
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let purpose = LinkPurpose::ReleaseRequestCancel;
            let Some(link) = links::find(tx, digest, purpose, act.now)? else { return Ok(CancelRequest::LinkDead) };
            attempts::lock(tx, link.user)?;
            if !links::consume(tx, digest, act.now)? {
                return Ok(CancelRequest::LinkDead);
            }
            let (state, end) = (RequestState::Cancelled, RequestEnd::Cancelled);
            settle(tx, &mut act, link.user, state, end, Action::ReleaseRequestCancelled)?;
            Ok(CancelRequest::Cancelled)
        })
        .await
}
