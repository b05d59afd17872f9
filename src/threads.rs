//! Threads for work that blocks or takes long. A job goes to the thread that finished last, whose stack
//! and memory the caches still hold; a runtime's own threads take turns, and each finds them cold.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::fault::Fault;

/// What a thread keeps from one job to the next.
pub trait Kept: Send + Sized + 'static {
    /// Puts it in order after a job, even one that panicked.
    fn after_job(&mut self) {}

    /// Waits for the next job; none when there will be no more.
    fn next(&mut self, jobs: &Receiver<Job<Self>>) -> Option<Job<Self>> {
        jobs.recv().ok()
    }
}

impl Kept for () {}

/// The right to one of the threads.
pub struct Permit {
    _held: OwnedSemaphorePermit,
}

/// What gives the answer.
type Tell = Box<dyn FnOnce() + Send>;

/// A job under way to its thread.
pub struct Job<K> {
    work: Box<dyn FnOnce(&mut K) -> Tell + Send>,
    /// The thread's own place among the idle ones, for afterwards.
    place: Sender<Job<K>>,
    permit: Permit,
}

/// Threads without a job, the last one to finish on top.
type Idle<K> = Mutex<Vec<Sender<Job<K>>>>;

/// So many threads at the most, begun when they are needed. They end with this.
pub struct Threads<K> {
    name: &'static str,
    width: usize,
    permits: Arc<Semaphore>,
    keeping: Box<dyn Fn() -> K + Send + Sync>,
    idle: Arc<Idle<K>>,
}

fn locked<K>(idle: &Idle<K>) -> MutexGuard<'_, Vec<Sender<Job<K>>>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Kept> Threads<K> {
    /// Up to `width` threads of that name; `keeping` makes what each of them keeps.
    pub fn new(name: &'static str, width: usize, keeping: impl Fn() -> K + Send + Sync + 'static) -> Self {
        let permits = Arc::new(Semaphore::new(width));
        Self { name, width, permits, keeping: Box::new(keeping), idle: Arc::default() }
    }

    /// How many jobs are done at once.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// How many permits are held.
    pub fn in_use(&self) -> usize {
        self.width.saturating_sub(self.permits.available_permits())
    }

    /// Waits in turn until a thread is free. Waiting costs no thread.
    ///
    /// # Errors
    /// None as long as these threads are there.
    pub async fn permit(&self) -> Result<Permit, Fault> {
        self.permits.clone().acquire_owned().await.map(|_held| Permit { _held }).map_err(|_| Fault::TaskEnded)
    }

    /// Has this done by a thread. It is done to its end even when nobody waits for the answer any more,
    /// and the permit is held until then.
    ///
    /// # Errors
    /// The work's own fault; [`Fault::TaskEnded`] when it panics; there can be no thread.
    pub async fn run<T: Send + 'static>(
        &self,
        permit: Permit,
        work: impl FnOnce(&mut K) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move |kept: &mut K| {
            let result = work(kept);
            // Nobody listens when the caller has hung up.
            Box::new(move || drop(answer.send(result))) as Tell
        });
        let last = locked(&self.idle).pop();
        let thread = last.map_or_else(|| self.begin(), Ok)?;
        thread.send(Job { work, place: thread.clone(), permit }).map_err(|_| Fault::TaskEnded)?;
        answered.await.map_err(|_| Fault::TaskEnded)?
    }

    fn begin(&self) -> Result<Sender<Job<K>>, Fault> {
        let (thread, jobs) = channel();
        let (idle, kept) = (Arc::downgrade(&self.idle), (self.keeping)());
        thread::Builder::new()
            .name(self.name.to_owned())
            .spawn(move || work(&jobs, &idle, kept))
            .map_err(|error| Fault::Other(format!("no thread named {}: {error}", self.name)))?;
        Ok(thread)
    }
}

