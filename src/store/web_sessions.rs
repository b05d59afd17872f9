//! What a browser's cookie stands for: a small map, found by the SHA-256 of the cookie's key.

use diesel::prelude::*;

use super::schema::web_sessions;
use super::sweep::{Expiring, sweep};
use super::{AnyConnection, Tx};
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// The state as JSON text, if it is there and has not expired.
pub fn load(conn: &mut AnyConnection, digest: &[u8; 32], now: Timestamp) -> Result<Option<String>, Fault> {
    Ok(web_sessions::table
        .find(digest.as_slice())
        .filter(web_sessions::expires_at.gt(now.0))
        .select(web_sessions::state)
        .first(conn)
        .optional()?)
}

pub fn insert(tx: &mut Tx, digest: &[u8; 32], state: &str, expires_at: Timestamp) -> Result<(), Fault> {
    diesel::insert_into(web_sessions::table)
        .values((
            web_sessions::digest.eq(digest.as_slice()),
            web_sessions::state.eq(state),
            web_sessions::expires_at.eq(expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// `false`: the row is gone, and must not come back.
pub fn update(tx: &mut Tx, digest: &[u8; 32], state: &str, expires_at: Timestamp) -> Result<bool, Fault> {
    let changed = diesel::update(web_sessions::table.find(digest.as_slice()))
        .set((web_sessions::state.eq(state), web_sessions::expires_at.eq(expires_at.0)))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx, digest: &[u8; 32]) -> Result<(), Fault> {
    diesel::delete(web_sessions::table.find(digest.as_slice())).execute(&mut **tx)?;
    Ok(())
}

pub fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    sweep(tx, &Expiring { table: "web_sessions", key: "digest", at: "expires_at" }, now)
}
