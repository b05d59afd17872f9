//! What this node can say of itself to the operator's monitoring: numbers, and no fact about
//! anybody.

use std::time::Duration;

use tokio::time::timeout;

use super::Services;
use crate::crypto::gate_counts::GateCounts;
use crate::domain::time::Seconds;
use crate::fault::Fault;
use crate::store::tally::Counts;
use crate::store::{PoolStanding, outbox};

/// Monitoring gives up on an answer that takes long; a database that does counts as away.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// The figures at one moment.
#[derive(Clone, Debug)]
pub struct NodeFigures {
    pub gate: GateStanding,
    pub pool: PoolStanding,
    /// What this node has recorded since its start.
    pub counts: Counts,
    /// `None`: the database does not answer.
    pub mails: Option<MailFigures>,
}

/// How the gate of the slow hashes stands.
#[derive(Clone, Debug)]
pub struct GateStanding {
    pub width: usize,
    /// Places in the queue.
    pub queue: usize,
    pub in_use: usize,
    pub waiting: usize,
    pub counts: GateCounts,
}

/// The outbox, which all nodes share.
#[derive(Clone, Copy, Debug)]
pub struct MailFigures {
    pub waiting: i64,
    /// How long the oldest of them has waited.
    pub oldest: Seconds,
}

/// Reads the figures. A database that is away is itself a figure, and hides none of the others.
pub async fn node_figures(services: &Services) -> NodeFigures {
    let mails = match timeout(ANSWERS_WITHIN, mails(services)).await {
        Ok(Ok(mails)) => Some(mails),
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "the figures of the outbox cannot be read");
            None
        }
        Err(_) => {
            tracing::warn!("the figures of the outbox did not come in time");
            None
        }
    };
    let gate = &services.gate;
    let in_use = gate.in_use();
    let gate = GateStanding {
        width: gate.width(),
        queue: gate.queue(),
        in_use,
        waiting: gate.load().saturating_sub(in_use),
        counts: gate.counts().clone(),
    };
    NodeFigures { gate, pool: services.db.pool(), counts: services.db.counts(), mails }
}

async fn mails(services: &Services) -> Result<MailFigures, Fault> {
    let now = services.clock.now();
    let standing = services.db.read(outbox::standing).await?;
    let oldest = standing.oldest.map_or(0, |since| since.seconds_until(now));
    Ok(MailFigures { waiting: standing.waiting, oldest: Seconds(oldest.max(0)) })
}
