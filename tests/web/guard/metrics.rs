//! What Prometheus is told: counts and times, and nothing about anybody.

use std::collections::BTreeSet;
use std::path::Path;

use futures_util::future::join_all;

use crate::interleavings::fill_the_gate;
use crate::support::app::TestApp;
use crate::support::eventually;
use crate::support::members::PASSWORD;
use crate::support::secrets::{Secret, assert_none};
use crate::support::smtp::{Mood, SmtpSink};

async fn figures(app: &TestApp) -> String {
    let port = app.nodes[0].metrics_port.expect("an address for Prometheus");
    let answer = reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.expect("text");
    assert_eq!(text.lines().last(), Some("# EOF"));
    text
}

/// The value of the line that begins so; labels stand in the order in which they are written.
fn value(text: &str, line: &str) -> Option<f64> {
    text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' ')?.parse().ok())
}

fn events(text: &str, action: &str, outcome: &str) -> Option<f64> {
    value(text, &format!("hikae_audit_events_total{{action=\"{action}\",outcome=\"{outcome}\"}}"))
}

#[tokio::test]
async fn each_answer_each_hash_and_each_attempt_is_counted_by_its_kind() {
    let app = TestApp::with().metrics().start().await;
    let person = app.protected_member().await;
    let before = figures(&app).await;
    assert_eq!(events(&before, "sign_in.backup_code", "refused"), Some(0.0), "a first one is a change");

    let stage = app.password_proven(&person.member).await;
    stage.enter_backup_code("000000000").await.expect(422);
    stage.enter_backup_code(&person.codes[3]).await.expect(303);

    let text = figures(&app).await;
    let since = |line: &str| value(&text, line).expect(line) - value(&before, line).unwrap_or(0.0);
    assert_eq!(since("hikae_hash_duration_seconds_count"), 3.0, "a password and two codes");
    assert_eq!(since("hikae_hash_gate_wait_seconds_count"), 3.0);
    assert!(since("hikae_hash_duration_seconds_sum") > 0.0);
    assert_eq!(events(&text, "sign_in.backup_code", "refused"), Some(1.0));
    assert_eq!(events(&text, "sign_in.backup_code", "done"), Some(1.0));
    let route = "method=\"POST\",route=\"/login/recovery/backup-code\"";
    for status in [303, 422] {
        assert_eq!(since(&format!("hikae_http_requests_total{{{route},status=\"{status}\"}}")), 1.0, "{text}");
    }
    assert_eq!(since(&format!("hikae_http_request_duration_seconds_count{{{route}}}")), 2.0);
    assert_eq!(value(&text, "hikae_database_up"), Some(1.0));
    assert!(since("hikae_database_connection_wait_seconds_count") > 3.0);
    for rest in ["database_connections_waiting", "hash_gate_waiting", "hash_gate_refusals_total"] {
        assert_eq!(value(&text, &format!("hikae_{rest}")), Some(0.0), "{rest}");
    }
    let version = format!("hikae_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(value(&text, &version), Some(1.0), "{text}");
}

#[tokio::test]
async fn writes_that_wait_for_their_turn_are_seen() {
    let app = TestApp::with().metrics().start().await;
    let member = app.member().await;
    app.mailbox.settle().await;
    let hold = app.database.hold();
    let signing_in = tokio::spawn({
        let (browser, member) = (app.browser(), member.clone());
        async move { browser.sign_in(&member).await }
    });
    let under_way = async || value(&figures(&app).await, "hikae_database_writes_under_way");
    eventually("a write waits", async || (under_way().await == Some(1.0)).then_some(())).await;
    drop(hold);
    signing_in.await.expect("an answer").expect(303);
    app.mailbox.settle().await;
    eventually("none waits", async || (under_way().await == Some(0.0)).then_some(())).await;
}

#[tokio::test]
async fn no_label_says_anything_about_anybody() {
    let app = TestApp::with().metrics().start().await;
    let person = app.protected_member().await;
    let browser = app.browser();
    browser.get("/two-factor-release/some-secret-token?email=someone@example.jp").await;
    browser.get("/nowhere/some-secret-token").await.expect(404);
    browser.request("PURGE".parse().expect("a method"), "/login").send().await;
    browser.sign_in_with(&person.member.email, "当てずっぽうの合言葉").await.expect(422);
    let stage = app.password_proven(&person.member).await;
    stage.enter_security_code(&person.codes[1]).await.expect(422);
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
    stage.request_release().await;
    app.mailbox.settle().await;
    let release = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    stage.get(&release).await.expect(200);
    let cookie = stage.session_cookie().expect("a session").1;

    let text = figures(&app).await;
    assert!(text.contains("route=\"/two-factor-release/{token}\""), "{text}");
    assert!(text.contains("route=\"none\"") && text.contains("method=\"other\""), "{text}");
    let office = app.database.lines("SELECT name AS line FROM offices").concat();
    let mut secrets = vec![
        Secret::text("password", PASSWORD),
        Secret::text("guessed password", "当てずっぽうの合言葉"),
        Secret::text("address", &person.member.email),
        Secret::text("any address", "example.jp"),
        Secret::text("name", "控 花子"),
        Secret::text("office", office.trim()),
        Secret::text("token", "some-secret-token"),
        Secret::text("link", release.rsplit('/').next().expect("a token")),
        Secret::text("cookie", &cookie),
        Secret::text("network address", "127.0.0.1"),
        Secret::text("method", "PURGE"),
        Secret::totp_key(&person.authenticator.key),
    ];
    secrets.extend(person.codes.iter().enumerate().map(|(number, code)| Secret::backup_code(number, code)));
    assert_none(&secrets, &[("the figures".to_owned(), text.into_bytes())]);
}

#[tokio::test]
async fn figures_and_pages_have_addresses_of_their_own_and_figures_are_off_unless_wished_for() {
    let app = TestApp::with().metrics().start().await;
    app.browser().get("/metrics").await.expect(404);
    let port = app.nodes[0].metrics_port.expect("an address for Prometheus");
    for path in ["/login", "/healthz", "/"] {
        let answer = reqwest::get(format!("http://127.0.0.1:{port}{path}")).await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
    assert_eq!(TestApp::start().await.nodes[0].metrics_port, None);
}

#[tokio::test]
async fn whoever_is_turned_away_at_the_gate_or_before_it_is_counted() {
    let app = TestApp::with().metrics().real_hashes().hashes(1, 0).start().await;
    let browser = app.browser();
    let form = browser.get("/login").await.expect(200).form("ログイン");
    let tries = (0..8).map(|n| {
        let form = form.clone().fill("email", &format!("nobody{n}@example.jp")).fill("password", "違う言葉");
        let browser = browser.clone();
        async move { form.submit(&browser).await.status }
    });
    let statuses = join_all(tries).await;
    let at_the_gate = statuses.iter().filter(|status| **status == 503).count();
    assert!(at_the_gate > 0, "{statuses:?}");
    let full = fill_the_gate(&app).await;
    form.submit(&browser).await.expect(503);
    full.await.expect("a hash");
    let busy = at_the_gate + 1;
    let text = figures(&app).await;
    assert_eq!(value(&text, "hikae_hash_gate_refusals_total"), Some(busy as f64), "{text}");
    let answered = "hikae_http_requests_total{method=\"POST\",route=\"/login\",status=\"503\"}";
    assert_eq!(value(&text, answered), Some(busy as f64), "{text}");
    assert_eq!(value(&text, "hikae_hash_gate_width"), Some(1.0));
    assert_eq!(value(&text, "hikae_hash_gate_queue"), Some(0.0));
    assert_eq!(value(&text, "hikae_hash_gate_waiting"), Some(0.0));
}

#[tokio::test]
async fn mails_are_counted_as_they_wait_fail_and_leave() {
    let server = SmtpSink::start(Mood::IsBusy);
    let app = TestApp::with().metrics().smtp(server.url()).start().await;
    let member = app.member().await;
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.email).submit(&visitor).await;
    let text = eventually("a try fails", async || {
        let text = figures(&app).await;
        value(&text, "hikae_mails_failed_total").is_some_and(|failed| failed >= 1.0).then_some(text)
    })
    .await;
    assert_eq!(value(&text, "hikae_mails_waiting"), Some(1.0));
    assert_eq!(value(&text, "hikae_mails_sent_total"), Some(0.0));

    app.turn(hikae::domain::time::Seconds::minutes(10));
    server.becomes(Mood::Accepts);
    let sent = async || value(&figures(&app).await, "hikae_mails_sent_total");
    eventually("it leaves", async || sent().await.filter(|sent| *sent >= 1.0)).await;
    // Asked again: one answer may have read the outbox before the mail left, and the counter after.
    let text = figures(&app).await;
    assert_eq!(value(&text, "hikae_mails_waiting"), Some(0.0));
    assert_eq!(value(&text, "hikae_mails_oldest_seconds"), Some(0.0));
}

#[tokio::test]
async fn a_database_that_fails_is_a_figure_and_hides_no_other() {
    let app = TestApp::with().metrics().start().await;
    app.database.execute("ALTER TABLE outbox RENAME TO elsewhere");
    let text = figures(&app).await;
    assert_eq!(value(&text, "hikae_database_up"), Some(0.0), "{text}");
    assert_eq!(value(&text, "hikae_mails_waiting"), None);
    assert!(value(&text, "hikae_hash_gate_width").is_some());
}

/// The names of figures in a text: `hikae_…` up to what cannot be part of a name.
fn names(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices("hikae_")
        .map(|(at, _)| text[at..].split(|c| !is_name(c)).next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn dashboard_and_alerts_ask_only_for_figures_there_are() {
    let app = TestApp::with().metrics().start().await;
    app.browser().get("/login").await.expect(200);
    let text = figures(&app).await;
    let samples: BTreeSet<String> = text.lines().filter(|line| !line.starts_with('#')).flat_map(names).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/packaging");
    for file in ["grafana.json", "prometheus-alerts.yml"] {
        let written = std::fs::read_to_string(folder.join(file)).expect(file);
        let asked = names(&written);
        assert!(asked.len() > 5, "{file}");
        assert_eq!(asked.difference(&samples).collect::<Vec<_>>(), Vec::<&String>::new(), "{file}");
    }
    let dashboard = std::fs::read_to_string(folder.join("grafana.json")).expect("a file");
    let dashboard: serde_json::Value = serde_json::from_str(&dashboard).expect("JSON");
    assert!(dashboard["panels"].as_array().is_some_and(|panels| panels.len() > 5));
}
