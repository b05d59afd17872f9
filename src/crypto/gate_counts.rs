//! What the gate of the slow hashes counts since its start, and tells, for the operator's monitoring.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;

/// From the floor of the cheapest hash to what a full queue makes one wait, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// How often the log says that the queue is full: a flood must not fill the disk with that.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// Counts and times; clones share what they count.
#[derive(Clone, Debug)]
pub struct GateCounts {
    /// Callers who were asked to come back later.
    pub refused: Counter,
    /// How long callers stood in the queue.
    pub wait: Histogram,
    /// How long each hash took.
    pub work: Histogram,
    told: Arc<Mutex<Option<Instant>>>,
}

impl Default for GateCounts {
    fn default() -> Self {
        let seconds = || Histogram::new(SECONDS);
        Self { refused: Counter::default(), wait: seconds(), work: seconds(), told: Arc::default() }
    }
}

impl GateCounts {
    /// Counts a refusal by a gate so wide and with such a queue.
    pub fn refuse(&self, width: usize, queue: usize) {
        self.refused.inc();
        // Whoever holds it is telling already.
        let Ok(mut told) = self.told.try_lock() else { return };
        if told.is_none_or(|last| last.elapsed() >= TOLD_EVERY) {
            *told = Some(Instant::now());
            tracing::warn!(width, queue, "more is to be hashed than the queue takes; some are asked to come back");
        }
    }
}
