//! The key file: made only for a new portal, and never over what it seals.

use std::fs;

use hikae::clock::Clock;
use hikae::crypto::keys::Purpose;
use hikae::random::Randomness;
use hikae::service::follow_keys::Node;
use hikae::service::housekeeping::tidy;

use crate::beside;
use crate::first_start::at_once;
use crate::portal::{PASSWORD, Portal, aside};

/// A portal in which an authenticator key is sealed.
fn sealed() -> Portal {
    let (portal, office) = Portal::with_office("ひかえ", "legacy-basic");
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    let person = format!(
        r#"{{"email":"a@example.jp","name":"A","office":"{office}","role":"admin","password_hash":"{hash}","totp_secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}}"#
    );
    portal.write("people.jsonl", person);
    portal.run(&["user", "import", "people.jsonl"]).done();
    portal
}

#[test]
fn without_its_key_file_a_portal_does_not_start_and_makes_no_new_one() {
    let portal = sealed();
    let key = portal.path("data/hikae.key");
    let kept = portal.path("kept.key");
    fs::rename(&key, &kept).unwrap();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["user", "list"]] {
        portal.run(arguments).refused(&["key"]);
        assert!(!key.exists());
    }
    fs::rename(&kept, &key).unwrap();
    portal.run(&["user", "list"]).done();
}

#[test]
fn with_the_key_file_of_another_portal_it_does_not_start() {
    let portal = sealed();
    let (other, _) = Portal::with_office("ほか", "none");
    let foreign = other.path("data/hikae.key");
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--key-file", foreign.to_str().unwrap()];
    portal.run(&arguments).refused(&["key"]);
    portal.run(&["user", "list"]).done();
}

/// State and uses of a key.
fn key<'a>(keys: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    keys.as_array().unwrap().iter().find(|key| key["id"] == id).unwrap()
}

#[test]
fn a_key_is_added_first_and_used_later() {
    use std::os::unix::fs::PermissionsExt;
    let portal = sealed();
    let file = portal.path("data/hikae.key");
    let before = fs::read_to_string(&file).unwrap();
    let first = portal.run(&["keys", "list", "--json"]).json()[0]["id"].as_str().unwrap().to_owned();

    let added = portal.run(&["keys", "add", "--json"]).json()["added"].as_str().unwrap().to_owned();
    portal.run(&["keys", "add"]).refused(&[&added, "rotate"]);
    let keys = portal.run(&["keys", "list", "--json"]).json();
    assert_eq!(key(&keys, &first)["state"], "active");
    assert_eq!(key(&keys, &added)["state"], "next");
    assert_eq!(key(&keys, &added)["used_by"], serde_json::json!({}));

    let rotated = portal.run(&["keys", "rotate", "--json"]).json();
    assert_eq!((&rotated["active"], &rotated["resealed"]), (&serde_json::json!(added), &serde_json::json!(1)));
    let keys = portal.run(&["keys", "list", "--json"]).json();
    assert_eq!(key(&keys, &added)["state"], "active");
    assert_eq!(key(&keys, &added)["used_by"]["authenticators"], 1);
    assert_eq!(key(&keys, &first)["used_by"]["authenticators"], serde_json::Value::Null);
    assert!(key(&keys, &first)["used_by"]["audit_rows"].as_i64().unwrap() > 1);
    assert!(portal.run(&["keys", "list"]).done().out.contains("1 authenticators"));

    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!portal.path("data/hikae.key.new").exists());
    let key_line = before.lines().last().unwrap();
    assert!(fs::read_to_string(&file).unwrap().contains(key_line), "the first key stays");
    portal.run(&["audit", "verify"]).done();

    fs::write(&file, before).unwrap();
    portal.run(&["user", "list"]).refused(&[&added]);
}

#[test]
fn rotation_goes_on_where_it_stopped_and_tells_of_what_it_cannot_open() {
    let portal = sealed();
    let only = portal.run(&["keys", "rotate", "--reseal-only", "--json"]).json();
    assert_eq!(only["resealed"], 0);
    let first = only["active"].as_str().unwrap();
    portal.run(&["keys", "rotate"]).done();
    portal.database.execute(&format!("UPDATE two_factors SET key_id = '{first}'"));
    let run = portal.run(&["keys", "rotate", "--reseal-only", "--json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("\"unreadable\": 1") && run.err.contains("1 value(s)"), "{}{}", run.out, run.err);
}

