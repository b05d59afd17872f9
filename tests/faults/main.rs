//! Faults from outside: the built program as a process that is killed, starved of disk, cut off
//! from its database, and pestered by slow and greedy clients. docs/reliability.md says what was
//! seen, and how to run each for longer.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the suite over HTTP, which uses the rest")]
mod support;

mod bent_rows;
mod client;
mod clocks;
mod dice;
mod disk;
mod durability;
mod floods;
mod house;
mod invariants;
mod journal;
mod kills;
mod mails;
mod outages;
mod people;
mod populate;
mod proxy;
mod snapshot;
mod traffic;
mod turns;
#[path = "../cli/watchdog.rs"]
mod watchdog;
