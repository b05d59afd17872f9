//! Forgetting rows that have run out, without ever waiting: a row that somebody holds at this moment
//! is left to the next round. Housekeeping deletes many rows in no order of ours, on every node; if it
//! waited, it and an act that takes two of the same rows could wait for each other.

use diesel::RunQueryDsl;
use diesel::sql_types::BigInt;

use super::{AnyConnection, Tx};
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// A table whose rows run out, its key, and the column or expression that says when.
pub(super) struct Expiring {
    pub table: &'static str,
    pub key: &'static str,
    pub at: &'static str,
}

/// Forgets what had run out by `now` and nobody holds.
pub(super) fn sweep(tx: &mut Tx, rows: &Expiring, now: Timestamp) -> Result<usize, Fault> {
    let Expiring { table, key, at } = rows;
    let unheld = match &**tx {
        // Its transactions write one after the other.
        AnyConnection::Sqlite(_) => "",
        AnyConnection::Postgres(_) => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {at} <= $1 {unheld})");
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(now.0).execute(&mut **tx)?)
}
