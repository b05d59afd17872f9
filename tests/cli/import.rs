//! `hikae user import`: all of a file, or none of it.

use crate::portal::{PASSWORD, Portal};

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
