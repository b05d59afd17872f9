//! The command line from outside: the built program in an empty folder, its answers and its exit
//! codes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the suite over HTTP, which uses the rest")]
mod support;

mod audit;
mod backup;
mod beside;
mod codes;
mod demo;
mod first_start;
mod foreign_keys;
mod import;
mod keys;
mod offices;
mod portal;
#[cfg(feature = "postgres-tls")]
mod postgres_tls;
mod serving;
mod settings;
mod users;
mod watchdog;
