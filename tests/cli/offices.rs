//! `hikae office`, and `hikae migrate`.

use crate::portal::Portal;

#[test]
fn the_first_office_makes_the_portal() {
    use std::os::unix::fs::PermissionsExt;
    let (portal, id) = Portal::with_office("株式会社ひかえ", "corporate-standard");
    let offices = portal.run(&["office", "list", "--json"]).json();
    assert_eq!(offices[0]["id"], id.as_str());
    assert_eq!(offices[0]["name"], "株式会社ひかえ");
    assert_eq!(offices[0]["plan"], "corporate-standard");
    assert_eq!(offices[0]["members"], 0);
    let mode = |name: &str| portal.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/hikae.key")), (0o700, 0o600));
}

#[test]
fn a_plan_is_changed_by_id_or_name() {
    let (portal, id) = Portal::with_office("ひかえ", "none");
    let plan = || portal.run(&["office", "list", "--json"]).json()[0]["plan"].as_str().unwrap().to_owned();
    portal.run(&["office", "set-plan", "--office", &id, "--plan", "personal-starter"]).done();
    assert_eq!(plan(), "personal-starter");
    portal.run(&["office", "set-plan", "--office", "ひかえ", "--plan", "legacy-minimum"]).done();
    assert_eq!(plan(), "legacy-minimum");
    assert!(portal.run(&["office", "list"]).done().out.contains("ひかえ"));
}

#[test]
fn an_office_that_is_unknown_or_ambiguous_is_refused() {
    let (portal, _) = Portal::with_office("ひかえ", "none");
    portal.run(&["office", "set-plan", "--office", "ほか", "--plan", "none"]).refused(&["ほか"]);
    portal.run(&["office", "add", "--name", "ひかえ", "--plan", "none"]).done();
    portal.run(&["office", "set-plan", "--office", "ひかえ", "--plan", "none"]).refused(&["several"]);
}

#[test]
fn a_mistyped_folder_does_not_become_a_portal() {
    let portal = Portal::empty_on_sqlite();
    for arguments in [&["office", "list"][..], &["user", "list"], &["audit", "verify"]] {
        portal.run(arguments).refused(&["no database"]);
    }
    assert!(!portal.path("data").exists());
}

#[test]
fn an_old_schema_is_refused_until_it_is_migrated() {
    let portal = Portal::empty_on_sqlite();
    std::fs::create_dir(portal.path("data")).unwrap();
    portal.write("data/hikae.sqlite", "");
    portal.run(&["office", "add", "--name", "A", "--plan", "none"]).refused(&["hikae migrate"]);
    assert!(portal.run(&["migrate"]).done().out.contains("applied"));
    assert!(portal.run(&["migrate"]).done().out.contains("already"));
    portal.run(&["office", "add", "--name", "A", "--plan", "none"]).done();
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_stays_what_it_is() {
    let (portal, _) = Portal::with_office("ひかえ", "none");
    portal.database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')");
    let kept = || {
        let versions = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version";
        (portal.database.lines(versions), portal.database.lines("SELECT name AS line FROM offices"))
    };
    let before = kept();
    for arguments in
        [&["migrate"][..], &["serve"], &["office", "list"], &["office", "add", "--name", "A", "--plan", "none"]]
    {
        portal.run(arguments).refused(&["newer version of Hikae", "29991231000001"]);
    }
    assert_eq!(kept(), before);
}

#[test]
fn two_factor_authentication_is_required_from_a_day_on_and_lifted() {
    let (portal, office) = Portal::with_office("ひかえ", "corporate-advance");
    let from = || portal.run(&["office", "list", "--json"]).json()[0]["two_factor_required_from"].clone();
    assert_eq!(from(), serde_json::Value::Null);
    let now = jiff::Timestamp::from_second(hikae::clock::Clock::System.now().0).unwrap().in_tz("Asia/Tokyo").unwrap();
    let day = now.date().checked_add(jiff::Span::new().days(9)).unwrap();
    let midnight = day.in_tz("Asia/Tokyo").unwrap().timestamp().to_string();
    let require = |day: &str| portal.run(&["office", "require-two-factor", "--office", &office, "--from", day]);
    require(&day.to_string()).done();
    assert_eq!(from(), midnight);
    assert!(portal.run(&["office", "list"]).done().out.contains(&midnight));
    assert!(require(&day.to_string()).done().out.contains("nothing to change"));
    require("2020-01-01").refused(&["past"]);
    require("9999-01-01").refused(&["year"]);
    require("soon").refused(&["2026-12-01"]);
    assert_eq!(from(), midnight);
    let lift = ["office", "require-two-factor", "--office", "ひかえ", "--lift"];
    assert!(portal.run(&lift).done().out.contains("no longer required"));
    assert_eq!(from(), serde_json::Value::Null);
    assert!(portal.run(&lift).done().out.contains("nothing to change"));
    assert_eq!(portal.run(&["office", "require-two-factor", "--office", "ひかえ"]).code, 2);
    assert!(portal.run(&["audit", "verify"]).done().code == 0);

    portal.run(&["office", "set-plan", "--office", &office, "--plan", "corporate-standard"]).done();
    require(&day.to_string()).refused(&["corporate-advance"]);
    assert_eq!(from(), serde_json::Value::Null);
}
