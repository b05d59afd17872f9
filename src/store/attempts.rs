//! The failure counter and the newest accepted time step of each account: one row a person.

use diesel::prelude::*;

use super::Tx;
use super::prepared::prepared;
use super::schema::attempts;
use crate::domain::attempts::Attempts;
use crate::domain::ids::UserId;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// The row of one account, held by this transaction: whoever checks a code of the account next
/// waits for the end of it, on SQLite and on PostgreSQL alike. It does not leave the transaction.
pub struct Locked {
    pub user: UserId,
    pub attempts: Attempts,
    /// The newest time step that was accepted (SC-14).
    pub last_step: Option<i64>,
}

pub(super) type Row = (i32, Option<i64>, Option<i64>, Option<i64>);

pub(super) const COLUMNS: (attempts::failures, attempts::blocked_until, attempts::owner_told_at, attempts::last_step) =
    (attempts::failures, attempts::blocked_until, attempts::owner_told_at, attempts::last_step);

pub(super) fn attempts_of((failures, blocked_until, owner_told_at, _): Row) -> Result<Attempts, Fault> {
    Ok(Attempts {
        failures: u32::try_from(failures).map_err(|_| Fault::Corrupt("a failure counter"))?,
        blocked_until: blocked_until.map(Timestamp),
        owner_told_at: owner_told_at.map(Timestamp),
    })
}

/// Takes the account's row for this transaction. It comes first in every transaction that checks
/// a code or changes the second factor.
pub fn lock(tx: &mut Tx, user: UserId) -> Result<Locked, Fault> {
    let take = diesel::update(attempts::table.find(user.as_i64()))
        .set(attempts::turn.eq(attempts::turn + 1))
        .returning(COLUMNS);
    let row: Row = prepared(take).row(tx)?;
    Ok(Locked { user, last_step: row.3, attempts: attempts_of(row)? })
}

/// Writes the counter.
pub fn save(tx: &mut Tx, user: UserId, new: &Attempts) -> Result<(), Fault> {
    let write = diesel::update(attempts::table.find(user.as_i64())).set((
        attempts::failures.eq(i32::try_from(new.failures).unwrap_or(i32::MAX)),
        attempts::blocked_until.eq(new.blocked_until.map(|at| at.0)),
        attempts::owner_told_at.eq(new.owner_told_at.map(|at| at.0)),
    ));
    prepared(write).run(tx)?;
    Ok(())
}

/// Clears the counter: after a success with a second factor, or a release (SC-24).
pub fn clear(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    save(tx, user, &Attempts::NONE)
}

/// Clears the counter that this transaction holds. Mostly it has seen nothing, and is not written.
pub fn clear_held(tx: &mut Tx, held: &Locked) -> Result<(), Fault> {
    if held.attempts == Attempts::NONE { Ok(()) } else { clear(tx, held.user) }
}

/// Accepts a time step. `false`: this or a newer one has been accepted already.
pub fn accept_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool, Fault> {
    let newer = attempts::last_step.is_null().or(attempts::last_step.lt(step));
    let accept = diesel::update(attempts::table.find(user.as_i64()).filter(newer))
        .set(attempts::last_step.eq(step))
        .returning(attempts::user_id);
    Ok(prepared(accept).rows::<i64>(tx)?.len() == 1)
}

/// Takes the newest accepted step back to `newest`, when it lies beyond. Only where the key that
/// accepted it is gone, or a code could be accepted twice.
pub fn forget_steps_after(tx: &mut Tx, user: UserId, newest: i64) -> Result<(), Fault> {
    diesel::update(attempts::table.find(user.as_i64()).filter(attempts::last_step.gt(newest)))
        .set(attempts::last_step.eq(newest))
        .execute(&mut **tx)?;
    Ok(())
}
