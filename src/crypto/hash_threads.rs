//! The threads that make slow hashes, each with memory of its own: a hash goes to the thread that made
//! the last one, whose core has that memory in its caches. What it left there is written over by
//! the next hash, or wiped if none comes soon.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

use super::hash_memory::HashMemory;
use crate::fault::Fault;

/// How long after its hash memory is wiped. The act that asked for the hash is done by then, mostly, and
/// the next hash has begun if one waits; wiping would take the caches from the one and time from the
/// other.
const WIPED_AFTER: Duration = Duration::from_millis(10);

type Work = Box<dyn FnOnce(&mut HashMemory) + Send>;

struct Job {
    work: Work,
    /// The thread's own place among the idle ones, for afterwards.
    place: Sender<Job>,
    permit: OwnedSemaphorePermit,
}

/// Threads without work, the last one to finish on top.
type Idle = Mutex<Vec<Sender<Job>>>;

/// As many threads as there are permits, begun when they are needed. They end with this.
pub struct HashThreads {
    idle: Arc<Idle>,
    keep: usize,
    unwiped: Arc<AtomicUsize>,
}

fn locked(idle: &Idle) -> std::sync::MutexGuard<'_, Vec<Sender<Job>>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HashThreads {
    /// Threads for hashes of up to `keep` blocks of memory; dearer ones take more for as long as they
    /// last.
    pub fn new(keep: usize) -> Self {
        Self { idle: Arc::default(), keep, unwiped: Arc::default() }
    }

    /// Has this done by an idle thread, which then gives the permit back. If the work panics, the
    /// thread goes on.
    ///
    /// # Errors
    /// [`Fault`]: there can be no thread.
    pub fn run(
        &self,
        permit: OwnedSemaphorePermit,
        work: impl FnOnce(&mut HashMemory) + Send + 'static,
    ) -> Result<(), Fault> {
        let last = locked(&self.idle).pop();
        let thread = last.map_or_else(|| self.begin(), Ok)?;
        let job = Job { work: Box::new(work), place: thread.clone(), permit };
        thread.send(job).map_err(|_| Fault::TaskEnded)
    }

    fn begin(&self) -> Result<Sender<Job>, Fault> {
        let (thread, jobs) = channel();
        let (idle, memory) = (Arc::downgrade(&self.idle), HashMemory::new(self.keep, self.unwiped.clone()));
        thread::Builder::new()
            .name("hash".to_owned())
            .spawn(move || work(&jobs, &idle, memory))
            .map_err(|error| Fault::Other(format!("no thread for hashes: {error}")))?;
        Ok(thread)
    }

    /// How many blocks of memory hold something of a hash.
    #[cfg(test)]
    pub fn unwiped(&self) -> usize {
        self.unwiped.load(std::sync::atomic::Ordering::SeqCst)
    }
}

fn work(jobs: &Receiver<Job>, idle: &Weak<Idle>, mut memory: HashMemory) {
    while let Some(Job { work, place, permit }) = next(jobs, &mut memory) {
        // Whoever waits for the answer hears that there is none; the memory is wiped as always.
        let _ = catch_unwind(AssertUnwindSafe(|| work(&mut memory)));
        memory.shrink();
        let Some(idle) = idle.upgrade() else { return };
        // Before the permit: whoever gets it finds an idle thread.
        locked(&idle).push(place);
        drop(permit);
    }
}

/// The next job, until when memory is wiped; none when there will be no more.
fn next(jobs: &Receiver<Job>, memory: &mut HashMemory) -> Option<Job> {
    match jobs.recv_timeout(WIPED_AFTER) {
        Ok(job) => return Some(job),
        Err(RecvTimeoutError::Disconnected) => return None,
        Err(RecvTimeoutError::Timeout) => {}
    }
    while !memory.wipe_some() {
        match jobs.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
    }
    jobs.recv().ok()
}
