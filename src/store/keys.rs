//! What the database remembers of the key file: enough to recognise its keys, nothing to use.

use diesel::prelude::*;

use super::schema::{instance, key_checks};
use super::{AnyConnection, Tx};
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// The remembered keys: id and check value.
pub fn checks(conn: &mut AnyConnection) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    Ok(key_checks::table.select((key_checks::key_id, key_checks::check_value)).load(conn)?)
}

/// Marks a new database as having its keys. Only the first caller ever gets `true`.
pub fn claim_new_database(tx: &mut Tx, now: Timestamp) -> Result<bool, Fault> {
    let changed = diesel::update(instance::table.filter(instance::keyed_at.is_null()))
        .set(instance::keyed_at.eq(now.0))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Remembers a key.
pub fn remember(tx: &mut Tx, key_id: &str, check_value: &[u8], now: Timestamp) -> Result<(), Fault> {
    diesel::insert_into(key_checks::table)
        .values((
            key_checks::key_id.eq(key_id),
            key_checks::check_value.eq(check_value),
            key_checks::created_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}
