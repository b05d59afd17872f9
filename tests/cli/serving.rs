//! `hikae serve`: what it says at start, and how it stops.

use crate::portal::Portal;

#[test]
fn without_a_command_the_portal_is_served_until_asked_to_stop() {
    let portal = Portal::empty().set("HIKAE_LISTEN", "127.0.0.1:0");
    let serving = portal.serve(&[], ".eml");
    let database = if portal.database.url().is_some() { "PostgreSQL" } else { "SQLite" };
    assert!(serving.text.contains(database), "{}", serving.text);
    assert!(serving.text.contains("HIKAE_SMTP_URL"), "{}", serving.text);
    assert_eq!(serving.get("/healthz").0, 200);
    let (status, answer) = serving.get("/login");
    assert!(status == 303 && answer.contains("location: /setup"), "nobody has an account yet: {answer}");
    assert_eq!(serving.stop(), 0);
}

#[test]
fn what_the_demo_shows_is_not_served_to_members() {
    let portal = Portal::empty().set("HIKAE_LISTEN", "127.0.0.1:0");
    let serving = portal.serve(&[], ".eml");
    for path in ["/gallery", "/gallery/ja", "/gallery/ja/two-factor-on", "/gallery/ja/mail/released", "/demo/mailbox"] {
        let (status, page) = serving.get(path);
        assert_eq!(status, 404, "{path}: {page}");
    }
    assert_eq!(serving.stop(), 0);
}

#[test]
fn plain_http_for_others_is_warned_of() {
    let portal = Portal::empty().set("HIKAE_LISTEN", "127.0.0.1:0").set("HIKAE_BASE_URL", "http://id.example.jp");
    let serving = portal.serve(&["serve", "--log-format", "json"], "plain http");
    let line = serving.text.lines().last().unwrap();
    let event: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(event["level"], "WARN");
}

#[test]
fn a_taken_port_is_refused() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    Portal::empty().run(&["serve", "--listen", &address]).refused(&[&address]);
}
