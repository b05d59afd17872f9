//! Offices and memberships.

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::prepared::prepared;
use super::schema::{memberships, offices};
use super::{AnyConnection, Tx, members, users};
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::member_list::fold;
use crate::domain::office::{Membership, Name, Role};
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// [`Role::Admin`] as the index of administrators has it: a bound value would not be looked for there.
const IS_ADMINISTRATOR: &str = "memberships.role = 'admin'";

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
    let ids = memberships::table
        .filter(memberships::office_id.eq(office.as_i64()).and(sql::<Bool>(IS_ADMINISTRATOR)))
        .order(memberships::user_id)
        .select(memberships::user_id);
    Ok(prepared(ids).rows::<i64>(conn)?.into_iter().map(UserId::from_i64).collect())
}

/// Whether an office of this user has another administrator.
pub fn has_other_administrator(conn: &mut AnyConnection, user: UserId) -> Result<bool, Fault> {
    let mine = diesel::alias!(memberships as mine);
    let own = mine.field(memberships::office_id).eq(memberships::office_id);
    let one = memberships::table
        .inner_join(mine.on(own))
        .filter(mine.field(memberships::user_id).eq(user.as_i64()))
        .filter(memberships::user_id.ne(user.as_i64()).and(sql::<Bool>(IS_ADMINISTRATOR)))
        .select(memberships::user_id)
        .limit(1);
    Ok(!prepared(one).rows::<i64>(conn)?.is_empty())
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::{Arc, Mutex};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::sql_types::Text;

    use super::super::DatabaseUrl;
    use super::super::connection::migrate_in_turn;
    use super::*;

    /// Two offices: the first with the members 1 (administrator) and 2, the second with 2 and 3
    /// (administrator), and 4 in both.
    fn two_offices() -> SqliteConnection {
        let sqlite = SqliteConnection::establish(":memory:").unwrap();
        let mut conn = AnyConnection::Sqlite(sqlite);
        migrate_in_turn(&DatabaseUrl::Sqlite(PathBuf::from(":memory:")), &mut conn).unwrap();
        let AnyConnection::Sqlite(mut conn) = conn else { panic!("no SQLite") };
        let user = "INSERT INTO users (id, email, name, time_zone, password_hash, password_changed_at, created_at)";
        for id in 1..=4 {
            conn.batch_execute(&format!("{user} VALUES ({id}, '{id}', '', '', '', 0, 0)")).unwrap();
        }
        conn.batch_execute(
            "INSERT INTO offices (id, name, plan, created_at) VALUES (1, 'A', 'none', 0), (2, 'B', 'none', 0); \
             INSERT INTO memberships (user_id, office_id, role, created_at) VALUES (1, 1, 'admin', 0), \
             (2, 1, 'general', 0), (4, 1, 'general', 0), (2, 2, 'general', 0), (3, 2, 'admin', 0), (4, 2, 'general', 0)",
        )
        .unwrap();
        conn
    }

    #[test]
    fn another_administrator_of_any_office_counts_and_one_alone_has_none() {
        let mut conn = AnyConnection::Sqlite(two_offices());
        let mut has = |user| has_other_administrator(&mut conn, UserId::from_i64(user)).unwrap();
        assert_eq!([1, 2, 3, 4, 5].map(&mut has), [false, true, false, true, false]);
        assert_eq!(administrators(&mut conn, OfficeId::from_i64(2)).unwrap(), [UserId::from_i64(3)]);
        assert!(IS_ADMINISTRATOR.ends_with(&format!("'{}'", Role::Admin.slug())));
    }

    #[test]
    fn no_office_is_looked_through_for_its_administrators() {
        #[derive(QueryableByName)]
        struct Step {
            #[diesel(sql_type = Text)]
            detail: String,
        }
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (mut sqlite, heard) = (two_offices(), asked.clone());
        sqlite.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::CacheQuery { sql, .. } = event {
                heard.lock().unwrap().push(sql.to_owned());
            }
        });
        let mut conn = AnyConnection::Sqlite(sqlite);
        has_other_administrator(&mut conn, UserId::from_i64(2)).unwrap();
        administrators(&mut conn, OfficeId::from_i64(1)).unwrap();
        let asked = asked.lock().unwrap().clone();
        assert_eq!(asked.len(), 2, "{asked:?}");
        let AnyConnection::Sqlite(mut sqlite) = conn else { panic!("no SQLite") };
        for sql in asked {
            let plan: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut sqlite).unwrap();
            let plan: Vec<String> = plan.into_iter().map(|step| step.detail).collect();
            assert!(plan.iter().any(|step| step.contains("INDEX memberships_of_administrators")), "{sql}: {plan:?}");
        }
    }
}
