//! Requests to the administrators to release a member's two-factor authentication (方法B).

use diesel::dsl::{And, Eq, IsNull};
use diesel::prelude::*;

use super::prepared::prepared;
use super::schema::{memberships, release_request_offices, release_requests};
use super::{AnyConnection, Tx};
use crate::domain::ids::{OfficeId, ReleaseRequestId, SetUpId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::two_factor::release_request::{Note, RequestState};
use crate::fault::Fault;

/// One request.
#[derive(Debug, Clone)]
pub struct ReleaseRequest {
    pub id: ReleaseRequestId,
    pub user: UserId,
    /// The set-up it was made for; it is worthless for another one (SC-59).
    pub set_up: SetUpId,
    pub state: RequestState,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub address: String,
    pub device: String,
    pub ended_at: Option<Timestamp>,
    pub decided_by: Option<UserId>,
    pub note: Option<String>,
}

impl ReleaseRequest {
    /// Whether its time is over, or it was made by a clock that ran ahead (SC-77).
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now || !self.created_at.is_credible(now)
    }

    /// Whether the password was reset, or the address changed, within a day before the request or
    /// since: `blocked_until` is what that left behind with the member (SC-48), as far as it is credible.
    pub fn after_reset(&self, blocked_until: Option<Timestamp>) -> bool {
        blocked_until.is_some_and(|until| until > self.created_at)
    }
}

type Row = (i64, i64, i64, String, i64, i64, String, String, Option<i64>, Option<i64>, Option<String>);

fn request(row: Row) -> Result<ReleaseRequest, Fault> {
    let (id, user, set_up, state, created_at, expires_at, address, device, ended_at, decided_by, note) = row;
    Ok(ReleaseRequest {
        id: ReleaseRequestId::from_i64(id),
        user: UserId::from_i64(user),
        set_up: SetUpId::from_i64(set_up),
        state: RequestState::from_slug(&state).ok_or(Fault::Corrupt("the state of a release request"))?,
        created_at: Timestamp(created_at),
        expires_at: Timestamp(expires_at),
        address,
        device,
        ended_at: ended_at.map(Timestamp),
        decided_by: decided_by.map(UserId::from_i64),
        note,
    })
}

/// Twice the same on purpose: the index knows the first, and a row that contradicts itself is not open.
fn is_open() -> And<IsNull<release_requests::ended_at>, Eq<release_requests::state, &'static str>> {
    release_requests::ended_at.is_null().and(release_requests::state.eq(RequestState::Open.slug()))
}

