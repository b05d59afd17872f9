//! One outbox, several nodes: who sends what.

use std::collections::BTreeMap;

use crate::fleet::{Fleet, portal, runtime};
use crate::portal::PASSWORD;
use crate::support::balancer::Balancer;
use crate::support::mailbox::Mail;
use crate::support::smtp::{Mood, SmtpSink};
use crate::until;

const NODES: usize = 3;
const MAILS: usize = 60;

/// Nodes whose administrator has just invited sixty people at once, to a server that has taken the
/// first mails of each node and has not said so yet.
fn with_mails_under_way(sink: &SmtpSink) -> Fleet {
    let balancer = Balancer::start();
    let (portal, office) = portal(&balancer, sink.port);
    portal.add_user("admin@example.jp", &office, "admin").done();
    let fleet = Fleet::start(portal, balancer, NODES);
    let invited: Vec<String> = (0..MAILS).map(|number| format!("invited{number}@example.jp")).collect();
    runtime().block_on(async {
        let browser = fleet.browser();
        browser.sign_in_with("admin@example.jp", PASSWORD).await.expect_redirect("/account");
        let path = format!("/offices/{office}/invitations");
        let form = browser.get(&path).await.expect(200).form(&path).fill("emails", &invited.join("\n"));
        form.submit(&browser).await.expect(303);
    });
    until("each node has handed over what it has in hands", || {
        let mails = sink.mails();
        senders(&mails).len() == NODES && mails.len() == claimed(&fleet)
    });
    fleet
}

fn waiting(fleet: &Fleet) -> usize {
    let sql = "SELECT CAST(id AS TEXT) AS line FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL";
    fleet.portal.database.lines(sql).len()
}

fn claimed(fleet: &Fleet) -> usize {
    let sql = "SELECT CAST(id AS TEXT) AS line FROM outbox WHERE claimed_until IS NOT NULL";
    fleet.portal.database.lines(sql).len()
}

/// How many mails each node has sent.
fn senders(mails: &[Mail]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for mail in mails {
        *found.entry(header(mail, "From: ")).or_default() += 1;
    }
    found
}

/// The mails by who got them.
fn by_address(mails: Vec<Mail>) -> BTreeMap<String, Vec<Mail>> {
    let mut found: BTreeMap<String, Vec<Mail>> = BTreeMap::new();
    for mail in mails {
        found.entry(mail.to.clone()).or_default().push(mail);
    }
    found
}

fn header(mail: &Mail, name: &str) -> String {
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    raw.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
}

fn assert_no_trouble(fleet: &Fleet) {
    for node in fleet.nodes.iter().flatten() {
        let said = node.said();
        let trouble: Vec<&str> = said.lines().filter(|line| line.contains("ERROR") || line.contains("WARN")).collect();
        assert!(trouble.is_empty(), "{trouble:#?}");
    }
}

#[test]
fn each_of_sixty_mails_is_sent_once_and_by_every_node_some() {
    let sink = SmtpSink::start(Mood::KeepsSilent);
    let fleet = with_mails_under_way(&sink);
    sink.becomes(Mood::Accepts);
    until("the outbox is empty", || waiting(&fleet) == 0);
    let mails = by_address(sink.mails());
    assert_eq!(mails.len(), MAILS);
    assert!(mails.values().all(|copies| copies.len() == 1), "a mail was sent twice");
    assert_eq!(senders(&sink.mails()).len(), NODES);
    assert_no_trouble(&fleet);
}

#[test]
fn a_node_killed_while_it_sends_loses_no_mail_and_only_what_it_had_in_hands_is_sent_twice() {
    let sink = SmtpSink::start(Mood::KeepsSilent);
    let mut fleet = with_mails_under_way(&sink);
    let victim = "Hikae <node1@example.jp>";
    let in_hands = senders(&sink.mails())[victim];
    drop(fleet.nodes[1].take());
    sink.becomes(Mood::Accepts);
    until("the others have sent all the rest", || waiting(&fleet) == in_hands);
    // The five minutes of the dead node's claim are over.
    fleet.portal.database.execute("UPDATE outbox SET claimed_until = 0 WHERE claimed_until IS NOT NULL");
    until("the outbox is empty", || waiting(&fleet) == 0);

    let mails = by_address(sink.mails());
    assert_eq!(mails.len(), MAILS, "a mail was lost");
    let twice: Vec<&Vec<Mail>> = mails.values().filter(|copies| copies.len() > 1).collect();
    assert_eq!(twice.len(), in_hands);
    for copies in twice {
        assert_eq!(copies.len(), 2);
        assert_eq!(header(&copies[0], "From: "), victim, "another node's mail was sent again");
        // By which a mailbox knows the copy.
        assert_eq!(header(&copies[0], "Message-ID: "), header(&copies[1], "Message-ID: "));
    }
    assert_no_trouble(&fleet);
    fleet.portal.run(&["audit", "verify"]).done();
}
