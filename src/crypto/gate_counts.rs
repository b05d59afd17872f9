//! What the gate of the slow hashes counts since its start, for the operator's monitoring.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;

/// From the floor of the cheapest hash to what a full queue makes one wait, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// Counts and times; clones share what they count.
#[derive(Clone, Debug)]
pub struct GateCounts {
    /// Callers who were asked to come back later.
    pub refused: Counter,
    /// How long callers stood in the queue.
    pub wait: Histogram,
    /// How long each hash took.
    pub work: Histogram,
}

impl Default for GateCounts {
    fn default() -> Self {
        Self { refused: Counter::default(), wait: Histogram::new(SECONDS), work: Histogram::new(SECONDS) }
    }
}