/// Opens a request to these offices. The caller holds the account's row and has seen that none is
/// open; a second one would break the unique key.
pub fn insert(tx: &mut Tx, new: &ReleaseRequest, offices: &[OfficeId]) -> Result<(), Fault> {
    diesel::insert_into(release_requests::table)
        .values((
            release_requests::id.eq(new.id.as_i64()),
            release_requests::user_id.eq(new.user.as_i64()),
            release_requests::set_up_id.eq(new.set_up.as_i64()),
            release_requests::state.eq(new.state.slug()),
            release_requests::created_at.eq(new.created_at.0),
            release_requests::expires_at.eq(new.expires_at.0),
            release_requests::address.eq(&new.address),
            release_requests::device.eq(&new.device),
        ))
        .execute(&mut **tx)?;
    for office in offices {
        diesel::insert_into(release_request_offices::table)
            .values((
                release_request_offices::request_id.eq(new.id.as_i64()),
                release_request_offices::office_id.eq(office.as_i64()),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// A request as far as it concerns this office.
pub fn in_office(
    conn: &mut AnyConnection,
    office: OfficeId,
    id: ReleaseRequestId,
) -> Result<Option<ReleaseRequest>, Fault> {
    let row = release_requests::table
        .inner_join(release_request_offices::table)
        .filter(release_requests::id.eq(id.as_i64()))
        .filter(release_request_offices::office_id.eq(office.as_i64()))
        .select(release_requests::all_columns)
        .first::<Row>(conn)
        .optional()?;
    row.map(request).transpose()
}

/// The requests that were made to this office, the newest first.
pub fn of_office(conn: &mut AnyConnection, office: OfficeId, limit: i64) -> Result<Vec<ReleaseRequest>, Fault> {
    let rows: Vec<Row> = release_requests::table
        .inner_join(release_request_offices::table)
        .filter(release_request_offices::office_id.eq(office.as_i64()))
        .order((release_requests::created_at.desc(), release_requests::id))
        .limit(limit)
        .select(release_requests::all_columns)
        .load(conn)?;
    rows.into_iter().map(request).collect()
}

/// The open request of a member.
pub fn open_of(conn: &mut AnyConnection, user: UserId) -> Result<Option<ReleaseRequest>, Fault> {
    let open = release_requests::table.filter(release_requests::user_id.eq(user.as_i64())).filter(is_open());
    prepared(open).row::<Row>(conn).optional()?.map(request).transpose()
}

/// How many requests of others are open in an office, of people who still belong there.
pub fn waiting(conn: &mut AnyConnection, office: OfficeId, but_for: UserId, now: Timestamp) -> Result<usize, Fault> {
    Ok(open_in(conn, office, now)?.into_iter().filter(|(user, _)| *user != but_for).count())
}

/// The open requests to an office of people who still belong there: whose, and which.
pub fn open_in(
    conn: &mut AnyConnection,
    office: OfficeId,
    now: Timestamp,
) -> Result<Vec<(UserId, ReleaseRequestId)>, Fault> {
    let rows: Vec<(i64, i64, i64)> = release_requests::table
        .inner_join(release_request_offices::table)
        .inner_join(memberships::table.on(memberships::user_id.eq(release_requests::user_id)))
        .filter(release_request_offices::office_id.eq(office.as_i64()))
        .filter(memberships::office_id.eq(office.as_i64()))
        .filter(is_open())
        .filter(release_requests::expires_at.gt(now.0))
        .select((release_requests::user_id, release_requests::id, release_requests::created_at))
        .load(conn)?;
    // Not by the query: with one more condition SQLite begins with all members of the office, which
    // costs a millisecond where there are 10,000.
    let credible = rows.into_iter().filter(|(_, _, created_at)| Timestamp(*created_at).is_credible(now));
    Ok(credible.map(|(user, id, _)| (UserId::from_i64(user), ReleaseRequestId::from_i64(id))).collect())
}

/// Open requests whose time is over. One that only seems to be made by a clock that ran ahead is left
/// alone: it may be this node's clock that is wrong, and ending is for good.
pub fn overdue(conn: &mut AnyConnection, now: Timestamp, limit: i64) -> Result<Vec<ReleaseRequest>, Fault> {
    let rows: Vec<Row> = release_requests::table
        .filter(is_open())
        .filter(release_requests::expires_at.le(now.0))
        .order(release_requests::id)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(request).collect()
}

/// The offices a request was made to.
pub fn offices_of(conn: &mut AnyConnection, id: ReleaseRequestId) -> Result<Vec<OfficeId>, Fault> {
    let ids: Vec<i64> = release_request_offices::table
        .filter(release_request_offices::request_id.eq(id.as_i64()))
        .select(release_request_offices::office_id)
        .load(conn)?;
    Ok(ids.into_iter().map(OfficeId::from_i64).collect())
}

/// Who ended a request, and what was written down.
pub struct Decision<'a> {
    pub by: UserId,
    pub note: Option<&'a Note>,
}

/// Ends an open request. Only the first caller ever gets `true`.
pub fn end(
    tx: &mut Tx,
    id: ReleaseRequestId,
    state: RequestState,
    decision: Option<&Decision>,
    now: Timestamp,
) -> Result<bool, Fault> {
    let open = release_requests::table.find(id.as_i64()).filter(is_open());
    let changed = diesel::update(open)
        .set((
            release_requests::state.eq(state.slug()),
            release_requests::ended_at.eq(now.0),
            release_requests::decided_by.eq(decision.map(|decision| decision.by.as_i64())),
            release_requests::note.eq(decision.and_then(|decision| decision.note).map(Note::as_str)),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}
