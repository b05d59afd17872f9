//! The memory of slow hashes: lent to one hash, wiped or written over by the next one, and used again.
//! From what a hash leaves there, its password or code could be tried out without the cost of the hash.

use std::sync::Arc;
use std::time::Duration;
use std::{mem, thread};

use argon2::Block;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::OwnedSemaphorePermit;
use zeroize::optimization_barrier;

/// How long after its hash memory is wiped. The act that asked for the hash is done by then, mostly, and
/// the next hash has begun if one waits; wiping would take the caches from the one and time from the
/// other.
const WIPED_AFTER: Duration = Duration::from_millis(10);
/// Blocks of a KiB that are wiped in one go: a few microseconds.
const WIPED_AT_ONCE: usize = 64;

/// Memory that no hash works in. What the last one left is wiped, from its end, or written over by the
/// next one.
struct Spare {
    blocks: Vec<Block>,
    /// How many blocks from the first one may still hold something.
    used: usize,
}

/// Memory between two hashes. A hash may take it over before all of it is wiped: every block is
/// written before it is read, and wiping it first would be work for nothing.
#[derive(Clone)]
pub struct HashMemory {
    keep: usize,
    spare: Arc<Mutex<Vec<Spare>>>,
}

/// Memory for one hash. It is wiped, whether the hash succeeds, fails or panics; and the gate is
/// open to the next one before that, so that there is never more of it than the gate is wide.
pub struct Lent {
    spare: Spare,
    home: HashMemory,
    permit: Option<OwnedSemaphorePermit>,
}

impl Spare {
    /// Wipes the last of what is used, and says whether that was all.
    fn wipe_some(&mut self) -> bool {
        let kept = self.used.saturating_sub(WIPED_AT_ONCE);
        let used = &mut self.blocks[kept..self.used];
        used.iter_mut().for_each(|block| block.as_mut().fill(0));
        // As zeroize wipes slices: the compiler must not leave it out, and may do it in wide steps.
        optimization_barrier(used);
        self.used = kept;
        kept == 0
    }

    fn wipe(&mut self) {
        while !self.wipe_some() {}
    }
}

impl HashMemory {
    /// Memory for hashes of up to `keep` blocks; what a dearer one needs is freed after it.
    pub fn new(keep: usize) -> Self {
        Self { keep, spare: Arc::default() }
    }

    /// Memory for one hash, which goes on holding its `permit`.
    pub fn lend(&self, permit: OwnedSemaphorePermit) -> Lent {
        // The last one to come back lies in the caches.
        let spare = self.spare.lock().pop().unwrap_or(Spare { blocks: Vec::new(), used: 0 });
        Lent { spare, home: self.clone(), permit: Some(permit) }
    }

    /// Wipes what is spare and used, and lets whoever wants it take it in between.
    fn wipe(&self) {
        let mut spare = self.spare.lock();
        while let Some(used) = spare.iter_mut().find(|spare| spare.used > 0) {
            used.wipe_some();
            MutexGuard::bump(&mut spare);
        }
    }

    /// A copy of what is spare, once all of it is wiped.
    ///
    /// # Panics
    /// It is not wiped within ten seconds.
    #[cfg(test)]
    pub fn at_rest(&self) -> Vec<Vec<Block>> {
        let began = std::time::Instant::now();
        loop {
            let spare = self.spare.lock();
            if spare.iter().all(|spare| spare.used == 0) {
                return spare.iter().map(|spare| spare.blocks.clone()).collect();
            }
            assert!(began.elapsed().as_secs() < 10, "memory is not wiped");
            drop(spare);
            thread::yield_now();
        }
    }
}

impl Lent {
    /// That many blocks. What they hold is of no meaning.
    pub fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.spare.blocks.len() < count {
            // Growing may move them, and what they hold would stay behind.
            self.spare.wipe();
            self.spare.blocks.resize(count, Block::new());
        }
        self.spare.used = self.spare.used.max(count);
        &mut self.spare.blocks[..count]
    }
}

#[cfg(test)]
impl Lent {
    /// Memory of no gate, as the last hash left it.
    pub fn left_behind(blocks: usize) -> Self {
        let mut block = Block::new();
        block.as_mut().fill(7);
        let spare = Spare { blocks: vec![block; blocks], used: blocks };
        Self { spare, home: HashMemory::new(blocks), permit: None }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut spare = Spare { blocks: mem::take(&mut self.spare.blocks), used: self.spare.used };
        if spare.blocks.len() > self.home.keep {
            // An imported hash may cost many times the usual memory. Kept, it would be held for good.
            spare.wipe();
            spare.blocks.truncate(self.home.keep);
            spare.blocks.shrink_to(self.home.keep);
        }
        self.home.spare.lock().push(spare);
        drop(self.permit.take());
        thread::sleep(WIPED_AFTER);
        self.home.wipe();
    }
}

/// Whether nothing is left in memory.
#[cfg(test)]
pub fn is_wiped(memory: &[Vec<Block>]) -> bool {
    memory.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0))
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    /// One hash after another.
    fn gate() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(1))
    }

    fn lend(memory: &HashMemory, gate: &Arc<Semaphore>) -> Lent {
        memory.lend(gate.clone().try_acquire_owned().unwrap())
    }

    fn use_up(lent: &mut Lent, blocks: usize) {
        lent.blocks(blocks).iter_mut().for_each(|block| block.as_mut().fill(7));
    }

    #[test]
    fn memory_comes_back_wiped_and_is_used_again() {
        let (memory, gate) = (HashMemory::new(200), gate());
        use_up(&mut lend(&memory, &gate), 200);
        assert!(is_wiped(&memory.at_rest()));
        let mut lent = lend(&memory, &gate);
        assert_eq!((lent.spare.blocks.len(), memory.at_rest().len()), (200, 0));
        use_up(&mut lent, 100);
        drop(lent);
        assert_eq!(memory.at_rest().len(), 1);
        assert!(is_wiped(&memory.at_rest()));
    }

    #[test]
    fn the_memory_of_a_dearer_hash_is_given_back() {
        let (memory, gate) = (HashMemory::new(8), gate());
        use_up(&mut lend(&memory, &gate), 64);
        let kept = memory.at_rest();
        assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [8]);
        assert!(is_wiped(&kept));
        assert_eq!(lend(&memory, &gate).spare.blocks.capacity(), 8);
    }

    #[test]
    fn memory_taken_over_before_it_is_wiped_is_wiped_after_the_next_hash_or_before_it_moves() {
        let (memory, gate) = (HashMemory::new(200), gate());
        let used = || mem::replace(&mut Lent::left_behind(200).spare, Spare { blocks: Vec::new(), used: 0 });
        memory.spare.lock().push(used());
        let mut lent = lend(&memory, &gate);
        assert_eq!(lent.blocks(8).len(), 8);
        drop(lent);
        assert!(is_wiped(&memory.at_rest()));

        memory.spare.lock()[0] = used();
        let mut lent = lend(&memory, &gate);
        assert_eq!(lent.blocks(300).len(), 300);
        assert!(is_wiped(std::slice::from_ref(&lent.spare.blocks)));
    }

    #[test]
    fn memory_is_wiped_piece_by_piece_from_its_end() {
        let mut lent = Lent::left_behind(200);
        let spare = &mut lent.spare;
        assert!(!spare.wipe_some());
        assert_eq!(spare.used, 200 - WIPED_AT_ONCE);
        assert!(is_wiped(&[spare.blocks[spare.used..].to_vec()]));
        assert!(spare.blocks[..spare.used].iter().all(|block| block.as_ref()[0] == 7));
    }
}
