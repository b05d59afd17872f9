//! The tokens that open the first start, and whether anybody has an account yet.

use diesel::prelude::*;

use super::schema::{first_start, instance, users};
use super::{AnyConnection, Tx};
use crate::domain::link::TokenDigest;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// How many tokens are good at once: one for each start of each node, the newest ones.
const KEPT: i64 = 20;

/// Whether anybody has an account.
pub fn has_users(conn: &mut AnyConnection) -> Result<bool, Fault> {
    Ok(users::table.select(users::id).first::<i64>(conn).optional()?.is_some())
}

/// Whether any token is good.
pub fn is_offered(conn: &mut AnyConnection) -> Result<bool, Fault> {
    Ok(first_start::table.select(first_start::created_at).first::<i64>(conn).optional()?.is_some())
}

/// Whether this token is good.
pub fn knows(conn: &mut AnyConnection, token: TokenDigest) -> Result<bool, Fault> {
    let found = first_start::table.find(token.0.as_slice()).select(first_start::created_at).first::<i64>(conn);
    Ok(found.optional()?.is_some())
}

/// Adds a token; of many starts only the newest tokens stay.
pub fn insert(tx: &mut Tx, token: TokenDigest, now: Timestamp) -> Result<(), Fault> {
    hold(tx)?;
    diesel::insert_into(first_start::table)
        .values((first_start::digest.eq(token.0.as_slice()), first_start::created_at.eq(now.0)))
        .execute(&mut **tx)?;
    let older: Vec<Vec<u8>> = first_start::table
        .order(first_start::created_at.desc())
        .then_order_by(first_start::digest)
        .filter(first_start::digest.ne(token.0.as_slice()))
        .offset(KEPT - 1)
        .limit(KEPT)
        .select(first_start::digest)
        .load(&mut **tx)?;
    diesel::delete(first_start::table.filter(first_start::digest.eq_any(older))).execute(&mut **tx)?;
    Ok(())
}

/// Ends the first start: every token dies. Whoever adds the first person does this first, and so
/// takes turns with everybody else who would.
pub fn close(tx: &mut Tx) -> Result<(), Fault> {
    hold(tx)?;
    diesel::delete(first_start::table).execute(&mut **tx)?;
    Ok(())
}

/// Holds the one row of the installation for this transaction.
pub fn hold(tx: &mut Tx) -> Result<(), Fault> {
    diesel::update(instance::table).set(instance::keyed_at.eq(instance::keyed_at)).execute(&mut **tx)?;
    Ok(())
}
