//! Two-factor authentication required for an office: the day, and who is still missing.

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::schema::{memberships, offices, two_factors, users};
use super::users::User;
use super::{AnyConnection, Tx, users as accounts};
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::office::Role;
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::requirement::Telling;
use crate::fault::Fault;

/// What is known of an office's requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub office_name: String,
    pub plan: Plan,
    /// From when on; whether it counts, the plan says.
    pub from: Option<Timestamp>,
    /// When members last heard of that day.
    pub told_at: Option<Timestamp>,
}

/// What an office asks, with the plan that allows it.
pub fn asked(conn: &mut AnyConnection, office: OfficeId) -> Result<Asked, Fault> {
    let row: (String, String, Option<i64>, Option<i64>) = offices::table
        .find(office.as_i64())
        .select((offices::name, offices::plan, offices::two_factor_required_from, offices::two_factor_told_at))
        .first(conn)?;
    let (office_name, plan, from, told_at) = row;
    let plan = super::offices::plan(&plan)?;
    Ok(Asked { office_name, plan, from: from.map(Timestamp), told_at: told_at.map(Timestamp) })
}

/// Sets the day, or lifts the requirement; members are told of it from now on.
pub fn set(
    tx: &mut Tx,
    office: OfficeId,
    from: Option<Timestamp>,
    telling: Telling,
    now: Timestamp,
) -> Result<(), Fault> {
    diesel::update(offices::table.find(office.as_i64()))
        .set((
            offices::two_factor_required_from.eq(from.map(|from| from.0)),
            offices::two_factor_told_at.eq(from.map(|_| now.0)),
            offices::two_factor_telling.eq(telling.slug()),
            offices::two_factor_told_up_to.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Remembers that members are reminded from now on. `false`: somebody else has reminded them, or the day has
/// changed since it was looked at.
pub fn remind(
    tx: &mut Tx,
    office: OfficeId,
    from: Timestamp,
    told_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Fault> {
    let unchanged = offices::two_factor_required_from.eq(from.0).and(offices::two_factor_told_at.eq(told_at.0));
    let changed = diesel::update(offices::table.find(office.as_i64()).filter(unchanged))
        .set((
            offices::two_factor_told_at.eq(now.0),
            offices::two_factor_telling.eq(Telling::Reminder.slug()),
            offices::two_factor_told_up_to.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// What is still to be told, and the last member who has heard it.
pub fn telling(conn: &mut AnyConnection, office: OfficeId) -> Result<Option<(Telling, Option<UserId>)>, Fault> {
    let (slug, told): (Option<String>, Option<i64>) = offices::table
        .find(office.as_i64())
        .select((offices::two_factor_telling, offices::two_factor_told_up_to))
        .first(conn)?;
    let Some(slug) = slug else { return Ok(None) };
    let telling = Telling::from_slug(&slug).ok_or(Fault::Corrupt("what an office is to be told"))?;
    Ok(Some((telling, told.map(UserId::from_i64))))
}

/// Remembers the last member told; nobody: all of them have been.
pub fn told_up_to(tx: &mut Tx, office: OfficeId, last: Option<UserId>) -> Result<(), Fault> {
    let office = offices::table.find(office.as_i64());
    match last {
        Some(last) => {
            diesel::update(office).set(offices::two_factor_told_up_to.eq(last.as_i64())).execute(&mut **tx)?
        }
        None => diesel::update(office)
            .set((offices::two_factor_telling.eq(None::<String>), offices::two_factor_told_up_to.eq(None::<i64>)))
            .execute(&mut **tx)?,
    };
    Ok(())
}

/// Offices of which not all have been told.
pub fn untold(conn: &mut AnyConnection) -> Result<Vec<OfficeId>, Fault> {
    let ids: Vec<i64> = offices::table
        .filter(offices::two_factor_telling.is_not_null())
        .order(offices::id)
        .select(offices::id)
        .load(conn)?;
    Ok(ids.into_iter().map(OfficeId::from_i64).collect())
}

/// Offices whose day is yet to come.
pub fn coming(conn: &mut AnyConnection, now: Timestamp) -> Result<Vec<OfficeId>, Fault> {
    let ids: Vec<i64> = offices::table
        .filter(offices::two_factor_required_from.gt(now.0))
        .order(offices::id)
        .select(offices::id)
        .load(conn)?;
    Ok(ids.into_iter().map(OfficeId::from_i64).collect())
}

/// A member without two-factor authentication; a damaged row is that member's fault alone (SC-76).
pub type Missing = (UserId, Result<User, Fault>);

/// Members of an office without two-factor authentication, by id, after this one.
pub fn missing(
    conn: &mut AnyConnection,
    office: OfficeId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Missing>, Fault> {
    let factor = two_factors::table.filter(two_factors::user_id.eq(users::id));
    let rows: Vec<accounts::Row> = users::table
        .inner_join(memberships::table)
        .filter(memberships::office_id.eq(office.as_i64()))
        .filter(not(exists(factor)))
        .filter(users::id.gt(after.map_or(i64::MIN, UserId::as_i64)))
        .order(users::id)
        .limit(limit)
        .select(accounts::COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (UserId::from_i64(row.0), accounts::user(row))).collect())
}

/// How many members of an office have no two-factor authentication.
pub fn count_missing(conn: &mut AnyConnection, office: OfficeId) -> Result<i64, Fault> {
    let factor = two_factors::table.filter(two_factors::user_id.eq(memberships::user_id));
    let missing = memberships::table.filter(memberships::office_id.eq(office.as_i64())).filter(not(exists(factor)));
    Ok(missing.select(count_star()).first(conn)?)
}

/// Administrators of an office who have two-factor authentication, by address.
pub fn protected_administrators(conn: &mut AnyConnection, office: OfficeId) -> Result<Vec<User>, Fault> {
    let factor = two_factors::table.filter(two_factors::user_id.eq(users::id));
    let rows: Vec<accounts::Row> = users::table
        .inner_join(memberships::table)
        .filter(memberships::office_id.eq(office.as_i64()).and(memberships::role.eq(Role::Admin.slug())))
        .filter(exists(factor))
        .order(users::email)
        .select(accounts::COLUMNS)
        .load(conn)?;
    rows.into_iter().map(accounts::user).collect()
}