#[tokio::test]
async fn a_running_portal_follows_a_rotation_without_a_restart() {
    let app = beside::portal().await;
    let (person, other) = (app.protected_member().await, app.member().await);
    let starting = app.browser();
    starting.sign_in(&other).await.expect(303);
    let authenticator = starting.start_set_up(&other.password).await;
    let first = app.services.keys.active_id();
    let visitor = app.browser();
    let form = visitor.get("/login").await.expect(200).form("ログイン");

    let rotated = beside::run(&app, &["keys", "rotate", "--json"]).await.json();
    assert!(rotated["resealed"].as_u64().unwrap() >= 2, "{rotated}");
    let key_ids =
        || app.database.lines("SELECT key_id AS line FROM two_factors UNION SELECT key_id FROM pending_set_ups");
    let active = rotated["active"].as_str().unwrap();
    assert_eq!(key_ids(), [active]);

    // The portal meets a key that it has never seen.
    app.signed_in(&person).await;
    starting.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
    let stage = app.password_proven(&person.member).await;
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
    assert_eq!(app.services.keys.active_id(), active);
    let sheets = app.database.lines("SELECT key_id AS line FROM generations ORDER BY issued_at, id");
    assert!(sheets.contains(&first) && sheets.contains(&active.to_owned()), "{sheets:?}");
    // The key of a sheet on paper stays, and the list says for how many.
    let keys = beside::run(&app, &["keys", "list", "--json"]).await.json();
    assert_eq!(
        (&key(&keys, &first)["used_by"]["sheets"], &key(&keys, active)["used_by"]["sheets"]),
        (&1.into(), &1.into())
    );
    // A form that a visitor opened before the rotation still counts.
    let form = form.fill("email", person.member.email.as_str()).fill("password", &person.member.password);
    form.submit(&visitor).await.expect(303);

    // And takes up a key that it has not met yet by itself.
    let next = beside::run(&app, &["keys", "rotate", "--json"]).await.json();
    Node::new(&mut Randomness::System).follow_keys(&app.services).await.unwrap();
    assert_eq!(app.services.keys.active_id(), next["active"].as_str().unwrap());
    app.signed_in(&person).await;
    beside::run(&app, &["audit", "verify"]).await.done();
}

#[tokio::test]
async fn a_set_up_begun_meanwhile_is_not_overwritten() {
    use hikae::domain::sealed::Sealed;
    use hikae::store::sealed_rows::{Table, replace, sealed_otherwise};
    let app = beside::portal().await;
    app.protected_member().await;
    let db = &app.services.db;
    let found = db.read(|conn| sealed_otherwise(conn, Table::Authenticators, "another", 0, 9)).await.unwrap();
    let row = found.into_iter().next().unwrap();
    app.database.execute("UPDATE two_factors SET set_up_id = set_up_id + 1");
    let new = Sealed { key_id: "another".to_owned(), ciphertext: vec![1] };
    assert!(!db.write(move |tx| replace(tx, &row, &new)).await.unwrap());
}

#[tokio::test]
async fn a_key_is_used_only_when_every_running_node_has_it() {
    let portal = aside(sealed).await;
    let (file, copy, old) = (portal.path("data/hikae.key"), portal.path("copy.key"), portal.path("old.key"));
    fs::copy(&file, &copy).unwrap();
    fs::copy(&file, &old).unwrap();
    let services = portal.services(&copy, Clock::System).await;
    let mut node = Node::new(&mut Randomness::System);
    node.follow_keys(&services).await.unwrap();
    let first = services.keys.active_id();

    // The node lacks the key, so it waits, and nothing is sealed with it.
    portal.run(&["keys", "rotate", "--wait", "0"]).refused(&["1 running node(s)", "copy the key file"]);
    let keys = portal.run(&["keys", "list", "--json"]).json();
    let next = keys.as_array().unwrap().iter().find(|key| key["state"] == "next").unwrap()["id"].as_str().unwrap();
    assert_eq!(
        (&key(&keys, &first)["state"], &key(&keys, &first)["used_by"]["authenticators"]),
        (&"active".into(), &1.into())
    );
    // Nor must a node have it to start.
    let with_old = ["user", "list", "--key-file", old.to_str().unwrap()];
    portal.run(&with_old).done();
    portal.run(&["keys", "rotate", "--wait", "0"]).refused(&[next]);

    // The node has the file: the same key is used.
    fs::copy(&file, &copy).unwrap();
    node.follow_keys(&services).await.unwrap();
    assert_eq!((services.keys.active_id(), services.keys.next_id()), (first.clone(), Some(next.to_owned())));
    let rotated = portal.run(&["keys", "rotate", "--wait", "0", "--json"]).json();
    assert_eq!((&rotated["active"], &rotated["resealed"], &rotated["behind"]), (&next.into(), &1.into(), &1.into()));

    // Its own file still lets the key wait, but it goes with the others, also when started anew.
    node.follow_keys(&services).await.unwrap();
    assert_eq!(services.keys.active_id(), next);
    assert_eq!(services.keys.seal(Purpose::Mail, "1", b"", &mut Randomness::System).unwrap().key_id, next);
    let again = portal.run(&["keys", "rotate", "--reseal-only", "--wait", "0", "--json"]).json();
    assert_eq!((&again["behind"], &again["resealed"]), (&0.into(), &0.into()));
    assert_eq!(portal.services(&copy, Clock::System).await.keys.active_id(), next);
    // Without the key it does not start any more.
    portal.run(&with_old).refused(&[next]);

    // A node that has stopped, or has not been heard of for long, keeps no key waiting.
    node.leave(&services).await.unwrap();
    portal.run(&["keys", "rotate", "--wait", "0"]).done();
    let mut lost = Node::new(&mut Randomness::System);
    lost.follow_keys(&services).await.unwrap();
    portal.run(&["keys", "rotate", "--wait", "0"]).refused(&["1 running node(s)"]);
    // Nor does one that was lost while its clock ran years ahead.
    for shift in [-600, 500_000_000] {
        portal.database.execute(&format!("UPDATE nodes SET seen_at = seen_at + {shift}"));
        portal.run(&["keys", "rotate", "--wait", "0"]).done();
        portal.database.execute(&format!("UPDATE nodes SET seen_at = seen_at - {shift}"));
    }
    portal.database.execute("UPDATE nodes SET seen_at = seen_at + 500000000");
    tidy(&services).await.unwrap();
    assert_eq!(portal.database.lines("SELECT active_key AS line FROM nodes"), Vec::<String>::new());
    portal.run(&["audit", "verify"]).done();
}

