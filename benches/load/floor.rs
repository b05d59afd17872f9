//! The floor: one Argon2id hash at the cost of Hikae's with its memory wiped afterwards, as
//! Hikae has to, in a process that does nothing else.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::{Context, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use crate::process::{HUGE_PAGES, Spent};

/// The argument that makes this program the process of the floor.
pub const ARGUMENT: &str = "--floor";

/// Hashes as often, and so many at once, as each line of standard input says.
///
/// # Errors
/// Whoever asked is gone.
pub fn work() -> Result<()> {
    let (done, all_done) = channel();
    // Threads that stay, for the kernel forgets the time of those that end.
    let mut hands: Vec<Sender<u32>> = Vec::new();
    for line in std::io::stdin().lines() {
        let line = line?;
        let (times, at_once) = line.split_once(' ').context("how many at once?")?;
        let (times, at_once): (u32, usize) = (times.parse()?, at_once.parse()?);
        while hands.len() < at_once {
            let (order, orders) = channel();
            let done = done.clone();
            std::thread::spawn(move || hash_for_ever(&orders, &done));
            hands.push(order);
        }
        for hand in &hands[..at_once] {
            hand.send(times)?;
        }
        for _ in 0..at_once {
            all_done.recv()?;
        }
        println!("done");
    }
    Ok(())
}

fn hash_for_ever(orders: &Receiver<u32>, done: &Sender<()>) {
    let params = Params::new(19_456, 2, 1, Some(32)).expect("parameters");
    let mut memory = vec![Block::new(); params.block_count()];
    let engine = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    for times in orders {
        for _ in 0..times {
            let salt = out;
            engine.hash_password_into_with_memory(b"a password", &salt, &mut out, &mut memory).expect("a hash");
            memory.iter_mut().for_each(Zeroize::zeroize);
        }
        if done.send(()).is_err() {
            return;
        }
    }
}

/// The process that hashes.
pub struct Floor {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Floor {
    /// Starts it, and lets it take its memory.
    ///
    /// # Errors
    /// It does not start.
    pub fn start() -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new(program);
        command.arg(ARGUMENT).env(HUGE_PAGES.0, HUGE_PAGES.1).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let orders = child.stdin.take().context("no way in")?;
        let answers = BufReader::new(child.stdout.take().context("no way out")?);
        let mut floor = Self { child, orders, answers };
        floor.hash(2, 1)?;
        Ok(floor)
    }

    /// Milliseconds of CPU for one hash, as a mean of `times` on each of so many threads.
    ///
    /// # Errors
    /// The process is gone.
    pub fn hash(&mut self, times: u32, at_once: u32) -> Result<f64> {
        let before = Spent::at_rest(&[self.child.id()]);
        writeln!(self.orders, "{times} {at_once}")?;
        self.answers.read_line(&mut String::new())?;
        Ok(Spent::at_rest(&[self.child.id()]).since(&before) / f64::from(times * at_once))
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
