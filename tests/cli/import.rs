//! `hikae user import`: all of a file, or none of it.

use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::email::EmailAddress;
use hikae::domain::office::{Name, Role};
use hikae::domain::plan::Plan;
use hikae::service::import_users::{ImportRefused, ImportedUser, import_stream, import_users};
use hikae::service::operator::add_office;

use crate::portal::{PASSWORD, Portal};
use crate::support::app::TestApp;

const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A line as another system would export it.
fn line(email: &str, office: &str, more: &str) -> String {
    format!(
        r#"{{"email":"{email}","name":"移行 花子","office":"{office}","role":"general","password_hash":"{}"{more}}}"#,
        hash()
    )
}

fn hash() -> String {
    bcrypt::hash(PASSWORD, 4).unwrap()
}

#[test]
fn people_come_with_their_passwords_and_keys_but_without_codes() {
    let (portal, office) = Portal::with_office("ひかえ", "legacy-basic");
    let lines = [
        format!("\u{feff}{}", line("a@example.jp", &office, &format!(r#","totp_secret":"{KEY}""#))),
        String::new(),
        line("b@example.jp", "ひかえ", ""),
    ];
    portal.write("people.jsonl", lines.join("\r\n"));
    assert_eq!(portal.run(&["user", "import", "people.jsonl", "--json"]).json()["imported"], 2);
    let users = portal.run(&["user", "list", "--json"]).json();
    let user = |email: &str| users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap().clone();
    assert_eq!(user("a@example.jp")["two_factor"], true);
    assert_eq!(user("a@example.jp")["codes_left"], serde_json::Value::Null);
    assert_eq!(user("b@example.jp")["two_factor"], false);
    portal.run(&["user", "release", "--email", "a@example.jp"]).done();
}

#[test]
fn one_bad_line_is_named_and_nothing_of_the_file_is_taken() {
    let (portal, office) = Portal::with_office("ひかえ", "legacy-basic");
    portal.add_user("there@example.jp", &office, "admin").done();
    let good = line("b@example.jp", &office, "");
    for (bad, expected) in [
        ("{".to_owned(), "EOF"),
        ("[1]".to_owned(), "line 2"),
        (line("c@example.jp", &office, r#","extra":1"#), "unknown field `extra`"),
        (line("c@example.jp", &office, r#","name":"x""#), "duplicate field `name`"),
        (good.replace("\"name\":\"移行 花子\",", "").replace("b@", "c@"), "missing field `name`"),
        (line("c", &office, ""), "email"),
        (line("c@example.jp", "ほか", ""), "office"),
        (good.replace("general", "boss").replace("b@", "c@"), "role"),
        (good.replace("$2b$", "$x$").replace("b@", "c@"), "password_hash"),
        (line("c@example.jp", &office, r#","totp_secret":"GEZD""#), "totp_secret"),
        (line("B@Example.jp", &office, ""), "line 1"),
        (line("there@example.jp", &office, ""), "account already"),
        (format!("{{\"email\":\"{}\"}}", "a".repeat(20_000)), "longer"),
    ] {
        portal.write("people.jsonl", format!("{good}\n{bad}\n{}\n", line("d@example.jp", &office, "")));
        portal.run(&["user", "import", "people.jsonl"]).refused(&["line 2", expected, "nothing"]);
        assert_eq!(portal.emails(), ["there@example.jp"], "{bad}");
    }
}

#[test]
fn bytes_that_are_no_text_are_named_too() {
    let (portal, _) = Portal::with_office("ひかえ", "none");
    portal.write("people.jsonl", b"{\"email\":\"\xff\"}\n");
    portal.run(&["user", "import", "people.jsonl"]).refused(&["line 1", "UTF-8"]);
    portal.run(&["user", "import", "nowhere.jsonl"]).refused(&["nowhere.jsonl"]);
}

#[test]
fn a_pipe_cannot_be_read_twice_and_says_so() {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    let input = format!("{}\n", line("a@example.jp", &office, ""));
    portal.run_with(&["user", "import", "/dev/stdin"], &input).refused(&["read twice"]);
    assert!(portal.emails().is_empty());
}

#[test]
fn a_long_file_is_taken_whole_or_not_at_all() {
    let (portal, office) = Portal::with_office("ひかえ", "legacy-basic");
    let like = line("p@example.jp", &office, &format!(r#","totp_secret":"{KEY}""#));
    let people: Vec<_> = (1..=1_200).map(|n| like.replace("p@", &format!("p{n}@"))).collect();
    portal.write("people.jsonl", people.join("\n"));
    portal.add_user("p1100@example.jp", &office, "general").done();
    let before = portal.database.lines("SELECT action AS line FROM audit_events");
    portal.run(&["user", "import", "people.jsonl"]).refused(&["line 1100:", "account already", "nothing"]);
    assert_eq!(portal.emails(), ["p1100@example.jp"]);
    assert_eq!(portal.database.lines("SELECT action AS line FROM audit_events"), before);

    portal.write("people.jsonl", people.join("\n").replace("p1100@", "p0@"));
    assert_eq!(portal.run(&["user", "import", "people.jsonl", "--json"]).json()["imported"], 1_200);
    assert_eq!(portal.emails().len(), 1_201);
    let told = portal
        .database
        .lines("SELECT DISTINCT '' || subject_id AS line FROM audit_events WHERE action = 'user.imported'");
    assert_eq!(told.len(), 1_200);
    portal.add_user("last@example.jp", &office, "general").done();
    portal.run(&["audit", "verify"]).done();
}

#[tokio::test]
async fn an_address_taken_between_the_look_and_the_import_undoes_the_import() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let office = add_office(&app.services, Name::parse("控え").unwrap(), Plan::None).await.unwrap();
    let person = |email: &str| ImportedUser {
        email: EmailAddress::parse(email).unwrap(),
        name: Name::parse("花子").unwrap(),
        office,
        role: Role::General,
        password_hash: PasswordHash::parse(&hash()).unwrap(),
        totp_key: None,
    };
    let before = app.database.lines("SELECT email AS line FROM users ORDER BY email");
    let people = vec![person("a@example.jp"), person(member.email.as_str()), person("b@example.jp")];
    assert_eq!(import_users(&app.services, people, |_| {}).await.unwrap(), Err(1));
    assert_eq!(app.database.lines("SELECT email AS line FROM users ORDER BY email"), before);
    // The broken-off file is undone as well.
    let broken = vec![Ok(person("a@example.jp")), Err("gone")];
    let ended = import_stream(&app.services, broken.into_iter(), |_| {}).await.unwrap();
    assert_eq!(ended, Err(ImportRefused::Source("gone")));
    assert_eq!(app.database.lines("SELECT email AS line FROM users ORDER BY email"), before);
}
