//! Two-factor authentication: the confirmed authenticator and the pending set-up of each person.

use diesel::prelude::*;

use super::attempts as counters;
use super::backup_codes::{self, Generation};
use super::prepared::prepared;
use super::schema::{attempts, generations, pending_set_ups, two_factors};
use super::sweep::{Expiring, sweep};
use super::{AnyConnection, Tx, members};
use crate::domain::attempts::Attempts;
use crate::domain::ids::{SessionId, SetUpId, UserId};
use crate::domain::sealed::Sealed;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::{Enabled, TwoFactor};
use crate::fault::Fault;

type Row = (i64, String, Vec<u8>, Vec<u8>, i64);

const COLUMNS: (
    two_factors::set_up_id,
    two_factors::key_id,
    two_factors::sealed_key,
    two_factors::code_salt,
    two_factors::enabled_at,
) = (
    two_factors::set_up_id,
    two_factors::key_id,
    two_factors::sealed_key,
    two_factors::code_salt,
    two_factors::enabled_at,
);

/// The one place where a row becomes what is on. One that makes no sense is a fault, and so is a database
/// that does not answer: neither is ever «off».
fn enabled((set_up, key_id, ciphertext, salt, enabled_at): Row) -> Result<Enabled, Fault> {
    Ok(Enabled {
        set_up: SetUpId::from_i64(set_up),
        sealed_key: Sealed { key_id, ciphertext },
        code_salt: salt.try_into().map_err(|_| Fault::Corrupt("the salt of a set-up"))?,
        enabled_at: Timestamp(enabled_at),
    })
}

/// Whether it is on, and with what.
pub fn state(conn: &mut AnyConnection, user: UserId) -> Result<TwoFactor, Fault> {
    let one = two_factors::table.find(user.as_i64()).select(COLUMNS);
    let row = prepared(one).row::<Row>(conn).optional()?;
    row.map_or(Ok(TwoFactor::Off), |row| Ok(TwoFactor::On(enabled(row)?)))
}

/// What is on, if it is, with the sheet that counts, if one does.
pub fn with_live_sheet(conn: &mut AnyConnection, user: UserId) -> Result<Option<(Enabled, Option<Generation>)>, Fault> {
    let live = generations::user_id.eq(two_factors::user_id).and(generations::voided_at.is_null());
    let one = two_factors::table
        .left_join(generations::table.on(live))
        .filter(two_factors::user_id.eq(user.as_i64()))
        .select((COLUMNS, backup_codes::COLUMNS.nullable()));
    let row = prepared(one).row::<(Row, Option<backup_codes::Row>)>(conn).optional()?;
    let Some((mine, sheet)) = row else { return Ok(None) };
    Ok(Some((enabled(mine)?, sheet.map(backup_codes::generation).transpose()?)))
}

/// The same with the failure counter, which is read without holding it: to refuse before any costly work
/// (SC-27).
pub fn peek(conn: &mut AnyConnection, user: UserId) -> Result<Option<(Attempts, Enabled, Option<Generation>)>, Fault> {
    let live = generations::user_id.eq(two_factors::user_id).and(generations::voided_at.is_null());
    let one = two_factors::table
        .left_join(attempts::table.on(attempts::user_id.eq(two_factors::user_id)))
        .left_join(generations::table.on(live))
        .filter(two_factors::user_id.eq(user.as_i64()))
        .select((COLUMNS, counters::COLUMNS.nullable(), backup_codes::COLUMNS.nullable()));
    type Found = (Row, Option<counters::Row>, Option<backup_codes::Row>);
    let Some((mine, counter, sheet)) = prepared(one).row::<Found>(conn).optional()? else { return Ok(None) };
    let counter = counter.ok_or(Fault::Corrupt("an account without a failure counter"))?;
    let sheet = sheet.map(backup_codes::generation).transpose()?;
    Ok(Some((counters::attempts_of(counter)?, enabled(mine)?, sheet)))
}

