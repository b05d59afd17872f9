//! Several processes that start at once on a folder in which no key is yet.

use std::sync::Barrier;
use std::thread;

use crate::portal::Portal;

const PROCESSES: usize = 3;

/// Adds an office in each of several processes at once; all must do it, and leave one key file
/// that the database knows.
fn start_at_once(portal: &Portal, round: usize) {
    let together = Barrier::new(PROCESSES);
    thread::scope(|scope| {
        let runs: Vec<_> = (0..PROCESSES)
            .map(|number| {
                let together = &together;
                scope.spawn(move || {
                    let name = format!("事業所 {number}");
                    together.wait();
                    portal.run(&["office", "add", "--name", &name, "--plan", "none"])
                })
            })
            .collect();
        for run in runs {
            let run = run.join().unwrap();
            assert_eq!(run.code, 0, "round {round}: {}{}", run.out, run.err);
        }
    });
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
        start_at_once(&portal, round);
    }
}
