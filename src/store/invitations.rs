//! Invitations into offices: to which address, in which role, and the digest of the newest link.

use diesel::prelude::*;

use super::schema::{invitations, users};
use super::{AnyConnection, Tx};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{InvitationId, OfficeId, UserId};
use crate::domain::invitation::Ending;
use crate::domain::link::TokenDigest;
use crate::domain::office::Role;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// An invitation that has not ended; it may have expired.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: InvitationId,
    pub office: OfficeId,
    pub email: EmailAddress,
    pub role: Role,
    pub invited_by: UserId,
    /// When its newest mail was written.
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Invitation {
    /// Whether its term is over, or it was sent by a clock that ran ahead (SC-77).
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now || !self.sent_at.is_credible(now)
    }
}

type Row = (i64, i64, String, String, i64, i64, i64);

const COLUMNS: (
    invitations::id,
    invitations::office_id,
    invitations::email,
    invitations::role,
    invitations::invited_by,
    invitations::sent_at,
    invitations::expires_at,
) = (
    invitations::id,
    invitations::office_id,
    invitations::email,
    invitations::role,
    invitations::invited_by,
    invitations::sent_at,
    invitations::expires_at,
);

fn invitation((id, office, email, role, invited_by, sent_at, expires_at): Row) -> Result<Invitation, Fault> {
    Ok(Invitation {
        id: InvitationId::from_i64(id),
        office: OfficeId::from_i64(office),
        email: EmailAddress::from_stored(email),
        role: role.parse().map_err(|_| Fault::Corrupt("the role of an invitation"))?,
        invited_by: UserId::from_i64(invited_by),
        sent_at: Timestamp(sent_at),
        expires_at: Timestamp(expires_at),
    })
}

/// Writes a new invitation; the caller has ended an earlier one to the same address.
pub fn insert(tx: &mut Tx, new: &Invitation, digest: TokenDigest) -> Result<(), Fault> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(new.id.as_i64()),
            invitations::office_id.eq(new.office.as_i64()),
            invitations::email.eq(new.email.as_str()),
            invitations::role.eq(new.role.slug()),
            invitations::invited_by.eq(new.invited_by.as_i64()),
            invitations::digest.eq(digest.0.as_slice()),
            invitations::created_at.eq(new.sent_at.0),
            invitations::sent_at.eq(new.sent_at.0),
            invitations::expires_at.eq(new.expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The invitation of this address into the office that has not ended.
pub fn of_address(
    conn: &mut AnyConnection,
    office: OfficeId,
    email: &EmailAddress,
) -> Result<Option<Invitation>, Fault> {
    let row: Option<Row> = invitations::table
        .filter(invitations::office_id.eq(office.as_i64()).and(invitations::email.eq(email.as_str())))
        .filter(invitations::ended_at.is_null())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(invitation).transpose()
}

/// The open invitations that a person has sent for the office.
pub fn of_sender(conn: &mut AnyConnection, office: OfficeId, sender: UserId) -> Result<Vec<Invitation>, Fault> {
    let rows: Vec<Row> = invitations::table
        .filter(invitations::office_id.eq(office.as_i64()).and(invitations::invited_by.eq(sender.as_i64())))
        .filter(invitations::ended_at.is_null())
        .order(invitations::id)
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(invitation).collect()
}

/// The invitation behind a link, unless it has ended or expired. Looking consumes nothing (SC-49).
pub fn of_link(conn: &mut AnyConnection, digest: TokenDigest, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    let row: Option<Row> = invitations::table
        .filter(invitations::digest.eq(digest.0.as_slice()))
        .filter(invitations::ended_at.is_null())
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(invitation).transpose()?.filter(|invitation| !invitation.is_over(now)))
}

/// What an administrator of the office finds under an id.
#[derive(Debug, Clone)]
pub enum Found {
    Open(Invitation),
    Ended,
    /// No such invitation in this office.
    Nothing,
}

/// An invitation of this office, and of no other.
pub fn find(conn: &mut AnyConnection, office: OfficeId, id: InvitationId) -> Result<Found, Fault> {
    let row: Option<(Row, Option<i64>)> = invitations::table
        .find(id.as_i64())
        .filter(invitations::office_id.eq(office.as_i64()))
        .select((COLUMNS, invitations::ended_at))
        .first(conn)
        .optional()?;
    Ok(match row {
        None => Found::Nothing,
        Some((_, Some(_))) => Found::Ended,
        Some((row, None)) => Found::Open(invitation(row)?),
    })
}

/// The invitations of an office that have not ended, newest first, with the name of who invited.
pub fn of_office(
    conn: &mut AnyConnection,
    office: OfficeId,
    skipped: i64,
    most: i64,
) -> Result<Vec<(Invitation, String)>, Fault> {
    let rows: Vec<(Row, String)> = invitations::table
        .inner_join(users::table)
        .filter(invitations::office_id.eq(office.as_i64()).and(invitations::ended_at.is_null()))
        .order((invitations::created_at.desc(), invitations::id))
        .offset(skipped)
        .limit(most)
        .select((COLUMNS, users::name))
        .load(conn)?;
    rows.into_iter().map(|(row, inviter)| Ok((invitation(row)?, inviter))).collect()
}

/// Gives an invitation a new link; the old one is dead (SC-53). `false`: it has ended.
pub fn renew(
    tx: &mut Tx,
    id: InvitationId,
    digest: TokenDigest,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, Fault> {
    let open = invitations::table.find(id.as_i64()).filter(invitations::ended_at.is_null());
    let renewed = diesel::update(open).set((
        invitations::digest.eq(digest.0.as_slice()),
        invitations::sent_at.eq(now.0),
        invitations::expires_at.eq(until.0),
    ));
    Ok(renewed.execute(&mut **tx)? == 1)
}

/// Ends an invitation. Only the first caller ever gets `true`.
pub fn end(tx: &mut Tx, id: InvitationId, ending: Ending, now: Timestamp) -> Result<bool, Fault> {
    let open = invitations::table.find(id.as_i64()).filter(invitations::ended_at.is_null());
    let ended = diesel::update(open).set((invitations::ended_at.eq(now.0), invitations::ending.eq(ending.slug())));
    Ok(ended.execute(&mut **tx)? == 1)
}

/// Writes down who accepted an invitation.
pub fn accepted_by(tx: &mut Tx, id: InvitationId, user: UserId) -> Result<(), Fault> {
    diesel::update(invitations::table.find(id.as_i64()))
        .set(invitations::accepted_by.eq(user.as_i64()))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets invitations whose link could be followed no more at `before`.
pub fn forget_expired(tx: &mut Tx, before: Timestamp) -> Result<usize, Fault> {
    let old = invitations::expires_at.le(before.0);
    Ok(diesel::delete(invitations::table.filter(old)).execute(&mut **tx)?)
}
