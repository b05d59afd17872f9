//! `hikae user`: add, list, release, end-sessions.

use crate::portal::{PASSWORD, Portal};

#[test]
fn a_person_is_added_with_the_password_from_standard_input() {
    let (portal, office) = Portal::with_office("ひかえ", "corporate-solo");
    let run = portal.add_user("Hanako@Example.jp", &office, "admin").done();
    assert!(!run.out.contains(PASSWORD) && !run.err.contains(PASSWORD));
    let users = portal.run(&["user", "list", "--json"]).json();
    assert_eq!(users[0]["email"], "hanako@example.jp");
    assert!(users[0]["id"].is_string());
    assert_eq!(users[0]["two_factor"], false);
    assert_eq!(users[0]["codes_left"], serde_json::Value::Null);
    assert_eq!(users[0]["offices"][0]["role"], "admin");
    assert!(portal.run(&["user", "list"]).done().out.contains("hanako@example.jp"));
}

#[test]
fn a_taken_address_a_weak_or_missing_password_and_an_unknown_office_are_refused() {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    portal.add_user("a@example.jp", &office, "admin").done();
    portal.add_user("A@example.jp", &office, "general").refused(&["a@example.jp"]);
    let add = ["user", "add", "--email", "b@example.jp", "--name", "B", "--office", &office, "--role", "general"];
    portal.run_with(&add, "password\n").refused(&["easy to guess"]);
    portal.run_with(&add, "short\n").refused(&["shorter"]);
    portal.run_with(&add, "").refused(&["no password"]);
    portal.add_user("b@example.jp", "ほか", "general").refused(&["ほか"]);
    assert_eq!(portal.emails(), ["a@example.jp"]);
}

#[test]
fn only_a_person_with_two_factor_authentication_can_be_released() {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    portal.add_user("a@example.jp", &office, "admin").done();
    portal.run(&["user", "release", "--email", "a@example.jp"]).refused(&["not on"]);
    portal.run(&["user", "release", "--email", "b@example.jp"]).refused(&["nobody"]);
}

#[test]
fn sessions_are_ended_by_address() {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    portal.add_user("a@example.jp", &office, "admin").done();
    assert!(portal.run(&["user", "end-sessions", "--email", "a@example.jp"]).done().out.contains("ended 0"));
    portal.run(&["user", "end-sessions", "--email", "b@example.jp"]).refused(&["nobody"]);
}

#[test]
fn a_person_joins_a_second_office_once() {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    portal.add_user("a@example.jp", &office, "admin").done();
    portal.run(&["office", "add", "--name", "ほか", "--plan", "none"]).done();
    let assign = ["user", "assign", "--email", "a@example.jp", "--office", "ほか", "--role", "general"];
    portal.run(&assign).done();
    portal.run(&assign).refused(&["already"]);
    let offices = portal.run(&["user", "list", "--json"]).json()[0]["offices"].clone();
    assert_eq!(offices.as_array().map(Vec::len), Some(2));
    portal
        .run(&["user", "assign", "--email", "b@example.jp", "--office", "ほか", "--role", "general"])
        .refused(&["nobody"]);
}

#[test]
fn a_role_is_changed_unless_it_would_leave_no_administrator() {
    let (portal, office) = Portal::with_office("ひかえ", "none");
    portal.add_user("a@example.jp", &office, "admin").done();
    portal.add_user("b@example.jp", &office, "general").done();
    let assign =
        |email, role| portal.run(&["user", "assign", "--email", email, "--office", office.as_str(), "--role", role]);
    assign("a@example.jp", "general").refused(&["only administrator"]);
    assert!(assign("b@example.jp", "admin").done().out.contains("b@example.jp is admin of"));
    assign("b@example.jp", "admin").refused(&["already"]);
    assign("a@example.jp", "general").done();
    let users = portal.run(&["user", "list", "--json"]).json();
    let roles: Vec<_> = (0..2).map(|index| users[index]["offices"][0]["role"].clone()).collect();
    assert_eq!(roles, ["general", "admin"]);
}
