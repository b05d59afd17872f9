//! Chance that can be had again: `HIKAE_TEST_SEED` gives the same throws.

use std::sync::atomic::{AtomicU64, Ordering};

/// A small generator; nothing secret comes of it.
pub struct Dice(AtomicU64);

impl Dice {
    /// Seeded by `HIKAE_TEST_SEED`, else by the number of this process.
    pub fn new() -> Self {
        let seed = std::env::var("HIKAE_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
        eprintln!("HIKAE_TEST_SEED={seed}");
        Self(AtomicU64::new(seed))
    }

    /// A number below `end`.
    pub fn below(&self, end: u64) -> u64 {
        // SplitMix64.
        let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    /// Whether something happens that happens once in `n` times.
    pub fn once_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }
}
