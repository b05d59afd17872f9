//! Rows that hold something sealed: authenticator keys, pending set-ups and waiting mails; found
//! by the key that seals them, and sealed anew.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{audit_events, generations, outbox, pending_set_ups, two_factors};
use super::{AnyConnection, Tx};
use crate::domain::ids::{MailId, SetUpId, UserId};
use crate::domain::sealed::Sealed;
use crate::fault::Fault;

/// The tables with something sealed in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Authenticators,
    PendingSetUps,
    Mails,
}

impl Table {
    pub const ALL: [Table; 3] = [Table::Authenticators, Table::PendingSetUps, Table::Mails];
}

/// Whose the sealed value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Authenticator(UserId, SetUpId),
    PendingSetUp(UserId, SetUpId),
    Mail(MailId),
}

/// A sealed value in its place.
#[derive(Debug, Clone)]
pub struct SealedRow {
    pub place: Place,
    pub sealed: Sealed,
}

impl SealedRow {
    /// The number by which the rows of a table are in order.
    pub const fn position(&self) -> i64 {
        match self.place {
            Place::Authenticator(user, _) | Place::PendingSetUp(user, _) => user.as_i64(),
            Place::Mail(mail) => mail.as_i64(),
        }
    }
}

/// How many values other keys than `active` seal.
pub fn count_sealed_otherwise(conn: &mut AnyConnection, active: &str) -> Result<i64, Fault> {
    let authenticators: i64 =
        two_factors::table.filter(two_factors::key_id.ne(active)).select(count_star()).first(conn)?;
    let pending: i64 =
        pending_set_ups::table.filter(pending_set_ups::key_id.ne(active)).select(count_star()).first(conn)?;
    let mails: i64 = outbox::table
        .filter(outbox::key_id.ne(active).and(outbox::sealed.is_not_null()))
        .select(count_star())
        .first(conn)?;
    Ok(authenticators + pending + mails)
}

/// Values of a table that other keys than `active` seal, after a position.
pub fn sealed_otherwise(
    conn: &mut AnyConnection,
    table: Table,
    active: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<SealedRow>, Fault> {
    type OfUser = (i64, i64, String, Vec<u8>);
    let of_user = |rows: Vec<OfUser>, place: fn(UserId, SetUpId) -> Place| {
        let row = |(user, set_up, key_id, ciphertext)| SealedRow {
            place: place(UserId::from_i64(user), SetUpId::from_i64(set_up)),
            sealed: Sealed { key_id, ciphertext },
        };
        rows.into_iter().map(row).collect()
    };
    Ok(match table {
        Table::Authenticators => {
            let rows = two_factors::table
                .filter(two_factors::key_id.ne(active).and(two_factors::user_id.gt(after)))
                .order(two_factors::user_id)
                .limit(limit)
                .select((two_factors::user_id, two_factors::set_up_id, two_factors::key_id, two_factors::sealed_key))
                .load(conn)?;
            of_user(rows, Place::Authenticator)
        }
        Table::PendingSetUps => {
            let rows = pending_set_ups::table
                .filter(pending_set_ups::key_id.ne(active).and(pending_set_ups::user_id.gt(after)))
                .order(pending_set_ups::user_id)
                .limit(limit)
                .select((
                    pending_set_ups::user_id,
                    pending_set_ups::set_up_id,
                    pending_set_ups::key_id,
                    pending_set_ups::sealed_key,
                ))
                .load(conn)?;
            of_user(rows, Place::PendingSetUp)
        }
        Table::Mails => {
            let rows: Vec<(i64, String, Option<Vec<u8>>)> = outbox::table
                .filter(outbox::key_id.ne(active).and(outbox::sealed.is_not_null()).and(outbox::id.gt(after)))
                .order(outbox::id)
                .limit(limit)
                .select((outbox::id, outbox::key_id, outbox::sealed))
                .load(conn)?;
            rows.into_iter()
                .filter_map(|(id, key_id, sealed)| {
                    let sealed = Sealed { key_id, ciphertext: sealed? };
                    Some(SealedRow { place: Place::Mail(MailId::from_i64(id)), sealed })
                })
                .collect()
        }
    })
}

/// Puts a value sealed anew in the place of the old one. `false`: it is not the old one any more,
/// for a set-up was begun, confirmed or released, or a mail has left, meanwhile.
pub fn replace(tx: &mut Tx, old: &SealedRow, new: &Sealed) -> Result<bool, Fault> {
    let changed = match old.place {
        Place::Authenticator(user, set_up) => diesel::update(
            two_factors::table
                .find(user.as_i64())
                .filter(two_factors::set_up_id.eq(set_up.as_i64()))
                .filter(two_factors::sealed_key.eq(&old.sealed.ciphertext)),
        )
        .set((two_factors::key_id.eq(&new.key_id), two_factors::sealed_key.eq(&new.ciphertext)))
        .execute(&mut **tx)?,
        Place::PendingSetUp(user, set_up) => diesel::update(
            pending_set_ups::table
                .find(user.as_i64())
                .filter(pending_set_ups::set_up_id.eq(set_up.as_i64()))
                .filter(pending_set_ups::sealed_key.eq(&old.sealed.ciphertext)),
        )
        .set((pending_set_ups::key_id.eq(&new.key_id), pending_set_ups::sealed_key.eq(&new.ciphertext)))
        .execute(&mut **tx)?,
        Place::Mail(mail) => {
            diesel::update(outbox::table.find(mail.as_i64()).filter(outbox::sealed.eq(Some(&old.sealed.ciphertext))))
                .set((outbox::key_id.eq(&new.key_id), outbox::sealed.eq(Some(&new.ciphertext))))
                .execute(&mut **tx)?
        }
    };
    Ok(changed == 1)
}

/// What still needs which key: kind of row, key, how many.
pub fn key_usage(conn: &mut AnyConnection) -> Result<Vec<(&'static str, String, i64)>, Fault> {
    let mut usage = Vec::new();
    let mut add = |kind, rows: Vec<(String, i64)>| usage.extend(rows.into_iter().map(|(key, n)| (kind, key, n)));
    add(
        "authenticators",
        two_factors::table.group_by(two_factors::key_id).select((two_factors::key_id, count_star())).load(conn)?,
    );
    add(
        "pending_set_ups",
        pending_set_ups::table
            .group_by(pending_set_ups::key_id)
            .select((pending_set_ups::key_id, count_star()))
            .load(conn)?,
    );
    let mails = outbox::table.filter(outbox::sealed.is_not_null()).group_by(outbox::key_id);
    add("mails", mails.select((outbox::key_id, count_star())).load(conn)?);
    let sheets = generations::table.filter(generations::voided_at.is_null()).group_by(generations::key_id);
    add("sheets", sheets.select((generations::key_id, count_star())).load(conn)?);
    add(
        "audit_rows",
        audit_events::table.group_by(audit_events::key_id).select((audit_events::key_id, count_star())).load(conn)?,
    );
    Ok(usage)
}
