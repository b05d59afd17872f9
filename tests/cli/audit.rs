//! `hikae audit verify`.

use crate::portal::Portal;

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
