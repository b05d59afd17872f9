//! What the store counts since the start of this node, for the operator's monitoring: what went
//! into the audit trail, what became of mails, and how long connections were waited for. Only
//! what was committed counts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;

use crate::fault::Fault;

/// From a connection at rest to the longest wait, in seconds.
const WAITS: [f64; 9] = [0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 10.0];

/// What one transaction, or all of them, have recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows of the audit trail by the names of their action and outcome, as they are stored.
    pub rows: BTreeMap<(String, String), u64>,
    pub mails: MailCounts,
}

/// What became of mails that were tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    pub sent: u64,
    /// Tries that failed and are made again.
    pub failed: u64,
    pub given_up: u64,
}

impl Counts {
    /// Counts one row of the audit trail.
    pub(super) fn row(&mut self, action: &str, outcome: &str) {
        *self.rows.entry((action.to_owned(), outcome.to_owned())).or_default() += 1;
    }

    fn add(&mut self, other: Counts) {
        for (kind, rows) in other.rows {
            *self.rows.entry(kind).or_default() += rows;
        }
        self.mails.sent += other.mails.sent;
        self.mails.failed += other.mails.failed;
        self.mails.given_up += other.mails.given_up;
    }
}

/// How the pool is waited for.
#[derive(Clone, Debug)]
pub struct Waits {
    /// Who waits for a connection now.
    pub waiting: Gauge,
    /// How long it took to get one, in seconds.
    pub seconds: Histogram,
    /// Who got none in time.
    pub in_vain: Counter,
}

impl Default for Waits {
    fn default() -> Self {
        Self { waiting: Gauge::default(), seconds: Histogram::new(WAITS), in_vain: Counter::default() }
    }
}

#[derive(Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
    pub waits: Waits,
}

impl Tally {
    pub fn add(&self, counts: Counts) {
        if counts != Counts::default() {
            self.counts.lock().unwrap_or_else(PoisonError::into_inner).add(counts);
        }
    }

    pub fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Somebody who waits for a connection, until this is dropped.
pub(super) struct Waiting {
    tally: Arc<Tally>,
    began: Instant,
    limit: Duration,
}

impl Waiting {
    pub fn begin(tally: &Arc<Tally>, limit: Duration) -> Self {
        tally.waits.waiting.inc();
        Self { tally: tally.clone(), began: Instant::now(), limit }
    }

    /// How much longer there is to wait.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.began.elapsed())
    }

    /// None came in time.
    pub fn in_vain(self, why: &str) -> Fault {
        self.tally.waits.in_vain.inc();
        Fault::NoConnection(why.to_owned())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.tally.waits.waiting.dec();
        self.tally.waits.seconds.observe(self.began.elapsed().as_secs_f64());
    }
}

/// A write under way, until this is dropped.
pub(super) struct Writing(Gauge);

impl Writing {
    pub fn begin(writes: &Gauge) -> Self {
        writes.inc();
        Self(writes.clone())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up() {
        let tally = Tally::default();
        let mut first = Counts::default();
        first.row("a", "done");
        first.row("a", "done");
        first.row("b", "done");
        let mut second = Counts { mails: MailCounts { sent: 1, failed: 2, given_up: 3 }, ..Counts::default() };
        second.row("a", "refused");
        for counts in [first, second.clone(), Counts::default(), second] {
            tally.add(counts);
        }
        let all = tally.counts();
        let rows = |action: &str, outcome: &str| all.rows[&(action.to_owned(), outcome.to_owned())];
        assert_eq!((rows("a", "done"), rows("a", "refused"), rows("b", "done")), (2, 2, 1));
        assert_eq!(all.mails, MailCounts { sent: 2, failed: 4, given_up: 6 });
    }
}
