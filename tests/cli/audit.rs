//! `hikae audit verify`.

use hikae::clock::Clock;
use hikae::domain::office::Name;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::operator::{add_office, set_plan};
use hikae::service::prune_audit::prune_audit;
use hikae::service::verify_audit::verify_audit;

use crate::beside;
use crate::portal::{Portal, aside};
use crate::support::app::TestApp;

/// A portal whose operator has done a few things.
fn busy() -> Portal {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    portal.add_user("a@example.jp", &office, "admin").done();
    portal.run(&["office", "set-plan", "--office", &office, "--plan", "corporate-solo"]).done();
    portal
}

#[test]
fn the_trail_of_what_the_operator_did_is_whole() {
    let portal = busy();
    let report = portal.run(&["audit", "verify", "--json"]).json();
    assert_eq!(report["intact"], true);
    assert!(report["rows"].as_i64().unwrap() >= 3);
    assert_eq!(report["head"]["hash"].as_str().unwrap().len(), 64);
    assert!(portal.run(&["audit", "verify"]).done().out.contains("whole"));
}

#[test]
fn a_row_that_was_changed_taken_out_or_moved_is_found() {
    for change in [
        "UPDATE audit_events SET detail = 'plan none' WHERE seq = 3",
        "UPDATE audit_events SET at = at + 1 WHERE seq = 1",
        "DELETE FROM audit_events WHERE seq = 2",
        "DELETE FROM audit_events WHERE seq = 3",
        "DELETE FROM audit_events",
        "UPDATE audit_events SET seq = 9 WHERE seq = 1; UPDATE audit_events SET seq = 1 WHERE seq = 2; \
         UPDATE audit_events SET seq = 2 WHERE seq = 9",
        "DELETE FROM audit_head",
        "UPDATE audit_events SET key_id = 'another' WHERE seq = 2",
    ] {
        let portal = busy();
        portal.database.execute(change);
        portal.run(&["audit", "verify"]).refused(&["broken"]);
        let report = portal.run(&["audit", "verify", "--json"]);
        assert_eq!(report.code, 1, "{change}");
        let answer: serde_json::Value = serde_json::from_str(&report.out).unwrap();
        assert_eq!(answer["intact"], false, "{change}");
    }
}

/// A portal in which all rows but the newest have been forgotten by age.
async fn pruned() -> TestApp {
    let app = beside::portal().await;
    let member = app.member().await;
    for _ in 0..2 {
        app.browser().sign_in(&member).await.expect(303);
        app.turn(Seconds::hours(24));
    }
    assert_eq!(prune_audit(&app.services, Seconds::hours(48)).await.unwrap(), 0);
    let rows = prune_audit(&app.services, Seconds::hours(24)).await.unwrap();
    assert!(rows >= 3, "{rows}");
    assert_eq!(prune_audit(&app.services, Seconds::hours(24)).await.unwrap(), 0);
    app
}

#[tokio::test]
async fn old_rows_are_forgotten_and_the_rest_verifies_from_the_anchor_on() {
    let app = pruned().await;
    let kept = app.database.lines("SELECT action AS line FROM audit_events ORDER BY seq");
    assert_eq!(kept, ["sign_in.password", "audit.pruned"]);
    let report = beside::run(&app, &["audit", "verify", "--json"]).await.json();
    assert_eq!((&report["intact"], &report["rows"]), (&true.into(), &2.into()));
    assert!(report["pruned_up_to"].as_str().unwrap().parse::<i64>().unwrap() >= 3);
    // Another key does not end the trust in the anchor, and what comes later verifies, too.
    beside::run(&app, &["keys", "rotate"]).await.done();
    beside::run(&app, &["audit", "verify"]).await.done();
    app.turn(Seconds::hours(24 * 30));
    assert!(prune_audit(&app.services, Seconds::hours(24)).await.unwrap() >= 2);
    beside::run(&app, &["audit", "verify"]).await.done();
}

