//! The trail of an office: the rows of the audit trail that concern it. Which these are is written
//! down with each row, for memberships change and the past must not change with them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::audit::Row;
use super::prepared::prepared;
use super::schema::{audit_events, audit_offices, memberships, users};
use super::{AnyConnection, Tx};
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::member_list::fold;
use crate::fault::Fault;

diesel::define_sql_function!(fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text);

/// The escape of [`containing`].
const ESCAPE: char = '\\';

/// Which rows of an office are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Rows that concern this person, or were done by them for the office.
    pub member: Option<UserId>,
    /// The same for everybody whose name or, for members of today, address contains this.
    pub person: Option<String>,
    pub actions: Option<Vec<&'static str>>,
    /// Not before this moment.
    pub from: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
}

/// A person in an office's trail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// The address, for members of today.
    pub email: Option<String>,
}

/// Notes which offices the new row belongs to: the one it names or, when it names none, those of
/// the person it concerns at this moment.
pub(super) fn index(tx: &mut Tx, row: &Row) -> Result<(), Fault> {
    let offices: Vec<i64> = match (row.office_id, row.subject_id) {
        (Some(office), _) => vec![office],
        (None, None) => return Ok(()),
        (None, Some(subject)) => {
            prepared(memberships::table.filter(memberships::user_id.eq(subject)).select(memberships::office_id))
                .rows(tx)?
        }
    };
    for office in offices {
        let belongs = (audit_offices::office_id.eq(office), audit_offices::seq.eq(row.seq));
        prepared(diesel::insert_into(audit_offices::table).values(belongs)).run(tx)?;
    }
    Ok(())
}

/// Everybody whose name fits, or who is a member of today with a fitting address or a name that fits in its
/// one form. No query depends on the row, so that the database looks for people once, not for each row.
/// SQLite lowers no letter beyond ASCII; there a name of before is found as it was written.
macro_rules! fits {
    ($id:expr, $office:ident, $text:ident) => {{
        let (lowered, exact, folded) = (containing(&$text.to_lowercase()), containing($text), containing(&fold($text)));
        let named = users::table
            .filter(lower(users::name).like(lowered.clone()).escape(ESCAPE).or(users::name.like(exact).escape(ESCAPE)))
            .select(users::id.nullable());
        let here = memberships::table
            .inner_join(users::table)
            .filter(memberships::office_id.eq($office))
            .filter(users::email.like(lowered).escape(ESCAPE).or(memberships::name_key.like(folded).escape(ESCAPE)))
            .select(memberships::user_id.nullable());
        $id.eq_any(named).or($id.eq_any(here))
    }};
}

/// Rows of an office below `before`, newest first.
pub fn rows(
    conn: &mut AnyConnection,
    office: OfficeId,
    wanted: &Wanted,
    before: i64,
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let office = office.as_i64();
    let mut query = audit_offices::table
        .inner_join(audit_events::table)
        .filter(audit_offices::office_id.eq(office).and(audit_offices::seq.lt(before)))
        .order(audit_offices::seq.desc())
        .limit(limit)
        .select(audit_events::all_columns)
        .into_boxed();
    if let Some(member) = wanted.member {
        let for_us = audit_events::office_id.eq(office).and(audit_events::actor_id.eq(member.as_i64()));
        query = query.filter(audit_events::subject_id.eq(member.as_i64()).or(for_us));
    }
    if let Some(text) = &wanted.person {
        let members = memberships::table.filter(memberships::office_id.eq(office));
        let concerned = fits!(audit_events::subject_id, office, text);
        let done = fits!(audit_events::actor_id, office, text);
        // Who acted from elsewhere is not named, so not found by name either.
        let here = audit_events::actor_id
            .eq_any(members.select(memberships::user_id.nullable()))
            .or(audit_events::office_id.eq(office));
        query = query.filter(concerned.or(done.and(here)));
    }
    if let Some(actions) = &wanted.actions {
        query = query.filter(audit_events::action.eq_any(actions.clone()));
    }
    if let Some(from) = wanted.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(until) = wanted.until {
        query = query.filter(audit_events::at.lt(until));
    }
    Ok(query.load(conn)?)
}

/// The pattern of texts that contain this one.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The people of these ids. Whoever is no member of the office today keeps name, not address: what
/// became of it since is no longer the office's to know.
pub fn people(conn: &mut AnyConnection, office: OfficeId, ids: &[i64]) -> Result<HashMap<i64, Person>, Fault> {
    let names: Vec<(i64, String, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name, users::email)).load(conn)?;
    let here = memberships::table.filter(memberships::office_id.eq(office.as_i64()));
    let members: Vec<i64> = here.filter(memberships::user_id.eq_any(ids)).select(memberships::user_id).load(conn)?;
    let members: std::collections::HashSet<i64> = members.into_iter().collect();
    let person = |(id, name, email)| (id, Person { name, email: Some(email).filter(|_| members.contains(&id)) });
    Ok(names.into_iter().map(person).collect())
}

/// Whether a person belongs to the office, or stands in its trail.
pub fn knows(conn: &mut AnyConnection, office: OfficeId, user: UserId) -> Result<bool, Fault> {
    let (office, user) = (office.as_i64(), user.as_i64());
    let member: Option<i64> =
        memberships::table.find((user, office)).select(memberships::user_id).first(conn).optional()?;
    if member.is_some() {
        return Ok(true);
    }
    let rows = audit_offices::table.inner_join(audit_events::table).filter(audit_offices::office_id.eq(office));
    let row: Option<i64> =
        rows.filter(audit_events::subject_id.eq(user)).select(audit_offices::seq).first(conn).optional()?;
    Ok(row.is_some())
}
