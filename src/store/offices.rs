//! Offices and memberships.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{memberships, offices};
use super::{AnyConnection, Tx, members, users};
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::member_list::fold;
use crate::domain::office::{Membership, Name, Role};
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// An office with the number of its members.
#[derive(Debug, Clone)]
pub struct Office {
    pub id: OfficeId,
    pub name: String,
    pub plan: Plan,
    pub members: i64,
    /// From when on it asks for two-factor authentication, if its plan lets it.
    pub two_factor_required_from: Option<Timestamp>,
}

pub(super) fn plan(slug: &str) -> Result<Plan, Fault> {
    slug.parse().map_err(|_| Fault::Corrupt("an office's plan"))
}

fn role(slug: &str) -> Result<Role, Fault> {
    slug.parse().map_err(|_| Fault::Corrupt("a member's role"))
}

pub fn insert(tx: &mut Tx, id: OfficeId, name: &Name, plan: Plan, now: Timestamp) -> Result<(), Fault> {
    diesel::insert_into(offices::table)
        .values((
            offices::id.eq(id.as_i64()),
            offices::name.eq(name.as_str()),
            offices::plan.eq(plan.slug()),
            offices::created_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Whether there was such an office.
pub fn set_plan(tx: &mut Tx, id: OfficeId, plan: Plan) -> Result<bool, Fault> {
    let changed =
        diesel::update(offices::table.find(id.as_i64())).set(offices::plan.eq(plan.slug())).execute(&mut **tx)?;
    Ok(changed == 1)
}

/// All offices by name.
pub fn all(conn: &mut AnyConnection) -> Result<Vec<Office>, Fault> {
    let counts: Vec<(i64, i64)> = memberships::table
        .group_by(memberships::office_id)
        .select((memberships::office_id, count_star()))
        .load(conn)?;
    let rows: Vec<(i64, String, String, Option<i64>)> = offices::table
        .order((offices::name, offices::id))
        .select((offices::id, offices::name, offices::plan, offices::two_factor_required_from))
        .load(conn)?;
    let counts: std::collections::HashMap<i64, i64> = counts.into_iter().collect();
    rows.into_iter()
        .map(|(id, name, slug, from)| {
            let members = counts.get(&id).copied().unwrap_or(0);
            let two_factor_required_from = from.map(Timestamp);
            Ok(Office { id: OfficeId::from_i64(id), name, plan: plan(&slug)?, members, two_factor_required_from })
        })
        .collect()
}

pub fn add_member(tx: &mut Tx, user: UserId, office: OfficeId, role: Role, now: Timestamp) -> Result<(), Fault> {
    let name = users::get(tx, user)?.name;
    diesel::insert_into(memberships::table)
        .values((
            memberships::user_id.eq(user.as_i64()),
            memberships::office_id.eq(office.as_i64()),
            memberships::role.eq(role.slug()),
            memberships::created_at.eq(now.0),
            memberships::name_key.eq(fold(&name)),
        ))
        .execute(&mut **tx)?;
    members::readdress(tx, user)?;
    members::refresh_last_sign_in(tx, user)?;
    members::refresh_second_factor(tx, user)
}

/// The offices of a user, by name.
pub fn of_user(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Membership>, Fault> {
    let rows: Vec<(i64, String, String, String, Option<i64>)> = memberships::table
        .inner_join(offices::table)
        .filter(memberships::user_id.eq(user.as_i64()))
        .order((offices::name, offices::id))
        .select((offices::id, offices::name, offices::plan, memberships::role, offices::two_factor_required_from))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, office_name, plan_slug, role_slug, from)| {
            Ok(Membership {
                office: OfficeId::from_i64(id),
                office_name,
                plan: plan(&plan_slug)?,
                role: role(&role_slug)?,
                two_factor_required_from: from.map(Timestamp),
            })
        })
        .collect()
}

/// Every membership: user, office name, role.
pub fn all_memberships(conn: &mut AnyConnection) -> Result<Vec<(UserId, String, Role)>, Fault> {
    let rows: Vec<(i64, String, String)> = memberships::table
        .inner_join(offices::table)
        .order((offices::name, offices::id))
        .select((memberships::user_id, offices::name, memberships::role))
        .load(conn)?;
    rows.into_iter().map(|(user, name, slug)| Ok((UserId::from_i64(user), name, role(&slug)?))).collect()
}

/// The administrators of an office.
pub fn administrators(conn: &mut AnyConnection, office: OfficeId) -> Result<Vec<UserId>, Fault> {
    let ids: Vec<i64> = memberships::table
        .filter(memberships::office_id.eq(office.as_i64()).and(memberships::role.eq(Role::Admin.slug())))
        .order(memberships::user_id)
        .select(memberships::user_id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId::from_i64).collect())
}

/// What a user is in an office; nothing for a stranger.
pub fn role_in(conn: &mut AnyConnection, user: UserId, office: OfficeId) -> Result<Option<Role>, Fault> {
    let slug: Option<String> =
        memberships::table.find((user.as_i64(), office.as_i64())).select(memberships::role).first(conn).optional()?;
    slug.map(|slug| role(&slug)).transpose()
}

/// The name of an office.
pub fn name(conn: &mut AnyConnection, office: OfficeId) -> Result<String, Fault> {
    Ok(offices::table.find(office.as_i64()).select(offices::name).first(conn)?)
}

/// Holds an office for this transaction, after the accounts: whoever changes its members or its
/// rules next waits for the end of it.
pub fn lock(tx: &mut Tx, office: OfficeId) -> Result<(), Fault> {
    diesel::update(offices::table.find(office.as_i64())).set(offices::plan.eq(offices::plan)).execute(&mut **tx)?;
    Ok(())
}
