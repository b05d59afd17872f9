//! The nodes that serve: which keys each uses, so that no key is used before all of them have it.

use std::ops::RangeInclusive;

use diesel::dsl::{Between, count_star};
use diesel::prelude::*;

use super::schema::nodes;
use super::{AnyConnection, Tx};
use crate::domain::ids::NodeId;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// The keys by which a node goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysInUse {
    pub active: String,
    pub next: Option<String>,
}

/// A node says that it lives, and what it goes by.
pub fn say(tx: &mut Tx, id: NodeId, keys: &KeysInUse, now: Timestamp) -> Result<(), Fault> {
    let row = (nodes::active_key.eq(&keys.active), nodes::next_key.eq(&keys.next), nodes::seen_at.eq(now.0));
    if diesel::update(nodes::table.find(id.as_i64())).set(row).execute(&mut **tx)? == 0 {
        let row = (nodes::active_key.eq(&keys.active), nodes::next_key.eq(&keys.next), nodes::seen_at.eq(now.0));
        diesel::insert_into(nodes::table).values((nodes::id.eq(id.as_i64()), row)).execute(&mut **tx)?;
    }
    Ok(())
}

/// A node has stopped.
pub fn forget(tx: &mut Tx, id: NodeId) -> Result<(), Fault> {
    diesel::delete(nodes::table.find(id.as_i64())).execute(&mut **tx)?;
    Ok(())
}

/// Forgets nodes that ended without a word, also while their clock ran ahead (SC-77).
pub fn forget_silent(tx: &mut Tx, living: &RangeInclusive<Timestamp>) -> Result<(), Fault> {
    let silent = nodes::seen_at.lt(living.start().0).or(nodes::seen_at.gt(living.end().0));
    diesel::delete(nodes::table.filter(silent)).execute(&mut **tx)?;
    Ok(())
}

/// How many nodes, heard of in this time, neither use a key nor have it waiting.
pub fn without_key(conn: &mut AnyConnection, key: &str, living: &RangeInclusive<Timestamp>) -> Result<i64, Fault> {
    let lacks = nodes::next_key.is_null().or(nodes::next_key.ne(key).assume_not_null());
    let found = nodes::table.filter(is_heard_of(living)).filter(nodes::active_key.ne(key)).filter(lacks);
    Ok(found.select(count_star()).first(conn)?)
}

/// How many nodes, heard of in this time, use another key.
pub fn not_using(conn: &mut AnyConnection, key: &str, living: &RangeInclusive<Timestamp>) -> Result<i64, Fault> {
    let found = nodes::table.filter(is_heard_of(living)).filter(nodes::active_key.ne(key));
    Ok(found.select(count_star()).first(conn)?)
}

fn is_heard_of(living: &RangeInclusive<Timestamp>) -> Between<nodes::seen_at, i64, i64> {
    nodes::seen_at.between(living.start().0, living.end().0)
}
