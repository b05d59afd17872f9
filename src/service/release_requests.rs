//! Requests to release (方法B) as the administrators of an office see them: who, when, from where,
//! how it ended; never a secret (SC-58).

use super::Services;
use super::access::{OfficeAdmin, SignedIn};
use super::reset_password::credible_block;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, ReleaseRequestId};
use crate::domain::office::{Membership, Role};
use crate::domain::time::Timestamp;
use crate::domain::two_factor::release_request::RequestState;
use crate::fault::Fault;
use crate::store::release_requests::{self, ReleaseRequest};
use crate::store::{AnyConnection, offices, users};

/// How many requests the list of an office shows.
const LISTED: i64 = 200;

/// A request as an administrator of an office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    pub id: ReleaseRequestId,
    pub member_name: String,
    pub member_email: EmailAddress,
    pub requested_at: Timestamp,
    pub expires_at: Timestamp,
    pub address: String,
    pub device: String,
    pub state: RequestState,
    pub ended_at: Option<Timestamp>,
    /// Name of the administrator who decided.
    pub decided_by: Option<String>,
    pub note: Option<String>,
    /// The password was reset, or the address changed, within a day before the request: whoever
    /// took the mailbox over would look just like this, so identity matters twice (SC-48).
    pub after_reset: bool,
    /// The administrator's own request, which only others decide.
    pub own: bool,
}

pub(super) fn view(
    conn: &mut AnyConnection,
    request: &ReleaseRequest,
    viewer: &OfficeAdmin,
    now: Timestamp,
) -> Result<RequestView, Fault> {
    let member = users::get(conn, request.user)?;
    let decided_by = match request.decided_by {
        Some(id) => users::by_id(conn, id)?.map(|user| user.name),
        None => None,
    };
    // What an administrator of another office noted stays there, as in the office's trail.
    let noted_here = match request.decided_by {
        Some(id) if offices::role_in(conn, id, viewer.office())?.is_none() => {
            release_requests::offices_of(conn, request.id)?.len() == 1
        }
        _ => true,
    };
    // Housekeeping writes it down within a minute; nobody has to wait for that to read it.
    let over = request.state == RequestState::Open && request.is_over(now);
    let after_reset = request.after_reset(credible_block(member.release_blocked_until, now));
    Ok(RequestView {
        id: request.id,
        member_name: member.name,
        member_email: member.email,
        requested_at: request.created_at,
        expires_at: request.expires_at,
        address: request.address.clone(),
        device: request.device.clone(),
        state: if over { RequestState::Expired } else { request.state },
        ended_at: if over { Some(request.expires_at) } else { request.ended_at },
        decided_by,
        note: request.note.clone().filter(|_| noted_here),
        after_reset,
        own: request.user == viewer.user(),
    })
}

/// The request, if it was made to the administrator's office and the member still belongs there.
pub(super) fn found(
    conn: &mut AnyConnection,
    office: OfficeId,
    id: ReleaseRequestId,
) -> Result<Option<ReleaseRequest>, Fault> {
    let Some(request) = release_requests::in_office(conn, office, id)? else { return Ok(None) };
    Ok(offices::role_in(conn, request.user, office)?.map(|_| request))
}

/// One request of the office; `None`: none of this office's.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn look(
    services: &Services,
    admin: &OfficeAdmin,
    id: ReleaseRequestId,
) -> Result<Option<RequestView>, Fault> {
    let (viewer, office, now) = (admin.clone(), admin.office(), services.clock.now());
    services
        .db
        .read(move |conn| match found(conn, office, id)? {
            Some(request) => view(conn, &request, &viewer, now).map(Some),
            None => Ok(None),
        })
        .await
}

/// An office with requests that wait for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub office: Membership,
    pub count: usize,
}

/// The offices of an administrator in which requests of others wait.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn waiting(services: &Services, me: &SignedIn) -> Result<Vec<Waiting>, Fault> {
    let (user, now) = (me.user(), services.clock.now());
    let mine: Vec<Membership> = me.offices().iter().filter(|own| own.role == Role::Admin).cloned().collect();
    if mine.is_empty() {
        return Ok(Vec::new());
    }
    services
        .db
        .read(move |conn| {
            let mut waiting = Vec::new();
            for office in mine {
                let count = release_requests::waiting(conn, office.office, user, now)?;
                if count > 0 {
                    waiting.push(Waiting { office, count });
                }
            }
            Ok(waiting)
        })
        .await
}

/// The newest requests of the office.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list(services: &Services, admin: &OfficeAdmin) -> Result<Vec<RequestView>, Fault> {
    let (viewer, office, now) = (admin.clone(), admin.office(), services.clock.now());
    services
        .db
        .read(move |conn| {
            let mut views = Vec::new();
            for request in release_requests::of_office(conn, office, LISTED)? {
                if offices::role_in(conn, request.user, office)?.is_some() {
                    views.push(view(conn, &request, &viewer, now)?);
                }
            }
            Ok(views)
        })
        .await
}
