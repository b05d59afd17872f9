//! The outbox: mails written in the same transaction as what they tell, sealed until they leave.

use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::prepared::prepared;
use super::schema::outbox;
use super::{AnyConnection, Tx};
use crate::domain::ids::MailId;
use crate::domain::sealed::Sealed;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;

/// A mail that is to be sent now.
#[derive(Debug)]
pub struct Waiting {
    pub id: MailId,
    /// Failed tries so far.
    pub tries: u32,
    pub created_at: Timestamp,
    pub sealed: Sealed,
}

/// How the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Mails that have not left yet.
    pub waiting: i64,
    /// When the oldest of them was written.
    pub oldest: Option<Timestamp>,
}

/// Counts what waits.
pub fn standing(conn: &mut AnyConnection) -> Result<Standing, Fault> {
    let (waiting, oldest): (i64, Option<i64>) = outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()))
        .select((count_star(), min(outbox::created_at)))
        .first(conn)?;
    Ok(Standing { waiting, oldest: oldest.map(Timestamp) })
}

pub fn insert(tx: &mut Tx, id: MailId, sealed: &Sealed, now: Timestamp) -> Result<(), Fault> {
    let insert = diesel::insert_into(outbox::table).values((
        outbox::id.eq(id.as_i64()),
        outbox::created_at.eq(now.0),
        outbox::key_id.eq(&sealed.key_id),
        outbox::sealed.eq(&sealed.ciphertext),
        outbox::tries.eq(0),
        outbox::next_try_at.eq(now.0),
    ));
    prepared(insert).run(tx)?;
    Ok(())
}

/// Takes mails that are due, for `lease`: until then no other worker takes them, afterwards any
/// may, for this one has died.
pub fn claim(tx: &mut Tx, now: Timestamp, lease: Seconds, limit: i64) -> Result<Vec<Waiting>, Fault> {
    let due = outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()))
        .filter(outbox::next_try_at.le(now.0))
        .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now.0)))
        .order((outbox::next_try_at, outbox::created_at))
        .limit(limit)
        .select(outbox::id);
    let due: Vec<i64> = prepared(due).rows(tx)?;
    // Claimed in one order on every node, or two of them could wait for each other.
    let mut by_id = due.clone();
    by_id.sort_unstable();
    let mut claimed = Vec::with_capacity(due.len());
    for id in by_id {
        // Guarded: between the look and the claim another node may have taken it.
        let claim = diesel::update(
            outbox::table
                .find(id)
                .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()))
                .filter(outbox::next_try_at.le(now.0))
                .filter(outbox::claimed_until.is_null().or(outbox::claimed_until.le(now.0))),
        )
        .set(outbox::claimed_until.eq((now + lease).0))
        .returning((outbox::tries, outbox::created_at, outbox::key_id, outbox::sealed));
        let row: Option<(i32, i64, String, Option<Vec<u8>>)> = prepared(claim).row(tx).optional()?;
        if let Some((tries, created_at, key_id, sealed)) = row {
            claimed.push(Waiting {
                id: MailId::from_i64(id),
                tries: u32::try_from(tries).unwrap_or(0),
                created_at: Timestamp(created_at),
                sealed: Sealed { key_id, ciphertext: sealed.unwrap_or_default() },
            });
        }
    }
    // And sent in the order in which they were written.
    claimed.sort_by_key(|mail: &Waiting| due.iter().position(|id| *id == mail.id.as_i64()));
    Ok(claimed)
}

/// Makes due what waits for a moment that only a clock that ran ahead can have named. Says how many.
pub fn put_right(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    let far = now.latest_credible().0;
    let misdated = outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::given_up_at.is_null()))
        .filter(outbox::next_try_at.gt(far).or(outbox::claimed_until.gt(far)));
    let due = (outbox::next_try_at.eq(now.0), outbox::claimed_until.eq(None::<i64>));
    Ok(diesel::update(misdated).set(due).execute(&mut **tx)?)
}

/// The mail has left; its text is forgotten.
pub fn mark_sent(tx: &mut Tx, id: MailId, now: Timestamp) -> Result<(), Fault> {
    let mark = diesel::update(outbox::table.find(id.as_i64())).set((
        outbox::sent_at.eq(now.0),
        outbox::sealed.eq(None::<Vec<u8>>),
        outbox::claimed_until.eq(None::<i64>),
    ));
    prepared(mark).run(tx)?;
    tx.counts.mails.sent += 1;
    Ok(())
}

/// The mail stays, for another try.
pub fn mark_failed(tx: &mut Tx, id: MailId, next_try_at: Timestamp, error: &str) -> Result<(), Fault> {
    diesel::update(outbox::table.find(id.as_i64()))
        .set((
            outbox::tries.eq(outbox::tries + 1),
            outbox::next_try_at.eq(next_try_at.0),
            outbox::claimed_until.eq(None::<i64>),
            outbox::last_error.eq(error),
        ))
        .execute(&mut **tx)?;
    tx.counts.mails.failed += 1;
    Ok(())
}

/// The mail will not be tried again; its text is forgotten, the error stays.
pub fn mark_given_up(tx: &mut Tx, id: MailId, now: Timestamp, error: &str) -> Result<(), Fault> {
    diesel::update(outbox::table.find(id.as_i64()))
        .set((
            outbox::tries.eq(outbox::tries + 1),
            outbox::given_up_at.eq(now.0),
            outbox::sealed.eq(None::<Vec<u8>>),
            outbox::claimed_until.eq(None::<i64>),
            outbox::last_error.eq(error),
        ))
        .execute(&mut **tx)?;
    tx.counts.mails.given_up += 1;
    Ok(())
}

/// Forgets mails that left, or were given up, before `before`.
pub fn forget_sent(tx: &mut Tx, before: Timestamp) -> Result<usize, Fault> {
    let over = outbox::table.filter(outbox::sent_at.le(before.0).or(outbox::given_up_at.le(before.0)));
    Ok(diesel::delete(over).execute(&mut **tx)?)
}