fn work<K: Kept>(jobs: &Receiver<Job<K>>, idle: &Weak<Idle<K>>, mut kept: K) {
    while let Some(Job { work, place, permit }) = kept.next(jobs) {
        // Whoever waits for the answer hears that there is none.
        let tell = catch_unwind(AssertUnwindSafe(|| work(&mut kept)));
        kept.after_job();
        let Some(idle) = idle.upgrade() else { return };
        // The place before the permit, so that whoever gets that finds an idle thread; and both before
        // the answer, so that the next job of the same act comes back to this thread.
        locked(&idle).push(place);
        drop(permit);
        if let Ok(tell) = tell {
            tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread::ThreadId;
    use std::time::Instant;

    use futures_util::FutureExt;

    use super::*;

    async fn by(threads: &Threads<()>) -> ThreadId {
        let permit = threads.permit().await.unwrap();
        threads.run(permit, |()| Ok(thread::current().id())).await.unwrap()
    }

    #[tokio::test]
    async fn one_job_after_another_is_done_by_one_thread() {
        let threads = Threads::new("test", 4, || ());
        let first = by(&threads).await;
        for _ in 0..1_000 {
            assert_eq!(by(&threads).await, first);
        }
    }

    #[tokio::test]
    async fn the_thread_that_finished_last_comes_first() {
        let threads = Threads::new("test", 2, || ());
        let (goes_on, waits) = channel();
        let (first, second) = (threads.permit().await.unwrap(), threads.permit().await.unwrap());
        let mut long = Box::pin(threads.run(first, move |()| {
            waits.recv().map_err(|_| Fault::TaskEnded)?;
            Ok(thread::current().id())
        }));
        assert!(long.as_mut().now_or_never().is_none());
        let short = threads.run(second, |()| Ok(thread::current().id())).await.unwrap();
        goes_on.send(()).unwrap();
        let long = long.await.unwrap();
        assert_ne!(long, short);
        assert_eq!([by(&threads).await, by(&threads).await], [long, long]);
    }

    #[tokio::test]
    async fn no_more_than_the_width_is_done_at_once() {
        let threads = Threads::new("test", 2, || ());
        let (_first, second) = (threads.permit().await.unwrap(), threads.permit().await.unwrap());
        assert_eq!(threads.in_use(), 2);
        assert!(threads.permit().now_or_never().is_none());
        drop(second);
        assert!(threads.permit().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_job_that_panics_is_a_fault_and_its_thread_goes_on() {
        let threads = Threads::new("test", 1, || ());
        let first = by(&threads).await;
        let permit = threads.permit().await.unwrap();
        let ended = threads.run::<()>(permit, |()| panic!("in the middle of a job")).await;
        assert!(matches!(ended, Err(Fault::TaskEnded)));
        assert_eq!(by(&threads).await, first);
    }

    #[tokio::test]
    async fn a_job_is_done_to_its_end_though_nobody_waits_and_its_permit_held_so_long() {
        let threads = Threads::new("test", 1, || ());
        let permit = threads.permit().await.unwrap();
        let (goes_on, waits) = channel();
        let answer = threads.run(permit, move |()| waits.recv().map_err(|_| Fault::TaskEnded));
        assert!(answer.now_or_never().is_none());
        assert_eq!(threads.in_use(), 1);
        goes_on.send(()).unwrap();
        drop(threads.permit().await.unwrap());
    }

    #[tokio::test]
    async fn what_a_thread_keeps_ends_with_the_owner_of_the_threads() {
        struct Alive(Arc<()>);
        impl Kept for Alive {}
        let alive = Arc::new(());
        let kept = alive.clone();
        let threads = Threads::new("test", 1, move || Alive(kept.clone()));
        let permit = threads.permit().await.unwrap();
        assert_eq!(threads.run(permit, |kept| Ok(Arc::strong_count(&kept.0))).await.unwrap(), 3);
        drop(threads);
        let began = Instant::now();
        while Arc::strong_count(&alive) > 1 {
            assert!(began.elapsed().as_secs() < 10, "the thread lives on");
            tokio::task::yield_now().await;
        }
    }
}
