//! The floor: one Argon2id hash at the cost of Hikae's with its memory wiped afterwards, as
//! Hikae has to, in a process that does nothing else.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use crate::process::{HUGE_PAGES, Spent};

/// The argument that makes this program the process of the floor.
pub const ARGUMENT: &str = "--floor";

/// Hashes as many times as each line of standard input says.
///
/// # Errors
/// Whoever asked is gone.
pub fn work() -> Result<()> {
    let params = Params::new(19_456, 2, 1, Some(32)).expect("parameters");
    let mut memory = vec![Block::new(); params.block_count()];
    let engine = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    for line in std::io::stdin().lines() {
        for _ in 0..line?.parse::<u32>()? {
            let salt = out;
            engine.hash_password_into_with_memory(b"a password", &salt, &mut out, &mut memory).expect("a hash");
            memory.iter_mut().for_each(Zeroize::zeroize);
        }
        println!("done");
    }
    Ok(())
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
        floor.hash(2)?;
        Ok(floor)
    }

    /// Milliseconds of CPU for one hash, as a mean of `times`.
    ///
    /// # Errors
    /// The process is gone.
    pub fn hash(&mut self, times: u32) -> Result<f64> {
        let before = Spent::at_rest(&[self.child.id()]);
        writeln!(self.orders, "{times}")?;
        self.answers.read_line(&mut String::new())?;
        Ok(Spent::at_rest(&[self.child.id()]).since(&before) / f64::from(times))
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
