//! Several processes that start at once on a folder in which nothing, or no key, is yet.

use std::sync::Barrier;
use std::thread;

use crate::portal::Portal;

const PROCESSES: usize = 3;

/// Runs a command in several processes at once; all must do it.
pub fn at_once(portal: &Portal, round: usize, arguments: &[&str]) {
    let together = Barrier::new(PROCESSES);
    thread::scope(|scope| {
        let start = || {
            together.wait();
            portal.run(arguments)
        };
        let runs: Vec<_> = (0..PROCESSES).map(|_| scope.spawn(start)).collect();
        for run in runs {
            let run = run.join().unwrap();
            assert_eq!(run.code, 0, "round {round}: {}{}", run.out, run.err);
        }
    });
}

/// Adds an office in each of several processes at once, which leaves one key file that the
/// database knows.
fn add_offices_at_once(portal: &Portal, round: usize) {
    at_once(portal, round, &["office", "add", "--name", "ひかえ", "--plan", "none"]);
    assert!(portal.path("data/hikae.key").is_file(), "round {round}: the key file is gone");
    let offices = portal.run(&["office", "list", "--json"]).json();
    assert_eq!(offices.as_array().unwrap().len(), PROCESSES, "round {round}");
    portal.run(&["audit", "verify"]).done();
}

#[test]
fn processes_that_start_at_once_after_migrate_agree_on_one_key_file() {
    for round in 0..15 {
        let portal = Portal::empty();
        portal.run(&["migrate"]).done();
        // What it leaves behind is a schema, and no key yet.
        add_offices_at_once(&portal, round);
    }
}

#[test]
fn processes_that_migrate_a_new_database_at_once_take_turns() {
    for round in 0..15 {
        let portal = Portal::empty();
        at_once(&portal, round, &["migrate"]);
        portal.run(&["office", "add", "--name", "ひかえ", "--plan", "none"]).done();
    }
}

#[test]
fn processes_that_start_at_once_on_an_empty_folder_agree_on_one_portal() {
    for round in 0..15 {
        add_offices_at_once(&Portal::empty(), round);
    }
}
