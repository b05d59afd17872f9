//! The member list of an office (docs/decisions/0010-a-list-in-one-index.md). It is sorted and filtered
//! by columns of `memberships` that are derived from the rows that count: going through accounts,
//! set-ups and codes of ten thousand members takes ten times as long. Each change of those rows
//! derives its columns anew, never by counting up or down, so that they cannot drift.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::prepared::prepared;
use super::schema::{memberships, users};
use super::{AnyConnection, Tx};
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::member_list::{self, Column, Keep, MemberQuery};
use crate::domain::office::Role;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::backup_code::LOW;
use crate::fault::Fault;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub two_factor: bool,
    /// Unused codes of the newest sheet; nothing without a sheet.
    pub codes_left: Option<u8>,
    pub last_sign_in_at: Option<Timestamp>,
}

/// How many members there are, and how many of them the filters keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    pub members: u32,
    pub off: u32,
    pub low: u32,
}

/// Derives a person's name in the list, in every office.
pub(super) fn rename(tx: &mut Tx, user: UserId, name: &str) -> Result<(), Fault> {
    diesel::update(memberships::table.filter(memberships::user_id.eq(user.as_i64())))
        .set(memberships::name_key.eq(member_list::fold(name)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Derives a person's address in the list, in every office.
pub(super) fn readdress(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    derive(tx, user, "email = (SELECT email FROM users WHERE id = $1)")
}

const LAST_SIGN_IN: &str = "last_sign_in_at = COALESCE((SELECT users.last_sign_in_at FROM users WHERE id = $1), 0)";
const SECOND_FACTOR: &str = "two_factor = (SELECT COUNT(*) FROM two_factors WHERE two_factors.user_id = $1), \
    codes_left = COALESCE((SELECT \
        (SELECT COUNT(*) FROM backup_codes WHERE generation_id = generations.id AND used_at IS NULL) \
        FROM generations WHERE generations.user_id = $1 AND voided_at IS NULL), -1)";

/// Derives when a person last signed in, in every office.
pub(super) fn refresh_last_sign_in(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    derive(tx, user, LAST_SIGN_IN)
}

/// Derives whether a person's second factor is on and how many codes are left, in every office.
pub(super) fn refresh_second_factor(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    derive(tx, user, SECOND_FACTOR)
}

/// Both at once, so that each index is written once.
pub(super) fn refresh_second_factor_and_sign_in(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    derive(tx, user, &format!("{SECOND_FACTOR}, {LAST_SIGN_IN}"))
}

/// Only what has changed is written, for each column stands in an index.
fn derive(tx: &mut Tx, user: UserId, columns: &str) -> Result<(), Fault> {
    let write = diesel::sql_query(format!("UPDATE memberships SET {columns} WHERE user_id = $1"))
        .bind::<BigInt, _>(user.as_i64());
    prepared(write).run(tx)?;
    Ok(())
}

/// Counts the members of an office, on an index of its own: the one of the list is four times as wide.
pub fn summary(conn: &mut AnyConnection, office: OfficeId) -> Result<Summary, Fault> {
    let mut counted = |keep| count(conn, office, &MemberQuery { keep, ..MemberQuery::default() });
    Ok(Summary { members: counted(Keep::All)?, off: counted(Keep::Off)?, low: counted(Keep::Low)? })
}

type Members<'a> = memberships::BoxedQuery<'a, <AnyConnection as Connection>::Backend>;

/// The members of an office that are asked for, in no order; `open` is who has an open request.
fn kept(office: OfficeId, query: &MemberQuery, open: &[UserId]) -> Members<'static> {
    let mut members = memberships::table.filter(memberships::office_id.eq(office.as_i64())).into_boxed();
    if !query.search.is_empty() {
        let pattern = like(&query.search);
        let by_name = memberships::name_key.like(pattern.clone()).escape('\\');
        members = members.filter(by_name.or(memberships::email.like(pattern).escape('\\')));
    }
    match query.keep {
        Keep::All => members,
        Keep::Off => members.filter(memberships::two_factor.eq(0)),
        Keep::Low => members.filter(memberships::two_factor.eq(1).and(memberships::codes_left.le(i32::from(LOW)))),
        Keep::Request => {
            let open: Vec<i64> = open.iter().copied().map(UserId::as_i64).collect();
            members.filter(memberships::user_id.eq_any(open))
        }
    }
}

/// A pattern for texts that hold this one; nothing in it commands the search.
fn like(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in member_list::fold(search).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn count(conn: &mut AnyConnection, office: OfficeId, query: &MemberQuery) -> Result<u32, Fault> {
    let count: i64 = kept(office, query, &[]).select(count_star()).first(conn)?;
    u32::try_from(count).map_err(|_| Fault::Corrupt("a number of members"))
}

fn in_order<'a>(members: Members<'a>, column: Column, descending: bool) -> Members<'a> {
    macro_rules! by {
        ($($column:expr),+) => {
            if descending { members.order(($($column.desc()),+)) } else { members.order(($($column.asc()),+)) }
        };
    }
    let (name, id) = (memberships::name_key, memberships::user_id);
    match column {
        Column::Name => by!(name, id),
        Column::Email => by!(memberships::email, id),
        Column::Role => by!(memberships::role, name, id),
        Column::Codes => by!(memberships::codes_left, name, id),
        Column::LastSignIn => by!(memberships::last_sign_in_at, name, id),
    }
}

/// Everybody who is asked for, in order: a search looks at each member, and need not do so a second time
/// to count them.
pub fn search(
    conn: &mut AnyConnection,
    office: OfficeId,
    query: &MemberQuery,
    open: &[UserId],
) -> Result<Vec<UserId>, Fault> {
    let members = in_order(kept(office, query, open), query.sort.column, query.sort.descending);
    let ids: Vec<i64> = members.select(memberships::user_id).load(conn)?;
    Ok(ids.into_iter().map(UserId::from_i64).collect())
}

/// Those on one page of the list, in order; `total` is how many there are on all pages.
pub fn on_page(
    conn: &mut AnyConnection,
    office: OfficeId,
    query: &MemberQuery,
    open: &[UserId],
    total: u32,
) -> Result<Vec<UserId>, Fault> {
    let page = member_list::on_page(query.page, total);
    // The second half is read from its end: skipping rows costs as much as sorting them.
    let from_the_end = page.start > total / 2;
    let skip = if from_the_end { total - page.end } else { page.start };
    let members = in_order(kept(office, query, open), query.sort.column, query.sort.descending != from_the_end);
    let members = members.offset(skip.into()).limit((page.end - page.start).into());
    let mut ids: Vec<i64> = members.select(memberships::user_id).load(conn)?;
    if from_the_end {
        ids.reverse();
    }
    Ok(ids.into_iter().map(UserId::from_i64).collect())
}

type Row = (i64, i64, String, String, String, i32, i32, i64);

/// The lines of these members, in this order. Whoever has left since they were found has none.
pub fn lines(conn: &mut AnyConnection, office: OfficeId, members: &[UserId]) -> Result<Vec<MemberRow>, Fault> {
    let ids: Vec<i64> = members.iter().copied().map(UserId::as_i64).collect();
    // Of all their offices: asked for one, SQLite goes through everybody in it.
    let rows: Vec<Row> = memberships::table
        .inner_join(users::table)
        .filter(memberships::user_id.eq_any(ids))
        .select((
            memberships::user_id,
            memberships::office_id,
            users::name,
            memberships::email,
            memberships::role,
            memberships::two_factor,
            memberships::codes_left,
            memberships::last_sign_in_at,
        ))
        .load(conn)?;
    let here = rows.into_iter().filter(|row| row.1 == office.as_i64());
    let mut rows: HashMap<i64, Row> = here.map(|row| (row.0, row)).collect();
    members.iter().filter_map(|id| rows.remove(&id.as_i64())).map(line).collect()
}

fn read_role(slug: &str) -> Result<Role, Fault> {
    slug.parse().map_err(|_| Fault::Corrupt("a member's role"))
}

/// A moment that may never have been.
fn moment(at: i64) -> Option<Timestamp> {
    (at > 0).then_some(Timestamp(at))
}

fn line(row: Row) -> Result<MemberRow, Fault> {
    let (id, _, name, email, role, two_factor, codes_left, last_sign_in_at) = row;
    Ok(MemberRow {
        id: UserId::from_i64(id),
        name,
        email,
        role: read_role(&role)?,
        two_factor: two_factor == 1,
        codes_left: u8::try_from(codes_left).ok(),
        last_sign_in_at: moment(last_sign_in_at),
    })
}

/// A member's place in an office.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub role: Role,
    pub joined_at: Timestamp,
    pub last_sign_in_at: Option<Timestamp>,
}

