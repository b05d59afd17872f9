//! Two-factor authentication required for an office: the day, and who is still missing.

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::schema::{memberships, offices, two_factors, users};
use super::users::User;
use super::{AnyConnection, Tx, users as accounts};
use crate::domain::ids::OfficeId;
use crate::domain::office::Role;
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
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

/// Sets the day, or lifts the requirement; members are told of it now.
pub fn set(tx: &mut Tx, office: OfficeId, from: Option<Timestamp>, now: Timestamp) -> Result<(), Fault> {
    diesel::update(offices::table.find(office.as_i64()))
        .set((
            offices::two_factor_required_from.eq(from.map(|from| from.0)),
            offices::two_factor_told_at.eq(from.map(|_| now.0)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Remembers that members were reminded. `false`: somebody else has reminded them, or the day has
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
        .set(offices::two_factor_told_at.eq(now.0))
        .execute(&mut **tx)?;
    Ok(changed == 1)
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

/// Members of an office without two-factor authentication, by address.
pub fn missing(conn: &mut AnyConnection, office: OfficeId) -> Result<Vec<User>, Fault> {
    let factor = two_factors::table.filter(two_factors::user_id.eq(users::id));
    let rows: Vec<accounts::Row> = users::table
        .inner_join(memberships::table)
        .filter(memberships::office_id.eq(office.as_i64()))
        .filter(not(exists(factor)))
        .order(users::email)
        .select(accounts::COLUMNS)
        .load(conn)?;
    rows.into_iter().map(accounts::user).collect()
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
