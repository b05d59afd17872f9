//! The key file: made only for a new portal, and never over what it seals.

use std::fs;

use crate::portal::{PASSWORD, Portal};

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
