//! Several processes of the program on one PostgreSQL, behind a balancer without stickiness, with
//! the system's clock: what only shows where nothing is shared but the database and the key file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../cli/portal.rs"]
#[expect(dead_code, reason = "shared with the suite of the command line, which uses the rest")]
mod portal;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the suite over HTTP, which uses the rest")]
mod support;
#[path = "../cli/watchdog.rs"]
mod watchdog;

mod fleet;
mod housekeeping;
mod mails;
mod plans;
mod restarts;
mod starts;
mod traffic;

use std::time::{Duration, Instant};

/// How often a test repeats what is left to chance: `HIKAE_TEST_ROUNDS`, else a few times.
fn rounds(few: usize) -> usize {
    std::env::var("HIKAE_TEST_ROUNDS").map_or(few, |rounds| rounds.parse().unwrap())
}

/// Waits until it is so, for at most a minute.
fn until(what: &str, question: impl Fn() -> bool) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        if question() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("never happened: {what}");
}
