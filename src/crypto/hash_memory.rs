//! The memory of slow hashes: lent to one hash, wiped, and used again. From what a hash leaves
//! there, its password or code could be tried out without the cost of the hash.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::Block;
use zeroize::Zeroize;

/// Memory between two hashes, all of it wiped.
#[derive(Clone)]
pub struct HashMemory {
    keep: usize,
    pool: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// Memory for one hash. It goes back wiped, whether the hash succeeds, fails or panics.
pub struct Lent {
    pub blocks: Vec<Block>,
    home: HashMemory,
}

impl HashMemory {
    /// Memory for hashes of up to `keep` blocks; what a dearer one needs is freed after it.
    pub fn new(keep: usize) -> Self {
        Self { keep, pool: Arc::default() }
    }

    /// Memory for one hash: all zero, and empty if it has not been used before.
    pub fn lend(&self) -> Lent {
        let blocks = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Lent { blocks, home: self.clone() }
    }

    /// A copy of what is not lent.
    #[cfg(test)]
    pub fn at_rest(&self) -> Vec<Vec<Block>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.blocks.iter_mut().for_each(Zeroize::zeroize);
        // An imported hash may cost many times the usual memory. Kept, it would be held, and
        // wiped after each hash, for good.
        self.blocks.truncate(self.home.keep);
        self.blocks.shrink_to(self.home.keep);
        self.home.pool.lock().unwrap_or_else(PoisonError::into_inner).push(mem::take(&mut self.blocks));
    }
}

/// Whether nothing is left in memory.
#[cfg(test)]
pub fn is_wiped(memory: &[Vec<Block>]) -> bool {
    memory.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn use_up(memory: &HashMemory, blocks: usize) {
        let mut lent = memory.lend();
        lent.blocks.resize(blocks, Block::new());
        lent.blocks.iter_mut().for_each(|block| block.as_mut().fill(7));
    }

    #[test]
    fn memory_comes_back_wiped_and_is_used_again() {
        let memory = HashMemory::new(8);
        use_up(&memory, 8);
        assert!(is_wiped(&memory.at_rest()));
        let lent = memory.lend();
        assert_eq!((lent.blocks.len(), memory.at_rest().len()), (8, 0));
        drop(lent);
        assert_eq!(memory.at_rest().len(), 1);
    }

    #[test]
    fn the_memory_of_a_dearer_hash_is_given_back() {
        let memory = HashMemory::new(8);
        use_up(&memory, 64);
        let kept = memory.at_rest();
        assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [8]);
        assert!(is_wiped(&kept));
        assert_eq!(memory.lend().blocks.capacity(), 8);
    }
}
