//! What the kernel knows of other processes: their CPU time to the nanosecond, and their memory.

use std::collections::HashMap;
use std::fs;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, bail};

/// Two readings this far apart that agree mean that a process rests. Longer than the ten milliseconds
/// after which the memory of a hash is wiped.
const RESTS_FOR: Duration = Duration::from_millis(25);

/// What asks for huge pages: in the environment of the server, as in its systemd unit, and of the floor.
pub const HUGE_PAGES: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

/// The name of the server's threads that make slow hashes, and nothing else.
const HASHING: &str = "hash";

/// CPU time of the threads of some processes so far.
pub struct Spent(HashMap<u32, Thread>);

#[derive(PartialEq, Eq)]
struct Thread {
    nanoseconds: u64,
    hashes: bool,
}

impl Spent {
    fn read(processes: &[u32]) -> Self {
        let threads = processes.iter().flat_map(|process| numbers_in(&format!("/proc/{process}/task")));
        let times = threads.filter_map(|thread| {
            let text = fs::read_to_string(format!("/proc/{thread}/schedstat")).ok()?;
            let hashes = fs::read_to_string(format!("/proc/{thread}/comm")).ok()?.trim() == HASHING;
            Some((thread, Thread { nanoseconds: text.split(' ').next()?.parse().ok()?, hashes }))
        });
        Self(times.collect())
    }

    /// What this process has spent so far.
    pub fn now() -> Self {
        Self::read(&[std::process::id()])
    }

    /// What this process has spent since, as a share of what all cores had to give.
    pub fn share_until_now(&self, elapsed: Duration) -> f64 {
        let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        Self::now().since(self) / (elapsed.as_secs_f64() * 1e3 * cores)
    }

    /// Reads once the processes have nothing more to do: memory is wiped after an answer, too.
    pub fn at_rest(processes: &[u32]) -> Self {
        let mut last = Self::read(processes);
        for _ in 0..100 {
            sleep(RESTS_FOR);
            let now = Self::read(processes);
            if now.0 == last.0 {
                break;
            }
            last = now;
        }
        last
    }

    /// Waits until a process has taken its next turn without being asked: its first thread looks for mails once
    /// a second. What follows at once is done before the turn after it.
    ///
    /// # Errors
    /// It takes none.
    pub fn next_turn(process: u32) -> Result<()> {
        let spent = || Self::read(&[process]).0.remove(&process);
        let before = spent();
        for _ in 0..3_000 {
            sleep(Duration::from_millis(1));
            if spent() != before {
                return Ok(());
            }
        }
        bail!("the server looks for no mails")
    }

    /// Milliseconds since `earlier`. A thread that has ended since then was idle for longer than
    /// any round takes, and had nothing to add.
    pub fn since(&self, earlier: &Spent) -> f64 {
        self.since_by(earlier, |_| true)
    }

    /// The same without the threads that hash.
    pub fn beside_hashing_since(&self, earlier: &Spent) -> f64 {
        self.since_by(earlier, |thread| !thread.hashes)
    }

    fn since_by(&self, earlier: &Spent, counts: impl Fn(&Thread) -> bool) -> f64 {
        let counted = self.0.iter().filter(|(_, thread)| counts(thread));
        let before = |number| earlier.0.get(number).map_or(0, |thread| thread.nanoseconds);
        let spent = counted.map(|(number, thread)| thread.nanoseconds - before(number));
        Duration::from_nanos(spent.sum()).as_secs_f64() * 1e3
    }
}

fn numbers_in(folder: &str) -> Vec<u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The processes of PostgreSQL that serve the connections of `hikae`.
pub fn backends() -> Vec<u32> {
    let serves = |process: &u32| {
        fs::read_to_string(format!("/proc/{process}/cmdline")).is_ok_and(|line| line.starts_with("postgres: hikae "))
    };
    numbers_in("/proc").into_iter().filter(serves).collect()
}

/// Resident memory of a process.
pub struct Memory {
    /// Now, in megabytes.
    pub now: f64,
    /// Of that, what is no file that the kernel could read again.
    pub own: f64,
    /// The most there was.
    pub peak: f64,
}

/// Reads the memory of a process.
pub fn memory(process: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let kib: f64 = line.trim_end_matches("kB").trim().parse().unwrap_or(f64::NAN);
        kib * 1024.0 / 1e6
    };
    Memory { now: megabytes("VmRSS:"), own: megabytes("RssAnon:"), peak: megabytes("VmHWM:") }
}
