//! Windows of time in which something is counted.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::prepared::prepared;
use super::schema::rate_windows;
use super::sweep::{Expiring, sweep};
use super::{AnyConnection, Tx};
use crate::domain::rate::Bucket;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;

/// A window after one more was counted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub hits: u32,
    pub ends_at: Timestamp,
}

#[derive(QueryableByName)]
struct Window {
    #[diesel(sql_type = Text)]
    bucket: String,
    #[diesel(sql_type = Integer)]
    hits: i32,
    #[diesel(sql_type = BigInt)]
    ends_at: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    hits: i32,
    #[diesel(sql_type = BigInt)]
    ends_at: i64,
}

/// Which of these windows, with the spans they have, are open, and what has been counted in them. Found by
/// their keys alone: asked for their end as well, PostgreSQL may look through the index of all ends.
pub fn open(
    conn: &mut AnyConnection,
    buckets: [(&Bucket, Seconds); 4],
    now: Timestamp,
) -> Result<HashMap<String, u32>, Fault> {
    let [first, second, third, fourth] = buckets.map(|(bucket, _)| bucket.as_str());
    let windows = diesel::sql_query("SELECT bucket, hits, ends_at FROM rate_windows WHERE bucket IN ($1, $2, $3, $4)")
        .bind::<Text, _>(first)
        .bind::<Text, _>(second)
        .bind::<Text, _>(third)
        .bind::<Text, _>(fourth);
    let rows: Vec<Window> = prepared(windows).rows(conn)?;
    let is_open = |row: &Window| {
        let span = buckets.iter().find(|(bucket, _)| bucket.as_str() == row.bucket).map(|(_, span)| *span);
        span.is_some_and(|span| now.0 < row.ends_at && row.ends_at <= latest_end(span, now).0)
    };
    let open = rows.into_iter().filter(is_open);
    let hits = |hits: i32| u32::try_from(hits).map_err(|_| Fault::Corrupt("a window of a limit"));
    open.map(|row| Ok((row.bucket, hits(row.hits)?))).collect()
}

/// The last end that a window of this span can have now; one with a later end was opened by a clock that
/// ran ahead, and counts as closed.
fn latest_end(span: Seconds, now: Timestamp) -> Timestamp {
    now.latest_credible() + span
}

/// Writes something that leaves nothing behind, for whoever must know whether the database can be
/// written. A row that stayed the same would not be written at all on SQLite.
pub fn probe(tx: &mut Tx) -> Result<(), Fault> {
    const BUCKET: &str = "probe";
    diesel::insert_into(rate_windows::table)
        .values((rate_windows::bucket.eq(BUCKET), rate_windows::hits.eq(0), rate_windows::ends_at.eq(0)))
        .execute(&mut **tx)?;
    diesel::delete(rate_windows::table.find(BUCKET)).execute(&mut **tx)?;
    Ok(())
}

/// Counts one, opening a window of `span` when none is open. One statement: hands that count at
/// once each see a number of their own, on both databases.
pub fn count(tx: &mut Tx, bucket: &Bucket, span: Seconds, now: Timestamp) -> Result<Counted, Fault> {
    let count = diesel::sql_query(
        "INSERT INTO rate_windows (bucket, hits, ends_at) VALUES ($1, 1, $2) \
         ON CONFLICT (bucket) DO UPDATE SET \
         hits = CASE WHEN rate_windows.ends_at > $3 AND rate_windows.ends_at <= $4 \
         THEN rate_windows.hits + 1 ELSE 1 END, \
         ends_at = CASE WHEN rate_windows.ends_at > $3 AND rate_windows.ends_at <= $4 \
         THEN rate_windows.ends_at ELSE $2 END \
         RETURNING hits, ends_at",
    )
    .bind::<Text, _>(bucket.as_str())
    .bind::<BigInt, _>((now + span).0)
    .bind::<BigInt, _>(now.0)
    .bind::<BigInt, _>(latest_end(span, now).0);
    let row: Row = prepared(count).row(tx)?;
    let hits = u32::try_from(row.hits).map_err(|_| Fault::Corrupt("a window of a limit"))?;
    Ok(Counted { hits, ends_at: Timestamp(row.ends_at) })
}

/// Takes one back that was counted in this transaction.
pub fn take_back(tx: &mut Tx, bucket: &Bucket) -> Result<(), Fault> {
    let take = diesel::update(rate_windows::table.find(bucket.as_str()).filter(rate_windows::hits.gt(0)))
        .set(rate_windows::hits.eq(rate_windows::hits - 1));
    prepared(take).run(tx)?;
    Ok(())
}

/// Opens a window of `span` with one hit, in place of an earlier one.
pub fn open_window(tx: &mut Tx, bucket: &Bucket, span: Seconds, now: Timestamp) -> Result<(), Fault> {
    let open = diesel::sql_query(
        "INSERT INTO rate_windows (bucket, hits, ends_at) VALUES ($1, 1, $2) \
         ON CONFLICT (bucket) DO UPDATE SET hits = 1, ends_at = excluded.ends_at",
    )
    .bind::<Text, _>(bucket.as_str())
    .bind::<BigInt, _>((now + span).0);
    prepared(open).run(tx)?;
    Ok(())
}

/// Forgets what was counted.
pub fn clear(tx: &mut Tx, bucket: &Bucket) -> Result<(), Fault> {
    prepared(diesel::delete(rate_windows::table.find(bucket.as_str()))).run(tx)?;
    Ok(())
}

pub fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    sweep(tx, &Expiring { table: "rate_windows", key: "bucket", at: "ends_at" }, now)
}
