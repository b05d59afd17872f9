//! Nodes that are stopped and started again, one after the other, while people use the portal.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;

use crate::fleet::{Fleet, portal, runtime};
use crate::portal::PASSWORD;
use crate::support::balancer::Balancer;
use crate::support::smtp::{Mood, SmtpSink};
use crate::traffic::{Person, Tally, flow, people};
use crate::{rounds, until};

const NODES: usize = 3;
const HANDS: usize = 4;
/// Answers between two restarts.
const ANSWERS: usize = 30;

#[test]
fn a_rolling_restart_under_load_loses_nothing_that_was_answered_and_no_session() {
    let (rounds, sink, balancer) = (rounds(2), SmtpSink::start(Mood::Accepts), Balancer::start());
    let (portal, office) = portal(&balancer, sink.port);
    let count = HANDS * (4 + 4 * rounds);
    portal.write("people.jsonl", people(&office, count));
    portal.run(&["user", "import", "people.jsonl"]).done();
    let mut fleet = Fleet::start(portal, balancer, NODES);
    let (tally, runtime) = (Tally::default(), runtime());
    let visitors = fleet.visitors();
    let people: Vec<Person> = std::thread::scope(|scope| {
        let traffic = scope.spawn(|| runtime.block_on(flow(&visitors, &tally, HANDS, count)));
        for restart in 0..rounds * NODES {
            let before = tally.answered.load(Ordering::SeqCst);
            until("people are answered", || {
                traffic.is_finished() || tally.answered.load(Ordering::SeqCst) >= before + ANSWERS
            });
            fleet.restart(restart % NODES);
        }
        tally.over.store(true, Ordering::SeqCst);
        traffic.join().unwrap()
    });

    runtime.block_on(async {
        for person in &people {
            for browser in &person.browsers {
                assert!(browser.is_signed_in().await, "{} was signed out", person.email);
            }
        }
    });
    let lines = |sql: &str| fleet.portal.database.lines(sql);
    for Person { email, codes_used, in_doubt, .. } in &people {
        let user = format!("(SELECT id FROM users WHERE email = '{email}')");
        let spent = lines(&format!(
            "SELECT CAST(c.number AS TEXT) AS line FROM backup_codes c JOIN generations g ON g.id = c.generation_id \
             WHERE c.used_at IS NOT NULL AND g.user_id = {user}"
        ));
        let recorded = lines(&format!(
            "SELECT detail AS line FROM audit_events \
             WHERE action = 'sign_in.backup_code' AND outcome = 'done' AND subject_id = {user}"
        ));
        assert!((*codes_used..=codes_used + in_doubt).contains(&spent.len()), "{email}: {codes_used} {spent:?}");
        assert_eq!(spent.len(), recorded.len(), "{email}");
    }
    let answered = tally.answered.load(Ordering::SeqCst);
    let unanswered = tally.unanswered.load(Ordering::SeqCst);
    let codes: usize = people.iter().map(|person| person.codes_used).sum();
    println!("{} restarts, {answered} acts answered, {codes} codes used, {unanswered} unanswered", rounds * NODES);
    assert!(codes > 0);
    fleet.portal.run(&["audit", "verify"]).done();
}

#[test]
fn an_act_under_way_is_answered_whole_while_new_requests_go_to_the_other_node() {
    let (sink, balancer) = (SmtpSink::start(Mood::Accepts), Balancer::start());
    let (portal, office) = portal(&balancer, sink.port);
    portal.add_user("hanako@example.jp", &office, "general").done();
    let mut fleet = Fleet::start(portal, balancer, 2);
    let node = fleet.nodes[0].take().unwrap();
    let runtime = runtime();
    let browser = fleet.browser_at(node.port());
    let form = runtime.block_on(async { browser.get("/login").await.expect(200).form("ログイン") });
    let form = form.fill("email", "hanako@example.jp").fill("password", PASSWORD);

    let hold = fleet.portal.database.hold();
    let answer = runtime.spawn({
        let browser = browser.clone();
        async move { form.submit(&browser).await }
    });
    until("the act waits for its last row", || hold.waiting() == Some(1));
    node.ask_to_stop();
    until("the node takes no more connections", || TcpStream::connect(("127.0.0.1", node.port())).is_err());
    let before = fleet.balancer.taken();
    runtime.block_on(async {
        for _ in 0..4 {
            fleet.browser().get("/login").await.expect(200);
        }
    });
    assert_eq!(fleet.balancer.taken(), [before[0], before[1] + 4]);
    drop(hold);
    runtime.block_on(async {
        answer.await.unwrap().expect_redirect("/account");
        let there = fleet.browser();
        there.plant_cookies(browser.cookies());
        assert!(there.is_signed_in().await, "the session ended with its node");
    });
    assert_eq!(node.ended(), 0);
}

#[test]
fn whoever_was_let_in_just_before_is_still_heard() {
    let (sink, balancer) = (SmtpSink::start(Mood::Accepts), Balancer::start());
    let (portal, _) = portal(&balancer, sink.port);
    let mut fleet = Fleet::start(portal, balancer, 1);
    let (node, port) = (fleet.nodes[0].take().unwrap(), fleet.balancer.port);
    let mut late = TcpStream::connect(("127.0.0.1", node.port())).unwrap();
    until("the node has taken the connection, and one after it", || node.get("/healthz").0 == 200);
    node.ask_to_stop();
    until("the node takes no more connections", || TcpStream::connect(("127.0.0.1", node.port())).is_err());
    write!(late, "GET /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    late.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("location: /setup"), "{answer}");
    assert_eq!(node.ended(), 0);
}
