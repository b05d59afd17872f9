//! Verifying the audit trail: every row that is kept is there, in order, and as it was written
//! (SC-71).

use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq;

use super::Services;
use super::act::{anchor_mac, chain_hash};
use super::open_keys::CHAIN_START;
use crate::crypto::keys::KeyRing;
use crate::fault::Fault;
use crate::store::audit::{self, Anchor};

const BATCH: i64 = 1_000;
/// Old rows may be forgotten during a walk, which then begins anew.
const WALKS: usize = 3;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Rows that verify, from the first kept one on.
    pub rows: i64,
    /// Rows up to this one have been forgotten by age; 0: none.
    pub pruned: i64,
    /// Number and hash of the newest row. Written down elsewhere, it also shows when the end of
    /// the trail has been cut off.
    pub head: Option<(i64, String)>,
    /// Where the chain breaks, and how.
    pub broken: Option<(i64, &'static str)>,
}

/// Where the chain begins.
pub(super) enum Start {
    /// After this row, with this hash.
    At(i64, Vec<u8>),
    Broken(&'static str),
}

/// Reads the anchor: only the holder of the key file can have made one.
pub(super) fn start(keys: &KeyRing, anchor: Option<&Anchor>) -> Result<Start, Fault> {
    let Some(anchor) = anchor else { return Ok(Start::Broken("the anchor of the trail is missing")) };
    if anchor.seq == 0 {
        return Ok(Start::At(0, CHAIN_START.to_vec()));
    }
    let changed = Start::Broken("the anchor of the trail was changed");
    let (Some(hash), Some(key_id), Some(mac)) = (&anchor.hash, &anchor.key_id, &anchor.mac) else {
        return Ok(changed);
    };
    if !keys.ids().contains(key_id) {
        return Ok(changed);
    }
    let right: bool = anchor_mac(keys, key_id, anchor.seq, hash)?.as_slice().ct_eq(mac).into();
    Ok(if right { Start::At(anchor.seq, hash.clone()) } else { changed })
}

/// Walks the chain from its start to the head it had at the beginning of the walk.
///
/// # Errors
/// [`Fault`] of database or keys; a broken chain is a finding, not a fault.
pub async fn verify_audit(services: &Services) -> Result<AuditReport, Fault> {
    let mut report = walk(services).await?;
    for _ in 1..WALKS {
        let pruned = services.db.read(|conn| Ok(audit::anchor(conn)?.map_or(0, |anchor| anchor.seq))).await?;
        if report.broken.is_none() || pruned <= report.pruned {
            break;
        }
        report = walk(services).await?;
    }
    Ok(report)
}

async fn walk(services: &Services) -> Result<AuditReport, Fault> {
    // The anchor first, and the last row before the head: rows that are forgotten or added
    // meanwhile move both along, so what stands outside of them has not been put there by us.
    let (anchor, stored, head) =
        services.db.read(|conn| Ok((audit::anchor(conn)?, audit::first_and_last(conn)?, audit::head(conn)?))).await?;
    let pruned = anchor.as_ref().map_or(0, |anchor| anchor.seq);
    let Some((last, head_hash)) = head else {
        return Ok(AuditReport { rows: 0, pruned, head: None, broken: Some((0, "the head of the trail is missing")) });
    };
    let shown = Some((last, HEXLOWER.encode(&head_hash)));
    let report = |seq: i64, broken| AuditReport { rows: seq - pruned, pruned, head: shown.clone(), broken };
    let (mut seq, mut previous) = match start(&services.keys, anchor.as_ref())? {
        Start::At(seq, hash) => (seq, hash),
        Start::Broken(how) => return Ok(report(pruned, Some((pruned, how)))),
    };
    if let Some((first, newest)) = stored
        && (first <= pruned || newest > last)
    {
        let outside = if first <= pruned { first } else { newest };
        return Ok(report(pruned, Some((outside, "a row stands outside the trail"))));
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
            let hash = match chain_hash(&services.keys, &previous, &row) {
                Err(Fault::Crypto(_)) => {
                    return Ok(report(seq, Some((row.seq, "a row names a key that is not there"))));
                }
                hash => hash?,
            };
            if hash.as_slice() != row.hash {
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