#[test]
fn a_served_portal_takes_up_a_rotation_before_the_command_ends() {
    let portal = sealed();
    let serving = portal.set("HIKAE_LISTEN", "127.0.0.1:0");
    let running = serving.serve(&["serve"], ".eml");
    let rotated = serving.run(&["keys", "rotate", "--json"]).json();
    assert_eq!((&rotated["behind"], &rotated["resealed"]), (&0.into(), &1.into()));
    let active = serving.database.lines("SELECT active_key AS line FROM nodes");
    assert_eq!(active, [rotated["active"].as_str().unwrap()]);
    assert_eq!(running.get("/readyz").0, 200);
    assert_eq!(running.stop(), 0);
    assert!(serving.database.lines("SELECT active_key AS line FROM nodes").is_empty());
}

#[test]
fn processes_that_meet_a_new_key_at_once_remember_it_once() {
    for round in 0..5 {
        let portal = sealed();
        portal.run(&["keys", "add"]).done();
        // As a crash between the file and the database leaves them.
        let file = portal.path("data/hikae.key");
        let text = fs::read_to_string(&file).unwrap();
        let kept = text.lines().filter(|line| !line.starts_with("active = ")).collect::<Vec<_>>().join("\n");
        fs::write(&file, kept.replacen("next = ", "active = ", 1)).unwrap();
        at_once(&portal, round, &["user", "list"]);
        let known = portal.database.lines("SELECT key_id AS line FROM key_checks");
        assert_eq!(known.len(), 2, "{known:?}");
        assert_eq!(portal.run(&["keys", "rotate", "--reseal-only", "--json"]).json()["resealed"], 1);
    }
}

#[test]
fn no_command_shows_a_key() {
    let portal = sealed().set("HIKAE_LOG", "trace");
    let mut shown = String::new();
    for arguments in [
        &["keys", "add"][..],
        &["keys", "list"],
        &["keys", "list", "--json"],
        &["keys", "rotate"],
        &["keys", "rotate", "--json"],
        &["keys", "rotate", "--reseal-only"],
    ] {
        let run = portal.run(arguments).done();
        shown.push_str(&run.out);
        shown.push_str(&run.err);
    }
    let text = fs::read_to_string(portal.path("data/hikae.key")).unwrap();
    let keys: Vec<_> = text.lines().skip_while(|line| *line != "[keys]").skip(1).collect();
    assert_eq!(keys.len(), 3, "{text}");
    for line in keys {
        let (_, key) = line.split_once(" = ").unwrap();
        assert!(!shown.contains(key.trim_matches('"')), "{shown}");
    }
}

#[test]
fn a_mail_that_waits_is_sealed_anew_and_still_leaves() {
    let portal = sealed().set("HIKAE_LISTEN", "127.0.0.1:0");
    portal.run(&["user", "release", "--email", "a@example.jp"]).done();
    let rotated = portal.run(&["keys", "rotate", "--json"]).json();
    assert_eq!(rotated["resealed"], 1);
    let keys = portal.run(&["keys", "list", "--json"]).json();
    assert_eq!(key(&keys, rotated["active"].as_str().unwrap())["used_by"]["mails"], 1);
    assert_eq!(portal.serve(&["serve"], "mail sent").stop(), 0);
}