/// Switches on, in place of whatever was there.
pub fn enable(tx: &mut Tx, user: UserId, enabled: &Enabled) -> Result<(), Fault> {
    disable(tx, user)?;
    diesel::insert_into(two_factors::table)
        .values((
            two_factors::user_id.eq(user.as_i64()),
            two_factors::set_up_id.eq(enabled.set_up.as_i64()),
            two_factors::key_id.eq(&enabled.sealed_key.key_id),
            two_factors::sealed_key.eq(&enabled.sealed_key.ciphertext),
            two_factors::code_salt.eq(enabled.code_salt.as_slice()),
            two_factors::enabled_at.eq(enabled.enabled_at.0),
        ))
        .execute(&mut **tx)?;
    members::refresh_second_factor(tx, user)
}

/// Switches off. Whether it was on.
pub fn disable(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    let was_on = diesel::delete(two_factors::table.find(user.as_i64())).execute(&mut **tx)? == 1;
    if was_on {
        members::refresh_second_factor(tx, user)?;
    }
    Ok(was_on)
}

/// Everybody who has it on.
pub fn everyone_on(conn: &mut AnyConnection) -> Result<Vec<UserId>, Fault> {
    let ids: Vec<i64> = two_factors::table.select(two_factors::user_id).load(conn)?;
    Ok(ids.into_iter().map(UserId::from_i64).collect())
}

/// A set-up that waits for its first code.
#[derive(Debug, Clone)]
pub struct Pending {
    pub set_up: SetUpId,
    /// The session that began it, the only one that sees and confirms it.
    pub session: SessionId,
    pub sealed_key: Sealed,
    pub expires_at: Timestamp,
    /// Up to when the end may be moved.
    pub extendable_until: Timestamp,
}

impl Pending {
    /// Whether the end may still be moved.
    pub fn is_extendable(&self) -> bool {
        self.expires_at < self.extendable_until
    }
}

/// Set-up, session, key id, sealed key, end, and up to when that may be moved.
type PendingRow = (i64, i64, String, Vec<u8>, i64, Option<i64>);

/// The pending set-up of a person, if it has not expired.
pub fn pending(conn: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<Option<Pending>, Fault> {
    let row: Option<PendingRow> = pending_set_ups::table
        .find(user.as_i64())
        .filter(pending_set_ups::expires_at.gt(now.0))
        .select((
            pending_set_ups::set_up_id,
            pending_set_ups::session_id,
            pending_set_ups::key_id,
            pending_set_ups::sealed_key,
            pending_set_ups::expires_at,
            pending_set_ups::extendable_until,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(set_up, session, key_id, ciphertext, expires_at, extendable_until)| Pending {
        set_up: SetUpId::from_i64(set_up),
        session: SessionId::from_i64(session),
        sealed_key: Sealed { key_id, ciphertext },
        expires_at: Timestamp(expires_at),
        extendable_until: Timestamp(extendable_until.unwrap_or(expires_at)),
    }))
}

/// Begins a set-up in place of an earlier one that was never confirmed.
pub fn begin(tx: &mut Tx, user: UserId, pending: &Pending) -> Result<(), Fault> {
    forget_pending(tx, user)?;
    diesel::insert_into(pending_set_ups::table)
        .values((
            pending_set_ups::user_id.eq(user.as_i64()),
            pending_set_ups::set_up_id.eq(pending.set_up.as_i64()),
            pending_set_ups::session_id.eq(pending.session.as_i64()),
            pending_set_ups::key_id.eq(&pending.sealed_key.key_id),
            pending_set_ups::sealed_key.eq(&pending.sealed_key.ciphertext),
            pending_set_ups::expires_at.eq(pending.expires_at.0),
            pending_set_ups::extendable_until.eq(pending.extendable_until.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Moves the end of this pending set-up, if it is still there. Whether it was.
pub fn extend_pending(
    tx: &mut Tx,
    user: UserId,
    set_up: SetUpId,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, Fault> {
    let open = pending_set_ups::table
        .find(user.as_i64())
        .filter(pending_set_ups::set_up_id.eq(set_up.as_i64()).and(pending_set_ups::expires_at.gt(now.0)));
    Ok(diesel::update(open).set(pending_set_ups::expires_at.eq(until.0)).execute(&mut **tx)? == 1)
}

/// Ends the pending set-up; it leaves nothing. Whether there was one.
pub fn forget_pending(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    Ok(diesel::delete(pending_set_ups::table.find(user.as_i64())).execute(&mut **tx)? == 1)
}

/// Forgets set-ups that nobody confirmed in time.
pub fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    sweep(tx, &Expiring { table: "pending_set_ups", key: "user_id", at: "expires_at" }, now)
}
