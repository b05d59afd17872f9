//! `hikae backup`: a whole copy of a SQLite database, and the way to one of PostgreSQL.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::beside;
use crate::portal::Portal;
use crate::support::database::Database;

#[test]
fn a_copy_is_a_portal_of_its_own_with_the_key_file_beside_it() {
    let portal = Portal::empty_on_sqlite();
    let office = portal.run(&["office", "add", "--name", "ひかえ", "--plan", "none", "--json"]).json();
    portal.add_user("a@example.jp", office["id"].as_str().unwrap(), "admin").done();
    let run = portal.run(&["backup", "copy.sqlite"]).done();
    assert!(run.out.contains("hikae.key is not in it"), "{}", run.out);
    let copy = portal.path("copy.sqlite");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!portal.path("copy.sqlite.unfinished").exists());

    let restored = Portal::empty_on_sqlite();
    fs::create_dir(restored.path("data")).unwrap();
    fs::copy(&copy, restored.path("data/hikae.sqlite")).unwrap();
    restored.run(&["user", "list"]).refused(&["key"]);
    fs::copy(portal.path("data/hikae.key"), restored.path("data/hikae.key")).unwrap();
    assert_eq!(restored.emails(), ["a@example.jp"]);
    restored.run(&["audit", "verify"]).done();
}

#[test]
fn nothing_is_written_over_and_a_failure_leaves_nothing() {
    let portal = Portal::empty_on_sqlite();
    portal.run(&["backup", "copy.sqlite"]).refused(&["no database"]);
    assert!(!portal.path("data").exists() && !portal.path("copy.sqlite").exists());
    portal.run(&["office", "add", "--name", "ひかえ", "--plan", "none"]).done();
    portal.write("copy.sqlite", "a letter");
    portal.run(&["backup", "copy.sqlite"]).refused(&["copy.sqlite", "there already"]);
    assert_eq!(fs::read(portal.path("copy.sqlite")).unwrap(), b"a letter");
    portal.write("other.sqlite.unfinished", "somebody's");
    portal.run(&["backup", "other.sqlite"]).refused(&["other.sqlite.unfinished", "there already"]);
    assert!(!portal.path("other.sqlite").exists() && portal.path("other.sqlite.unfinished").exists());
    portal.run(&["backup", "nowhere/copy.sqlite"]).refused(&["nowhere/copy.sqlite"]);
    assert!(portal.run(&["backup", "third.sqlite", "--json"]).json()["bytes"].as_u64().unwrap() > 10_000);
}

#[tokio::test]
async fn a_running_portal_is_copied_with_what_it_has_just_done() {
    let app = beside::portal().await;
    let person = app.protected_member().await;
    let run = beside::run(&app, &["backup", "copy.sqlite"]).await;
    match app.database {
        Database::Postgres(_) => {
            assert!(!app.data.path().join("copy.sqlite").exists());
            run.refused(&["pg_dump", "copy.sqlite"]);
        }
        Database::Sqlite(_) => {
            run.done();
            let copy = Database::Sqlite(app.data.path().join("copy.sqlite"));
            let sheets = format!("SELECT sheet_id AS line FROM generations WHERE user_id = {}", person.member.id);
            assert_eq!(copy.lines(&sheets), app.database.lines(&sheets));
            assert_eq!(copy.lines("SELECT number || '' AS line FROM backup_codes").len(), 10);
        }
    }
}