#[tokio::test]
async fn tampering_with_the_anchor_is_found() {
    let app = pruned().await;
    let anchor = app.database.lines("SELECT '' || seq AS line FROM audit_anchor").concat();
    for change in [
        "UPDATE audit_anchor SET seq = seq + 1",
        "UPDATE audit_anchor SET seq = 0",
        "UPDATE audit_anchor SET hash = mac",
        "UPDATE audit_anchor SET mac = NULL",
        "UPDATE audit_anchor SET key_id = 'another'",
        "DELETE FROM audit_anchor",
        &format!("UPDATE audit_anchor SET seq = seq + 1; DELETE FROM audit_events WHERE seq = {anchor} + 1"),
    ] {
        app.database.execute("CREATE TABLE kept AS SELECT * FROM audit_anchor");
        app.database.execute("CREATE TABLE kept_events AS SELECT * FROM audit_events");
        app.database.execute(change);
        let report = verify_audit(&app.services).await.unwrap();
        assert!(report.broken.is_some(), "{change}");
        app.database.execute(
            "DELETE FROM audit_anchor; INSERT INTO audit_anchor SELECT * FROM kept; DROP TABLE kept; \
             DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM kept_events; DROP TABLE kept_events",
        );
    }
    beside::run(&app, &["audit", "verify"]).await.done();
}

#[tokio::test]
async fn what_was_tampered_with_is_not_forgotten() {
    let app = beside::portal().await;
    app.member().await;
    app.turn(Seconds::hours(72));
    app.database.execute("UPDATE audit_events SET detail = 'x' WHERE seq = 2");
    assert!(prune_audit(&app.services, Seconds::hours(24)).await.is_err());
    assert!(!app.database.lines("SELECT action AS line FROM audit_events WHERE seq = 1").is_empty());
    beside::run(&app, &["audit", "verify"]).await.refused(&["broken"]);
}

/// A portal with many rows in its trail, all of them two days old.
async fn long() -> TestApp {
    let app = beside::portal().await;
    let office = add_office(&app.services, Name::parse("控え").unwrap(), Plan::None).await.unwrap();
    let rows = app.database.lines("SELECT '' || seq AS line FROM audit_head").concat().parse::<usize>().unwrap();
    for _ in rows..1_000 {
        set_plan(&app.services, office, Plan::None).await.unwrap();
    }
    app.turn(Seconds::hours(48));
    app
}

#[tokio::test]
async fn rows_are_forgotten_in_portions_each_with_its_own_row() {
    let app = long().await;
    assert_eq!(prune_audit(&app.services, Seconds::hours(24)).await.unwrap(), 1_000);
    let kept = app.database.lines("SELECT action || ' ' || detail AS line FROM audit_events ORDER BY seq");
    assert_eq!(kept, ["audit.pruned rows up to 500", "audit.pruned rows up to 1000"]);
    beside::run(&app, &["audit", "verify"]).await.done();
}

#[tokio::test]
async fn nodes_that_forget_at_once_forget_every_row_once() {
    let app = long().await;
    let prunes = (0..4).map(|_| prune_audit(&app.services, Seconds::hours(24)));
    let mut pruned = 0;
    for rows in futures_util::future::join_all(prunes).await {
        pruned += rows.unwrap();
    }
    // Who was overtaken leaves the rest to the next round.
    pruned += prune_audit(&app.services, Seconds::hours(24)).await.unwrap();
    assert_eq!(pruned, 1_000);
    let told = app.database.lines("SELECT detail AS line FROM audit_events WHERE action = 'audit.pruned'");
    assert_eq!(told.len(), 2, "{told:?}");
    beside::run(&app, &["audit", "verify"]).await.done();
}

#[tokio::test]
async fn a_served_portal_forgets_what_is_older_than_the_setting_says() {
    let portal = aside(busy).await.set("HIKAE_LISTEN", "127.0.0.1:0").set("HIKAE_AUDIT_RETENTION_DAYS", "2");
    let rows = || portal.database.lines("SELECT action AS line FROM audit_events ORDER BY seq");
    let before = rows();
    assert_eq!(portal.serve(&["serve"], ".eml").stop(), 0);
    assert_eq!(rows(), before, "nothing is old enough");

    // The same portal, three days ago.
    let portal = aside(Portal::empty).await.set("HIKAE_LISTEN", "127.0.0.1:0").set("HIKAE_AUDIT_RETENTION_DAYS", "2");
    let then = Clock::manual(Clock::System.now().before(Seconds::hours(72)));
    let services = portal.services(&portal.path("data/hikae.key"), then).await;
    add_office(&services, Name::parse("控え").unwrap(), Plan::None).await.unwrap();
    assert_eq!(portal.serve(&["serve"], "were forgotten").stop(), 0);
    assert_eq!(portal.database.lines("SELECT action AS line FROM audit_events ORDER BY seq"), ["audit.pruned"]);
    portal.run(&["audit", "verify"]).done();
}
