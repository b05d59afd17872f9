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

/// Remembers keys, each with its check value. Processes that meet the same new key at once take
/// turns, and the later ones find it remembered.
pub fn remember(tx: &mut Tx, values: &[(String, [u8; 32])], now: Timestamp) -> Result<(), Fault> {
    diesel::update(instance::table).set(instance::keyed_at.eq(instance::keyed_at)).execute(&mut **tx)?;
    let known = checks(tx)?;
    for (id, value) in values.iter().filter(|(id, _)| known.iter().all(|(old, _)| old != id)) {
        diesel::insert_into(key_checks::table)
            .values((
                key_checks::key_id.eq(id),
                key_checks::check_value.eq(value.as_slice()),
                key_checks::created_at.eq(now.0),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}
