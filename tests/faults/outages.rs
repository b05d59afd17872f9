//! PostgreSQL goes away, falls silent, or is slow, under a running portal (SC-76).

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::dice::Dice;
use crate::house::{House, Node};
use crate::kills::{assert_true, assert_whole};
use crate::people::PASSWORD;
use crate::populate::populate;
use crate::proxy::{State, Wire};
use crate::snapshot::Snapshot;
use crate::support::browser::Browser;
use crate::support::eventually;
use crate::support::page::Page;
use crate::support::postgres::cluster;
use crate::traffic::Traffic;
use crate::turns;

/// What the portal promises: nobody waits longer for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How much later a busy machine may be.
const GRACE: Duration = Duration::from_secs(5);

/// How often the server is stopped.
fn outages() -> u32 {
    let wanted = std::env::var("HIKAE_TEST_OUTAGES").ok();
    wanted.map_or(1, |wanted| wanted.parse().expect("HIKAE_TEST_OUTAGES is a number"))
}

fn pg_ctl(arguments: &[&str]) {
    let data = cluster().folder.join("data").display().to_string();
    let log = cluster().folder.join("log").display().to_string();
    let done = cluster().run("pg_ctl", &[arguments, &["-D", &data, "-l", &log]].concat()).expect("pg_ctl runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_server_stopped_and_started_again_under_traffic_loses_nothing_that_was_answered() {
    if !turns::is_on_postgres() {
        return;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let _turn = runtime.block_on(turns::alone());
    let (house, dice) = (Arc::new(runtime.block_on(House::empty())), Arc::new(Dice::new()));
    // The cluster of the tests may forget what it has confirmed; a real one may not.
    let name = house.database.lines("SELECT current_database()::text AS line").concat();
    house.database.execute(&format!("ALTER DATABASE {name} SET synchronous_commit = on"));
    let traffic = Traffic::begin(&runtime, &house, &dice, 3);
    let node = house.start();
    let began = Instant::now();
    let mut snapshot = Snapshot::default();
    for outage in 1..=outages() {
        traffic.wait_for(20 + dice.below(40));
        pg_ctl(&["stop", "-m", "immediate"]);
        assert_eq!(runtime.block_on(house.browser().get("/healthz")).status, 200);
        assert_eq!(runtime.block_on(house.browser().get("/readyz")).status, 503);
        std::thread::sleep(Duration::from_millis(dice.below(1_500)));
        // Without a server to stop, it is started with the options it had.
        pg_ctl(&["restart", "-w"]);
        let ready = async || (house.browser().get("/readyz").await.status == 200).then_some(());
        runtime.block_on(eventually("the portal finds its database again", ready));
        traffic.wait_for(10);
        assert!(traffic.goes_on(), "a client has stopped: {}", house.log());
        // Others write meanwhile, so rows are compared only with what was there before.
        let now = Snapshot::take(&house);
        let shrunk = now.shrunk_since(&snapshot, &house);
        assert!(shrunk.is_empty(), "after outage {outage}:\n  {}", shrunk.join("\n  "));
        snapshot = now;
    }
    let journal = traffic.end(&runtime);
    let log = house.log();
    assert!(!log.contains("panicked"), "{log}");
    assert_true(&house, node, &snapshot, &journal);
    eprintln!("{} outages in {} s: {}", outages(), began.elapsed().as_secs(), journal.figures());
}

/// A portal with two people, whose database is at the end of a wire.
async fn behind_a_wire() -> (House, Wire, Vec<String>, Node) {
    let house = House::empty().await;
    let people = populate(&house, 2).into_iter().map(|(email, _)| email).collect();
    let wire = Wire::to(cluster().port);
    let url = house.database.url().expect("a PostgreSQL");
    let house = house.set("DATABASE_URL", &url.replace(&format!(":{}/", cluster().port), &format!(":{}/", wire.port)));
    let node = house.start();
    (house, wire, people, node)
}

async fn timed(page: impl Future<Output = Page>) -> (Page, Duration) {
    let began = Instant::now();
    let page = timeout(ANSWER_WITHIN * 3, page).await.expect("an answer, however late");
    (page, began.elapsed())
}

/// Proves the password; the sign-in page itself needs no database.
async fn sign_in(browser: Browser, email: String) -> (Page, Duration) {
    timed(browser.sign_in_with(&email, PASSWORD)).await
}

#[track_caller]
fn assert_unavailable((page, took): &(Page, Duration), within: Duration) {
    assert_eq!(page.status, 503, "{}", page.text());
    assert!(page.h1().contains("一時的に利用できません") && page.header("retry-after").is_some(), "{}", page.text());
    assert!(*took < within, "{took:?}");
}

fn threads(node: &Node) -> usize {
    std::fs::read_dir(format!("/proc/{}/task", node.pid())).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_from_its_database_it_says_so_and_comes_back_by_itself() {
    if !turns::is_on_postgres() {
        return;
    }
    let _turn = turns::beside_others().await;
    let (house, wire, people, node) = behind_a_wire().await;
    let stage = house.browser();
    stage.sign_in_with(&people[0], PASSWORD).await.expect_redirect("/login/code");
    wire.becomes(State::Cut);
    let (ready, alive) = (house.browser(), house.browser());
    let (pages, ready, alive) = tokio::join!(
        join_all((0..12).map(|_| sign_in(house.browser(), people[1].clone()))),
        timed(ready.get("/readyz")),
        timed(alive.get("/healthz")),
    );
    assert!(ready.0.status == 503 && ready.1 < Duration::from_secs(2) + GRACE, "{} {:?}", ready.0.status, ready.1);
    assert!(alive.0.status == 200 && alive.1 < GRACE, "{:?}", alive.1);
    pages.iter().for_each(|page| assert_unavailable(page, Duration::from_secs(5) + GRACE));
    assert_unavailable(&timed(stage.get("/login/code")).await, Duration::from_secs(5) + GRACE);
    wire.becomes(State::Open);
    let ready = async || (house.browser().get("/readyz").await.status == 200).then_some(());
    eventually("the portal finds its database again", ready).await;
    stage.get("/login/code").await.expect(200);
    let log = house.log();
    assert!(log.contains("no database connection") || log.contains("out of service"), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    node.kill();
    house.settle();
    assert_whole(&house, &Snapshot::default(), "after the cut");
}

/// As when a server fails over: the connections die, and new ones are had at once.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_die_right_after_they_worked_cost_a_page_each_and_no_more() {
    if !turns::is_on_postgres() {
        return;
    }
    let _turn = turns::beside_others().await;
    let house = House::empty().await;
    let people = populate(&house, 1);
    let node = house.start();
    let stage = house.browser();
    stage.sign_in_with(&people[0].0, PASSWORD).await.expect_redirect("/login/code");
    let sign_ins = (0..6).map(|_| sign_in(house.browser(), people[0].0.clone()));
    join_all(sign_ins).await;
    let end = "SELECT pg_terminate_backend(pid)::text AS line FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name = 'hikae'";
    let ended = house.database.lines(end).len();
    let (mut shown, mut lost) = (0, 0);
    while shown < 100 {
        match stage.get("/login/code").await.status {
            200 => shown += 1,
            503 => lost += 1,
            status => panic!("{status}: {}", house.log()),
        }
        assert!(lost <= ended, "{lost} pages lost with {ended} connections: {}", house.log());
    }
    node.kill();
    house.settle();
    assert_whole(&house, &Snapshot::default(), "after the connections died");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_falls_silent_holds_nobody_for_ever() {
    if !turns::is_on_postgres() {
        return;
    }
    let _turn = turns::beside_others().await;
    let (house, wire, people, node) = behind_a_wire().await;
    house.browser().sign_in_with(&people[0], PASSWORD).await.expect_redirect("/login/code");
    let before = threads(&node);
    wire.becomes(State::Silent);
    let (ready, alive) = (house.browser(), house.browser());
    let (pages, ready, alive) = tokio::join!(
        join_all((0..60).map(|_| sign_in(house.browser(), people[1].clone()))),
        timed(ready.get("/readyz")),
        async {
            let mut slowest = Duration::ZERO;
            for _ in 0..20 {
                tokio::time::sleep(Duration::from_millis(200)).await;
                let (page, took) = timed(alive.get("/healthz")).await;
                assert_eq!(page.status, 200);
                slowest = slowest.max(took);
            }
            (slowest, threads(&node))
        }
    );
    assert!(ready.0.status == 503 && ready.1 < Duration::from_secs(2) + GRACE, "{} {:?}", ready.0.status, ready.1);
    assert!(alive.0 < Duration::from_secs(1), "{alive:?}");
    assert!(alive.1 < before + 40, "threads pile up: {before}, then {}", alive.1);
    pages.iter().for_each(|page| assert_unavailable(page, ANSWER_WITHIN + GRACE));
    let at_once = pages.iter().filter(|(_, took)| *took < Duration::from_secs(5) + GRACE).count();
    assert!(at_once >= 60 - 16, "only those that have a connection wait longer: {at_once} of 60");
    wire.becomes(State::Open);
    let ready = async || (house.browser().get("/readyz").await.status == 200).then_some(());
    eventually("the portal hears its database again", ready).await;
    house.browser().sign_in_with(&people[1], PASSWORD).await.expect_redirect("/login/code");
    let log = house.log();
    assert!(log.contains("no answer in time") && !log.contains("panicked"), "{log}");
    let slowest = pages.iter().map(|(_, took)| *took).max().unwrap_or_default();
    eprintln!(
        "silent: slowest page {slowest:?}, {at_once} of 60 within 5 s, healthz {:?}, threads {}",
        alive.0, alive.1
    );
    node.kill();
    house.settle();
    assert_whole(&house, &Snapshot::default(), "after the silence");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_database_pages_come_late_and_health_answers_do_not() {
    if !turns::is_on_postgres() {
        return;
    }
    let _turn = turns::beside_others().await;
    let (house, wire, people, node) = behind_a_wire().await;
    wire.becomes(State::Slow(Duration::from_millis(60)));
    let alive = house.browser();
    let (pages, alive) = tokio::join!(
        join_all(people.iter().map(|email| sign_in(house.browser(), email.clone()))),
        timed(alive.get("/healthz")),
    );
    for (page, took) in pages {
        assert_eq!(page.location().as_deref(), Some("/login/code"), "{}", page.text());
        assert!(took > Duration::from_secs(1) && took < ANSWER_WITHIN, "{took:?}");
    }
    assert!(alive.1 < Duration::from_secs(1), "{:?}", alive.1);
    // So slow that a single question would be seen.
    wire.becomes(State::Slow(Duration::from_secs(1)));
    let alive = timed(house.browser().get("/healthz")).await;
    assert!(alive.0.status == 200 && alive.1 < Duration::from_secs(1), "{:?}", alive.1);
    node.kill();
}
