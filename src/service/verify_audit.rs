//! Verifying the audit trail: every row is there, in order, and as it was written (SC-71).

use data_encoding::HEXLOWER;

use super::Services;
use super::act::chain_hash;
use super::open_keys::CHAIN_START;
use crate::fault::Fault;
use crate::store::audit;

const BATCH: i64 = 1_000;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Rows that verify, from the first on.
    pub rows: i64,
    /// Number and hash of the newest row. Written down elsewhere, it also shows when the end of
    /// the trail has been cut off.
    pub head: Option<(i64, String)>,
    /// Where the chain breaks, and how.
    pub broken: Option<(i64, &'static str)>,
}

/// Walks the chain from its start to the head it had at the beginning of the walk.
///
/// # Errors
/// [`Fault`] of database or keys; a broken chain is a finding, not a fault.
pub async fn verify_audit(services: &Services) -> Result<AuditReport, Fault> {
    // The last row first: rows that are added meanwhile move the head along, so a row beyond a
    // head that was read later has not been added by us.
    let (stored, head) = services.db.read(|conn| Ok((audit::first_and_last(conn)?, audit::head(conn)?))).await?;
    let Some((last, head_hash)) = head else {
        return Ok(AuditReport { rows: 0, head: None, broken: Some((0, "the head of the trail is missing")) });
    };
    let (mut seq, mut previous) = (0, CHAIN_START.to_vec());
    let report = |rows: i64, broken| AuditReport { rows, head: Some((last, HEXLOWER.encode(&head_hash))), broken };
    if let Some((first, newest)) = stored
        && (first < 1 || newest > last)
    {
        return Ok(report(0, Some((if first < 1 { first } else { newest }, "a row stands outside the trail"))));
    }
    while seq < last {
        let batch = services.db.read(move |conn| audit::after(conn, seq, BATCH)).await?;
        if batch.is_empty() {
            return Ok(report(seq, Some((seq + 1, "rows are missing at the end"))));
        }
        for row in batch.into_iter().filter(|row| row.seq <= last) {
            if row.seq != seq + 1 {
                return Ok(report(seq, Some((seq + 1, "a row is missing"))));
            }
            if chain_hash(&services.keys, &previous, &row)?.as_slice() != row.hash {
                return Ok(report(seq, Some((row.seq, "a row was changed or moved"))));
            }
            seq = row.seq;
            previous = row.hash;
        }
    }
    if previous != head_hash {
        return Ok(report(seq, Some((seq, "the head of the trail does not match its last row"))));
    }
    Ok(report(seq, None))
}
