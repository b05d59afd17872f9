//! Windows of time in which something is counted.

use diesel::prelude::*;

use super::schema::rate_windows;
use super::{AnyConnection, Tx};
use crate::domain::rate::{Bucket, Limit};
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;

/// When the limit lets the next one through, if it is used up now.
pub fn used_up(
    conn: &mut AnyConnection,
    bucket: &Bucket,
    limit: Limit,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let hits = i32::try_from(limit.hits).unwrap_or(i32::MAX);
    let ends_at: Option<i64> = rate_windows::table
        .find(bucket.as_str())
        .filter(rate_windows::ends_at.gt(now.0).and(rate_windows::hits.ge(hits)))
        .select(rate_windows::ends_at)
        .first(conn)
        .optional()?;
    Ok(ends_at.map(Timestamp))
}

/// Whether a window is open at all.
pub fn is_open(conn: &mut AnyConnection, bucket: &Bucket, now: Timestamp) -> Result<bool, Fault> {
    let open = rate_windows::table.find(bucket.as_str()).filter(rate_windows::ends_at.gt(now.0));
    Ok(open.select(rate_windows::ends_at).first::<i64>(conn).optional()?.is_some())
}

/// Counts one, opening a window of `span` when none is open.
pub fn count(tx: &mut Tx, bucket: &Bucket, span: Seconds, now: Timestamp) -> Result<(), Fault> {
    let open = rate_windows::table.find(bucket.as_str()).filter(rate_windows::ends_at.gt(now.0));
    let counted = diesel::update(open).set(rate_windows::hits.eq(rate_windows::hits + 1)).execute(&mut **tx)?;
    if counted == 0 {
        open_window(tx, bucket, span, now)?;
    }
    Ok(())
}

/// Opens a window of `span` with one hit, in place of an earlier one.
pub fn open_window(tx: &mut Tx, bucket: &Bucket, span: Seconds, now: Timestamp) -> Result<(), Fault> {
    // One statement, known to both databases: two hands that open the same window at once must
    // not fail each other's transaction.
    diesel::sql_query(
        "INSERT INTO rate_windows (bucket, hits, ends_at) VALUES ($1, 1, $2) \
         ON CONFLICT (bucket) DO UPDATE SET hits = 1, ends_at = excluded.ends_at",
    )
    .bind::<diesel::sql_types::Text, _>(bucket.as_str())
    .bind::<diesel::sql_types::BigInt, _>((now + span).0)
    .execute(&mut **tx)?;
    Ok(())
}

/// Forgets what was counted.
pub fn clear(tx: &mut Tx, bucket: &Bucket) -> Result<(), Fault> {
    diesel::delete(rate_windows::table.find(bucket.as_str())).execute(&mut **tx)?;
    Ok(())
}

pub fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    Ok(diesel::delete(rate_windows::table.filter(rate_windows::ends_at.le(now.0))).execute(&mut **tx)?)
}
