//! Mailed links: digests of their tokens, what they are for, and whether they still live.

use diesel::dsl::max;
use diesel::prelude::*;

use super::schema::links;
use super::sweep::{Expiring, sweep};
use super::{AnyConnection, Tx};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{SetUpId, UserId};
use crate::domain::link::{LinkPurpose, TokenDigest};
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// A link that can still be followed.
#[derive(Debug, Clone)]
pub struct Link {
    pub user: UserId,
    /// The address the mail went to.
    pub sent_to: EmailAddress,
    /// The set-up a release link was made for (SC-59).
    pub set_up: Option<SetUpId>,
    pub expires_at: Timestamp,
}

/// Writes a new link; the caller has ended earlier ones of the same purpose (SC-46).
pub fn insert(
    tx: &mut Tx,
    digest: TokenDigest,
    purpose: LinkPurpose,
    link: &Link,
    now: Timestamp,
) -> Result<(), Fault> {
    diesel::insert_into(links::table)
        .values((
            links::digest.eq(digest.0.as_slice()),
            links::purpose.eq(purpose.slug()),
            links::user_id.eq(link.user.as_i64()),
            links::sent_to.eq(link.sent_to.as_str()),
            links::set_up_id.eq(link.set_up.map(SetUpId::as_i64)),
            links::created_at.eq(now.0),
            links::expires_at.eq(link.expires_at.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Has not come to the end of its term, and was not made by a clock that ran ahead.
#[diesel::dsl::auto_type(no_type_alias)]
fn lives(now: Timestamp) -> _ {
    let (now, credible): (i64, i64) = (now.0, now.latest_credible().0);
    links::expires_at.gt(now).and(links::created_at.le(credible))
}

/// The living link of a token, if it was made for this purpose. Looking consumes nothing (SC-49).
pub fn find(
    conn: &mut AnyConnection,
    digest: TokenDigest,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<Link>, Fault> {
    let row: Option<(i64, String, Option<i64>, i64)> = links::table
        .find(digest.0.as_slice())
        .filter(links::purpose.eq(purpose.slug()))
        .filter(links::ended_at.is_null().and(lives(now)))
        .select((links::user_id, links::sent_to, links::set_up_id, links::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(user, sent_to, set_up, expires_at)| Link {
        user: UserId::from_i64(user),
        sent_to: EmailAddress::from_stored(sent_to),
        set_up: set_up.map(SetUpId::from_i64),
        expires_at: Timestamp(expires_at),
    }))
}

/// Until when the newest living link of a person and purpose can be followed.
pub fn living_until(
    conn: &mut AnyConnection,
    user: UserId,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let until: Option<i64> = links::table
        .filter(links::user_id.eq(user.as_i64()).and(links::purpose.eq(purpose.slug())))
        .filter(links::ended_at.is_null().and(lives(now)))
        .select(max(links::expires_at))
        .first(conn)?;
    Ok(until.map(Timestamp))
}

/// Consumes a link. Only the first caller ever gets `true`.
pub fn consume(tx: &mut Tx, digest: TokenDigest, now: Timestamp) -> Result<bool, Fault> {
    let living = links::table.find(digest.0.as_slice()).filter(links::ended_at.is_null().and(lives(now)));
    Ok(diesel::update(living).set(links::ended_at.eq(now.0)).execute(&mut **tx)? == 1)
}

/// Ends all living links of these purposes (SC-53).
pub fn end(tx: &mut Tx, user: UserId, purposes: &[LinkPurpose], now: Timestamp) -> Result<(), Fault> {
    let slugs: Vec<&str> = purposes.iter().map(|purpose| purpose.slug()).collect();
    let living = links::table
        .filter(links::user_id.eq(user.as_i64()).and(links::ended_at.is_null()))
        .filter(links::purpose.eq_any(slugs));
    diesel::update(living).set(links::ended_at.eq(now.0)).execute(&mut **tx)?;
    Ok(())
}

/// Forgets links that can be followed no more.
pub fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    sweep(tx, &Expiring { table: "links", key: "digest", at: "expires_at" }, now)
}
