//! An end for processes that do not end by themselves: a test that fails says more than one that
//! never comes back.

use std::process::{Child, Command};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Longer than any command of these tests takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// Kills a process that has not ended within the limit; its exit code is then -1. To be dropped
/// when the process has ended.
pub struct Watchdog(#[expect(dead_code, reason = "dropping it tells the thread")] Sender<()>);

impl Watchdog {
    pub fn of(child: &Child) -> Self {
        let (alive, ended) = channel();
        let pid = child.id().to_string();
        thread::spawn(move || {
            if ended.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                eprintln!("process {pid} has not ended in {LIMIT:?} and is killed");
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
            }
        });
        Self(alive)
    }
}
