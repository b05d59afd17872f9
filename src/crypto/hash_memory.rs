//! The memory of slow hashes: used again, and written over by the next hash or wiped. From what a hash
//! leaves there, its password or code could be tried out without the cost of the hash.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::Duration;

use argon2::Block;
use zeroize::optimization_barrier;

use crate::threads::{Job, Kept};

/// Blocks of a KiB that are wiped in one go: a few microseconds.
const WIPED_AT_ONCE: usize = 64;
/// How long after its hash memory is wiped. The act that asked for the hash is done by then, mostly, and
/// the next hash has begun if one waits; wiping would take the caches from the one and time from the
/// other.
const WIPED_AFTER: Duration = Duration::from_millis(10);

/// The memory of one thread that hashes. It is wiped at the latest when the thread ends.
pub struct HashMemory {
    blocks: Vec<Block>,
    /// How many blocks from the first one may hold something of a hash.
    used: usize,
    /// How many blocks are kept between two hashes.
    keep: usize,
    /// The sum of `used` over all threads.
    unwiped: Arc<AtomicUsize>,
}

impl HashMemory {
    /// Memory for hashes of up to `keep` blocks; what a dearer one needs is freed after it.
    pub fn new(keep: usize, unwiped: Arc<AtomicUsize>) -> Self {
        Self { blocks: Vec::new(), used: 0, keep, unwiped }
    }

    fn set_used(&mut self, used: usize) {
        self.unwiped.fetch_add(used, Ordering::SeqCst);
        self.unwiped.fetch_sub(self.used, Ordering::SeqCst);
        self.used = used;
    }

    /// That many blocks, to be written before they are read: the last hash may have left them as
    /// they were.
    pub fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.blocks.len() < count {
            // Growing may move them, and what they hold would stay behind.
            self.wipe();
            self.blocks.resize(count, Block::new());
        }
        self.set_used(self.used.max(count));
        &mut self.blocks[..count]
    }

    /// Wipes the last of what is used, and says whether that was all.
    fn wipe_some(&mut self) -> bool {
        let kept = self.used.saturating_sub(WIPED_AT_ONCE);
        let used = &mut self.blocks[kept..self.used];
        used.iter_mut().for_each(|block| block.as_mut().fill(0));
        // As zeroize wipes slices: the compiler must not leave it out, and may do it in wide steps.
        optimization_barrier(used);
        self.set_used(kept);
        kept == 0
    }

    fn wipe(&mut self) {
        while !self.wipe_some() {}
    }

    /// Frees what is beyond the usual: an imported hash may cost many times as much, and would hold
    /// it for good.
    fn shrink(&mut self) {
        if self.blocks.len() > self.keep {
            self.wipe();
            self.blocks.truncate(self.keep);
            self.blocks.shrink_to(self.keep);
        }
    }
}

impl Kept for HashMemory {
    fn after_job(&mut self) {
        self.shrink();
    }

    /// The next hash, until when memory is wiped.
    fn next(&mut self, jobs: &Receiver<Job<Self>>) -> Option<Job<Self>> {
        match jobs.recv_timeout(WIPED_AFTER) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        while !self.wipe_some() {
            match jobs.try_recv() {
                Ok(job) => return Some(job),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
        }
        jobs.recv().ok()
    }
}

impl Drop for HashMemory {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
impl HashMemory {
    /// Memory as the last hash left it.
    pub fn left_behind(blocks: usize) -> Self {
        let mut memory = Self::new(blocks, Arc::default());
        memory.blocks(blocks).iter_mut().for_each(|block| block.as_mut().fill(7));
        memory
    }

    /// How many blocks of all threads hold something of a hash.
    pub fn unwiped(&self) -> Arc<AtomicUsize> {
        self.unwiped.clone()
    }

    /// How many blocks there are, when none of them holds anything.
    pub fn wiped(&self) -> Option<usize> {
        let is_wiped = self.blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0));
        is_wiped.then_some(self.blocks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_wiped_piece_by_piece_from_its_end() {
        let mut memory = HashMemory::left_behind(200);
        assert_eq!(memory.unwiped.load(Ordering::SeqCst), 200);
        assert!(!memory.wipe_some());
        assert_eq!(memory.used, 200 - WIPED_AT_ONCE);
        assert!(memory.blocks[memory.used..].iter().all(|block| *block.as_ref() == [0; 128]));
        assert!(memory.blocks[..memory.used].iter().all(|block| *block.as_ref() == [7; 128]));
        memory.wipe();
        assert_eq!((memory.wiped(), memory.unwiped.load(Ordering::SeqCst)), (Some(200), 0));
    }

    #[test]
    fn what_a_cheaper_hash_leaves_of_the_one_before_is_wiped_with_its_own() {
        let mut memory = HashMemory::left_behind(200);
        assert_eq!(memory.blocks(8).len(), 8);
        memory.wipe();
        assert_eq!(memory.wiped(), Some(200));
    }

    #[test]
    fn memory_is_wiped_before_it_grows() {
        let mut memory = HashMemory::left_behind(200);
        assert_eq!(memory.blocks(300).len(), 300);
        assert_eq!(memory.wiped(), Some(300));
    }

    #[test]
    fn the_memory_of_a_dearer_hash_is_given_back() {
        let mut memory = HashMemory::left_behind(64);
        memory.keep = 8;
        memory.shrink();
        assert_eq!((memory.wiped(), memory.blocks.capacity()), (Some(8), 8));
    }
}
