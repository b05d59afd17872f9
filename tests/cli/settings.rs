//! What is not understood refuses to start, and says why.

use crate::portal::Portal;

#[test]
fn an_unknown_variable_refuses_and_the_nearest_is_named() {
    let run = Portal::empty().set("HIKAE_LISTN", "127.0.0.1:0").run(&["serve"]);
    run.refused(&["HIKAE_LISTN", "HIKAE_LISTEN"]);
}

#[test]
fn an_unknown_key_of_the_file_in_the_folder_refuses() {
    let portal = Portal::empty();
    portal.write("hikae.toml", "listen = \"127.0.0.1:0\"\nlistem = 1\n");
    portal.run(&[]).refused(&["hikae.toml", "line 2", "listem"]);
    portal.write("other.toml", "portt = 1\n");
    portal.run(&["office", "list", "--config", "other.toml"]).refused(&["portt"]);
}

#[test]
fn a_value_that_cannot_be_used_refuses_without_showing_passwords() {
    Portal::empty().set("HIKAE_HASH_MEMORY_KIB", "1024").run(&["serve"]).refused(&["hash_memory_kib"]);
    Portal::empty().set("HIKAE_AUDIT_RETENTION_DAYS", "0").run(&["serve"]).refused(&["audit_retention_days"]);
    let far =
        Portal::empty().set("DATABASE_URL", "postgres://hikae:geheim@192.0.2.7/hikae?sslmode=disable").run(&["serve"]);
    assert!(!far.err.contains("geheim"));
    far.refused(&["plain text", "allow_plaintext_postgres"]);
    let clash = Portal::empty().set("HIKAE_LISTEN", "127.0.0.1:8080").set("HIKAE_METRICS_LISTEN", "0.0.0.0:8080");
    clash.run(&["serve"]).refused(&["metrics_listen"]);
    Portal::empty().set("HIKAE_MAIL_FROM", "nobody").run(&["serve"]).refused(&["mail_from"]);
    let smtp = Portal::empty().set("HIKAE_SMTP_URL", "http://hikae:geheim@mail.example.jp").run(&["serve"]);
    assert!(!smtp.err.contains("geheim"));
    smtp.refused(&["smtp_url"]);
}

#[test]
fn wrong_use_ends_with_2_and_help_with_0() {
    let portal = Portal::empty();
    for arguments in [
        &["no-such-command"][..],
        &["office", "add", "--name", "A"],
        &["office", "add", "--name", "A", "--plan", "starter"],
        &["user", "add", "--email", "nobody", "--name", "A", "--office", "1", "--role", "admin"],
        &["user", "add", "--email", "a@example.jp", "--name", "A", "--office", "1", "--role", "boss"],
        &["serve", "--listen", "8080"],
        &["serve", "--smtp-url", "smtp://a:b@c"],
    ] {
        assert_eq!(portal.run(arguments).code, 2, "{arguments:?}");
    }
    assert_eq!(portal.run(&["--help"]).code, 0);
    assert_eq!(portal.run(&["user", "import", "--help"]).code, 0);
    assert!(!portal.path("data").exists(), "nothing was made");
}