/// A member's place in an office; nothing for whoever has none.
pub fn place(conn: &mut AnyConnection, user: UserId, office: OfficeId) -> Result<Option<Place>, Fault> {
    let row: Option<(String, i64, i64)> = memberships::table
        .find((user.as_i64(), office.as_i64()))
        .select((memberships::role, memberships::created_at, memberships::last_sign_in_at))
        .first(conn)
        .optional()?;
    let Some((role, joined_at, last_sign_in_at)) = row else { return Ok(None) };
    let (joined_at, last_sign_in_at) = (Timestamp(joined_at), moment(last_sign_in_at));
    Ok(Some(Place { role: read_role(&role)?, joined_at, last_sign_in_at }))
}

/// Changes a role. `false`: it is no longer `from`, or the person no member any more.
pub fn set_role(tx: &mut Tx, user: UserId, office: OfficeId, from: Role, to: Role) -> Result<bool, Fault> {
    let as_it_was = memberships::table.find((user.as_i64(), office.as_i64())).filter(memberships::role.eq(from.slug()));
    Ok(diesel::update(as_it_was).set(memberships::role.eq(to.slug())).execute(&mut **tx)? == 1)
}

/// Takes a person out of an office. Only the first caller ever gets `true`.
pub fn remove(tx: &mut Tx, user: UserId, office: OfficeId) -> Result<bool, Fault> {
    Ok(diesel::delete(memberships::table.find((user.as_i64(), office.as_i64()))).execute(&mut **tx)? == 1)
}
