//! SIGKILL at any moment, under mixed traffic (SC-75).

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::house::{House, Node};
use crate::invariants;
use crate::journal::Journal;
use crate::mails;
use crate::snapshot::Snapshot;
use crate::support::database::Database;
use crate::traffic::Traffic;
use crate::turns;

fn kills() -> u32 {
    let wanted = std::env::var("HIKAE_TEST_KILLS").ok();
    wanted.map_or(5, |wanted| wanted.parse().expect("HIKAE_TEST_KILLS is a number"))
}

/// Every table is whole, and what may only grow has not shrunk.
pub fn assert_whole(house: &House, before: &Snapshot, when: &str) -> Snapshot {
    let now = Snapshot::take(house);
    let mut wrong = now.shrunk_since(before, house);
    wrong.extend(invariants::broken(house));
    assert!(wrong.is_empty(), "{when}:\n  {}", wrong.join("\n  "));
    now
}

/// At the end: the mails leave, the database says what the clients were told, and the trail
/// verifies.
pub fn assert_true(house: &House, node: Node, before: &Snapshot, journal: &Journal) {
    let began = Instant::now();
    // A mail that was being sent when its worker died is another worker's after five minutes; one
    // that failed waits, too.
    let waiting = "SELECT CAST(id AS TEXT) AS line FROM outbox WHERE sent_at IS NULL";
    house.database.execute("UPDATE outbox SET claimed_until = NULL, next_try_at = 0 WHERE sent_at IS NULL");
    while !house.database.lines(waiting).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(120), "mails wait for ever: {}", house.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    node.kill();
    house.settle();
    assert_whole(house, before, "at the end");
    assert!(journal.is_telling(), "too little was done: {}", journal.figures());
    let mut wrong = journal.lies(house);
    wrong.extend(mails::untold(house));
    assert!(wrong.is_empty(), "at the end:\n  {}", wrong.join("\n  "));
    house.run(&["audit", "verify"], "");
}

#[test]
fn killed_at_any_moment_it_has_done_each_act_whole_or_not_at_all() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let _turn = runtime.block_on(turns::beside_others());
    let (house, dice) = (Arc::new(runtime.block_on(House::empty())), Arc::new(Dice::new()));
    let traffic = Traffic::begin(&runtime, &house, &dice, if kills() > 20 { 6 } else { 2 });
    let mut node = house.start();
    let began = Instant::now();
    let mut snapshot = Snapshot::default();
    for kill in 1..=kills() {
        traffic.wait_for(if kill == 1 { 60 } else { 10 } + dice.below(40));
        // On PostgreSQL, half of the kills hit acts in their last step: they are kept waiting there.
        let hold = matches!(house.database, Database::Postgres(_)) && dice.once_in(2);
        let held = hold.then(|| house.database.hold());
        std::thread::sleep(Duration::from_millis(dice.below(if hold { 150 } else { 40 })));
        node.kill();
        drop(held);
        house.settle();
        snapshot = assert_whole(&house, &snapshot, &format!("after kill {kill}"));
        if kill % 20 == 0 {
            house.run(&["audit", "verify"], "");
        }
        assert!(traffic.goes_on(), "a client has stopped: {}", house.log());
        node = house.start();
    }
    traffic.wait_for(10);
    let journal = traffic.end(&runtime);
    assert_true(&house, node, &snapshot, &journal);
    eprintln!("{} kills in {} s: {}", kills(), began.elapsed().as_secs(), journal.figures());
}
