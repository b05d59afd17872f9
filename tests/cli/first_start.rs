//! Starting where nothing is yet: several processes at once, and the token that the first start prints.

use std::sync::Barrier;
use std::thread;

use hikae::domain::link::LinkToken;
use url::Url;

use crate::portal::{PASSWORD, Portal, Serving};
use crate::support::browser::Browser;

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

/// The token that a start printed.
fn token(serving: &Serving) -> String {
    let line = serving.text.lines().find_map(|line| line.strip_prefix("  token:   "));
    line.unwrap_or_else(|| panic!("no token: {}", serving.text)).to_owned()
}

fn without_people() -> Portal {
    Portal::empty().set("HIKAE_LISTEN", "127.0.0.1:0").set("HIKAE_LOG", "trace")
}

/// Follows a visitor's way from the sign-in page through the first start.
async fn set_up(browser: &Browser, token: &str) {
    let page = browser.get("/login").await.expect_redirect("/setup");
    let form = browser.follow(page).await.expect(200).form("/setup");
    let form = form.fill("token", token).fill("office_name", "ひかえ").fill("plan", "personal-standard");
    let form = form.fill("name", "控 一郎").fill("email", "first@example.jp").fill("new_password", PASSWORD);
    form.submit(browser).await.expect_redirect("/login");
    browser.sign_in_with("first@example.jp", PASSWORD).await.expect_redirect("/account");
}

#[test]
fn with_nobody_in_the_database_a_token_is_printed_and_opens_the_first_start() {
    let portal = without_people();
    let serving = portal.serve(&["serve"], "each start prints a new one");
    let token = token(&serving);
    assert!(LinkToken::parse(&token).is_some(), "{token}");
    let named: Vec<&str> = serving.text.lines().filter(|line| line.contains(&token)).collect();
    assert_eq!(named.len(), 1, "in no log line and in no address: {named:?}");
    let address = format!("http://127.0.0.1:{}", serving.port());
    assert!(serving.text.contains(&format!("{address}/setup\n")), "{}", serving.text);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(set_up(&Browser::new(serving.port(), &Url::parse(&address).unwrap()), &token));
    assert_eq!(portal.emails(), ["first@example.jp"]);
    assert_eq!(serving.stop(), 0);
    portal.run(&["audit", "verify"]).done();
}

#[test]
fn each_node_prints_a_token_of_its_own_and_a_person_added_by_the_operator_ends_them_all() {
    let portal = without_people();
    let (one, other) = (portal.serve(&["serve"], "token:"), portal.serve(&[], "token:"));
    assert_ne!(token(&one), token(&other));
    assert_eq!((one.get("/setup").0, other.get("/setup").0), (200, 200));
    portal.run(&["office", "add", "--name", "ひかえ", "--plan", "none"]).done();
    assert_eq!(one.get("/setup").0, 200, "an office alone lets nobody in");
    portal.add_user("first@example.jp", "ひかえ", "admin").done();
    for node in [one, other] {
        assert_eq!((node.get("/setup").0, node.get("/login").0), (404, 200));
    }
    assert!(portal.database.lines("SELECT CAST(created_at AS TEXT) AS line FROM first_start").is_empty());
    let later = portal.serve(&["serve"], "mails");
    assert_eq!((later.get("/setup").0, later.get("/login").0), (404, 200));
}
