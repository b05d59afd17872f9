//! Forgetting old rows of the audit trail, where the operator has set how long they are kept. What
//! is forgotten is verified first, so that forgetting hides no tampering; its end stays behind as
//! the anchor, from which the rest of the chain is verified.

use super::Services;
use super::act::{Act, anchor_mac, chain_hash};
use super::verify_audit::{Start, start};
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::audit::{self, Anchor};

const BATCH: usize = 500;
const DAY: i64 = 24 * 3600;

/// What became of one batch.
enum Batch {
    /// So many rows went, and more may follow.
    More(u64),
    /// So many rows went, and they were the last ones.
    Last(u64),
}

/// Another node has pruned these rows a moment ago.
struct Overtaken;

/// Forgets rows older than `keep`, by whole days, so that this happens once a day. Says how many.
///
/// # Errors
/// [`Fault`] of the database; [`Fault::Corrupt`] when the rows do not verify: they stay.
pub async fn prune_audit(services: &Services, keep: Seconds) -> Result<u64, Fault> {
    let now = services.clock.now();
    let before = Timestamp(now.0 - now.0.rem_euclid(DAY)).before(keep);
    let mut pruned = 0;
    loop {
        let act = Act::begin(services, &Client::housekeeping());
        match services.db.write_unless_refused(move |tx| prune(tx, &act, before)).await? {
            Ok(Batch::More(rows)) => pruned += rows,
            Ok(Batch::Last(rows)) => return Ok(pruned + rows),
            Err(Overtaken) => return Ok(pruned),
        }
    }
}

fn prune(tx: &mut Tx, act: &Act, before: Timestamp) -> Result<Result<Batch, Overtaken>, Fault> {
    let (seq, mut hash) = match start(&act.keys, audit::anchor(tx)?.as_ref())? {
        Start::At(seq, hash) => (seq, hash),
        Start::Broken(_) => return Err(Fault::Corrupt("the anchor of the audit trail")),
    };
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let old = audit::after(tx, seq, limit)?.into_iter().take_while(|row| row.at < before.0);
    let mut last = seq;
    for row in old {
        if row.seq != last + 1 || chain_hash(&act.keys, &hash, &row)?.as_slice() != row.hash {
            return Err(Fault::Corrupt("the audit trail is broken, so nothing of it is forgotten"));
        }
        (last, hash) = (row.seq, row.hash);
    }
    let rows = u64::try_from(last - seq).unwrap_or(0);
    if rows == 0 {
        return Ok(Ok(Batch::Last(0)));
    }
    let key_id = act.keys.active_id();
    let mac = anchor_mac(&act.keys, &key_id, last, &hash)?.to_vec();
    if !audit::move_anchor(tx, seq, &Anchor { seq: last, hash: Some(hash), key_id: Some(key_id), mac: Some(mac) })? {
        return Ok(Err(Overtaken));
    }
    audit::forget_up_to(tx, last)?;
    act.record(tx, Event::by_operator(Action::AuditPruned).detail(format!("rows up to {last}")))?;
    Ok(Ok(if rows == BATCH as u64 { Batch::More(rows) } else { Batch::Last(rows) }))
}
