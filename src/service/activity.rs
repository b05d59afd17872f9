//! A member's own activity: the part of the audit trail that concerns the own account.

use super::Services;
use super::access::SignedIn;
use crate::domain::audit::{Action, Outcome};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::audit;

/// Entries on a page.
const PER_PAGE: usize = 50;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    pub seq: i64,
    pub at: Timestamp,
    pub action: Action,
    pub outcome: Outcome,
    pub detail: String,
    pub address: String,
    pub device: String,
    /// Done by the member, not by somebody who had yet to prove it or by the operator.
    pub by_me: bool,
}

/// Fifty entries below `before`, newest first, and whether there are more.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn activity(
    services: &Services,
    me: &SignedIn,
    before: Option<i64>,
) -> Result<(Vec<ActivityEntry>, bool), Fault> {
    let user = me.user();
    let limit = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = services.db.read(move |conn| audit::of_user(conn, user, before, limit)).await?;
    let more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let entry = |row: audit::Row| {
        Ok(ActivityEntry {
            seq: row.seq,
            at: Timestamp(row.at),
            action: Action::from_slug(&row.action).ok_or(Fault::Corrupt("an action of the audit trail"))?,
            outcome: Outcome::from_slug(&row.outcome).ok_or(Fault::Corrupt("an outcome of the audit trail"))?,
            detail: row.detail,
            address: row.address,
            device: row.device,
            by_me: row.actor_id == Some(user.as_i64()),
        })
    };
    Ok((rows.into_iter().map(entry).collect::<Result<_, Fault>>()?, more))
}
