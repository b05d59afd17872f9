//! A member's own activity: the part of the audit trail that concerns the own account.

use super::Services;
use super::access::SignedIn;
use crate::domain::audit::{Action, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::{AnyConnection, audit, offices};

/// Entries on a page.
const PER_PAGE: usize = 50;

/// Who did something to the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Me,
    /// Somebody who had yet to prove to be the member.
    Unproven,
    /// An administrator of this office.
    Administrator(String),
    Operator,
    /// Hikae itself, when a time was over.
    Automatic,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityEntry {
    pub seq: i64,
    pub at: Timestamp,
    pub action: Action,
    pub outcome: Outcome,
    pub detail: String,
    /// Empty where it is not the member's to know: where an administrator was, and with what.
    pub address: String,
    pub device: String,
    pub by: By,
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
    services
        .db
        .read(move |conn| {
            let mut rows = audit::of_user(conn, user, before, limit)?;
            let more = rows.len() > PER_PAGE;
            rows.truncate(PER_PAGE);
            let entries = rows.into_iter().map(|row| entry(conn, user, row)).collect::<Result<_, Fault>>()?;
            Ok((entries, more))
        })
        .await
}

fn entry(conn: &mut AnyConnection, user: UserId, row: audit::Row) -> Result<ActivityEntry, Fault> {
    let action = Action::from_slug(&row.action).ok_or(Fault::Corrupt("an action of the audit trail"))?;
    let by = match row.actor_id {
        Some(actor) if actor == user.as_i64() => By::Me,
        Some(_) => {
            let office = row.office_id.ok_or(Fault::Corrupt("an administrator's act without an office"))?;
            By::Administrator(offices::name(conn, OfficeId::from_i64(office))?)
        }
        None if action == Action::ReleaseRequestExpired => By::Automatic,
        None if row.device == Client::COMMAND_LINE => By::Operator,
        None => By::Unproven,
    };
    let nowhere = matches!(by, By::Administrator(_) | By::Automatic);
    let told = |text: String| if nowhere { String::new() } else { text };
    Ok(ActivityEntry {
        seq: row.seq,
        at: Timestamp(row.at),
        action,
        outcome: Outcome::from_slug(&row.outcome).ok_or(Fault::Corrupt("an outcome of the audit trail"))?,
        // The note on a request is between administrators.
        detail: told(row.detail),
        address: told(row.address),
        device: told(row.device),
        by,
    })
}
