//! The audit trail: rows that are only ever added, each holding the hash of the one before it in
//! its own.

use diesel::dsl::{max, min};
use diesel::prelude::*;

use super::prepared::prepared;
use super::schema::{audit_anchor, audit_events, audit_head};
use super::{AnyConnection, Tx, office_trail};
use crate::domain::ids::UserId;
use crate::fault::Fault;

/// One row as it is stored; the hash covers everything before it.
#[derive(Debug, Clone, Queryable, Insertable, PartialEq, Eq)]
#[diesel(table_name = audit_events)]
pub struct Row {
    pub seq: i64,
    pub at: i64,
    pub action: String,
    pub outcome: String,
    pub actor_id: Option<i64>,
    pub subject_id: Option<i64>,
    pub office_id: Option<i64>,
    pub address: String,
    pub device: String,
    pub detail: String,
    pub key_id: String,
    pub hash: Vec<u8>,
}

/// The end of the chain: number and hash of the newest row.
pub fn head(conn: &mut AnyConnection) -> Result<Option<(i64, Vec<u8>)>, Fault> {
    Ok(audit_head::table.select((audit_head::seq, audit_head::hash)).first(conn).optional()?)
}

/// The numbers of the first and the last row there are, whatever the head says.
pub fn first_and_last(conn: &mut AnyConnection) -> Result<Option<(i64, i64)>, Fault> {
    let found: (Option<i64>, Option<i64>) =
        audit_events::table.select((min(audit_events::seq), max(audit_events::seq))).first(conn)?;
    Ok(found.0.zip(found.1))
}

/// Where the chain begins since old rows have been forgotten: the last of them, and a keyed hash
/// over it. With number 0 nothing has been forgotten.
#[derive(Debug, Clone, Queryable)]
pub struct Anchor {
    pub seq: i64,
    pub hash: Option<Vec<u8>>,
    pub key_id: Option<String>,
    pub mac: Option<Vec<u8>>,
}

/// The anchor, which every database has.
pub fn anchor(conn: &mut AnyConnection) -> Result<Option<Anchor>, Fault> {
    let columns = (audit_anchor::seq, audit_anchor::hash, audit_anchor::key_id, audit_anchor::mac);
    Ok(audit_anchor::table.select(columns).first(conn).optional()?)
}

/// Moves the anchor on from `from`. `false`: somebody else has moved it, and the transaction is to
/// be given up.
pub fn move_anchor(tx: &mut Tx, from: i64, to: &Anchor) -> Result<bool, Fault> {
    let changed = diesel::update(audit_anchor::table.find(1).filter(audit_anchor::seq.eq(from)))
        .set((
            audit_anchor::seq.eq(to.seq),
            audit_anchor::hash.eq(&to.hash),
            audit_anchor::key_id.eq(&to.key_id),
            audit_anchor::mac.eq(&to.mac),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Forgets the rows up to this one.
pub fn forget_up_to(tx: &mut Tx, seq: i64) -> Result<usize, Fault> {
    Ok(diesel::delete(audit_events::table.filter(audit_events::seq.le(seq))).execute(&mut **tx)?)
}

/// Begins the chain of a new database.
pub fn begin(tx: &mut Tx, hash: &[u8]) -> Result<(), Fault> {
    diesel::insert_into(audit_head::table)
        .values((audit_head::id.eq(1), audit_head::seq.eq(0), audit_head::hash.eq(hash)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes the end of the chain for this transaction: the number of the next row, and the hash of
/// the one before it. Others wait, so this comes as late in a transaction as possible.
pub fn next(tx: &mut Tx) -> Result<(i64, Vec<u8>), Fault> {
    let take = diesel::update(audit_head::table.find(1))
        .set(audit_head::seq.eq(audit_head::seq + 1))
        .returning((audit_head::seq, audit_head::hash));
    prepared(take).row(tx).map_err(Fault::from)
}

/// Adds a row at the end of the chain.
pub fn append(tx: &mut Tx, row: &Row) -> Result<(), Fault> {
    add(tx, row)?;
    end(tx, row.seq, &row.hash)
}

/// Adds a row; [`end`] has to follow the last one.
pub fn add(tx: &mut Tx, row: &Row) -> Result<(), Fault> {
    prepared(diesel::insert_into(audit_events::table).values(row)).run(tx)?;
    tx.counts.row(&row.action, &row.outcome);
    office_trail::index(tx, row)
}

/// Says where the chain ends.
pub fn end(tx: &mut Tx, seq: i64, hash: &[u8]) -> Result<(), Fault> {
    let write = diesel::update(audit_head::table.find(1)).set((audit_head::seq.eq(seq), audit_head::hash.eq(hash)));
    prepared(write).run(tx)?;
    Ok(())
}

/// Rows after `seq`, in order.
pub fn after(conn: &mut AnyConnection, seq: i64, limit: i64) -> Result<Vec<Row>, Fault> {
    Ok(audit_events::table.filter(audit_events::seq.gt(seq)).order(audit_events::seq).limit(limit).load(conn)?)
}

/// Rows that concern a user, newest first, below `before`.
pub fn of_user(conn: &mut AnyConnection, user: UserId, before: Option<i64>, limit: i64) -> Result<Vec<Row>, Fault> {
    Ok(audit_events::table
        .filter(audit_events::subject_id.eq(user.as_i64()))
        .filter(audit_events::seq.lt(before.unwrap_or(i64::MAX)))
        .order(audit_events::seq.desc())
        .limit(limit)
        .load(conn)?)
}
