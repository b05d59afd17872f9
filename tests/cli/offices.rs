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
