//! The audit trail of every attempt and change.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;
use hikae::service::verify_audit::{AuditReport, verify_audit};

use crate::support::app::TestApp;
use crate::support::members::{PASSWORD, Protected};

async fn report(app: &TestApp) -> AuditReport {
    verify_audit(&app.services).await.expect("the trail is read")
}

/// `action outcome` of every row about a member, oldest first.
fn trail(app: &TestApp, person: &Protected) -> Vec<String> {
    let id = person.member.id;
    app.database.lines(&format!(
        "SELECT action || ' ' || outcome AS line FROM audit_events WHERE subject_id = {id} ORDER BY seq"
    ))
}

/// A member's story with successes and failures of every kind.
async fn story(app: &TestApp) -> Protected {
    let person = app.protected_member().await;
    app.browser().sign_in_with(&person.member.email, "まったく違うパスワード").await.expect(422);
    app.turn(Seconds(30));
    let stage = app.password_proven(&person.member).await;
    stage.enter_security_code(&person.authenticator.wrong_code_at(app.now())).await.expect(422);
    stage.enter_backup_code("000000001").await.expect(422);
    stage.enter_backup_code(&person.codes[2]).await.expect(303);
    let code = app.fresh_code(&person.authenticator);
    stage.reissue(&code).await.expect(200);
    stage.request_release().await;
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    app.browser().release(&mail.path("/two-factor-release/"), PASSWORD).await;
    person
}

#[tokio::test]
async fn every_attempt_and_change_leaves_its_row() {
    let app = TestApp::start().await;
    let person = story(&app).await;
    let found = trail(&app, &person);
    let mut rest = found.iter();
    for expected in [
        "user.added done",
        "sign_in.password done",
        "two_factor.set_up_started done",
        "two_factor.set_up_confirmed done",
        "sign_in.password refused",
        "sign_in.password done",
        "sign_in.security_code refused",
        "sign_in.backup_code refused",
        "sign_in.backup_code done",
        "backup_codes.reissued done",
        "two_factor.release_requested done",
        "two_factor.released done",
    ] {
        assert!(rest.any(|row| row == expected), "{expected} is missing or out of order in {found:#?}");
    }
    let report = report(&app).await;
    assert_eq!(report.broken, None);
    assert!(report.rows >= 12, "{}", report.rows);
    assert_eq!(report.head.map(|(seq, _)| seq), Some(report.rows));
}

#[tokio::test]
async fn a_throttled_attempt_leaves_its_row_too() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for _ in 0..5 {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
    assert_eq!(trail(&app, &person).last().map(String::as_str), Some("sign_in.backup_code throttled"));
}

#[tokio::test]
async fn rows_say_from_where_and_with_what() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").start().await;
    let member = app.member().await;
    let browser = app.browser().with_header("x-forwarded-for", "203.0.113.9");
    browser.sign_in(&member).await.expect(303);
    let sql = format!(
        "SELECT address || ' ' || device AS line FROM audit_events \
         WHERE subject_id = {} AND action = 'sign_in.password'",
        member.id
    );
    let line = app.database.lines(&sql).concat();
    assert!(line.starts_with("203.0.113.9 ") && line.contains("Chrome"), "{line}");
}

#[tokio::test]
async fn the_operator_s_release_is_in_the_trail() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    assert_eq!(trail(&app, &person).last().map(String::as_str), Some("two_factor.released done"));
    assert_eq!(report(&app).await.broken, None);
}

#[tokio::test]
async fn a_changed_a_missing_and_a_reordered_row_are_found() {
    for (what, tampering) in [
        ("changed outcome", "UPDATE audit_events SET outcome = 'throttled' WHERE seq = 5"),
        ("changed action", "UPDATE audit_events SET action = 'sign_out' WHERE seq = 5"),
        ("changed time", "UPDATE audit_events SET at = at + 1 WHERE seq = 5"),
        ("changed person", "UPDATE audit_events SET subject_id = subject_id + 1 WHERE seq = 5"),
        ("changed actor", "UPDATE audit_events SET actor_id = NULL WHERE seq = 5"),
        ("changed detail", "UPDATE audit_events SET detail = detail || 'x' WHERE seq = 5"),
        ("changed address", "UPDATE audit_events SET address = '192.0.2.1' WHERE seq = 5"),
        ("changed device", "UPDATE audit_events SET device = 'x' WHERE seq = 5"),
        ("missing in the middle", "DELETE FROM audit_events WHERE seq = 5"),
        ("missing at the start", "DELETE FROM audit_events WHERE seq = 1"),
        ("missing at the end", "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)"),
        ("all gone", "DELETE FROM audit_events"),
        ("moved to the end", "UPDATE audit_events SET seq = 1000 WHERE seq = 5"),
        (
            "swapped",
            "UPDATE audit_events SET seq = 999 WHERE seq = 5; UPDATE audit_events SET seq = 5 WHERE seq = 6; \
             UPDATE audit_events SET seq = 6 WHERE seq = 999",
        ),
        (
            "appended without the key",
            "INSERT INTO audit_events SELECT seq + 1, at, action, outcome, actor_id, subject_id, office_id, address, \
             device, detail, key_id, hash FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)",
        ),
    ] {
        let app = TestApp::start().await;
        let member = app.member().await;
        let browser = app.browser();
        for _ in 0..3 {
            browser.sign_in(&member).await.expect(303);
            browser.sign_out().await.expect(303);
        }
        assert_eq!(report(&app).await.broken, None);
        app.database.execute(tampering);
        assert!(report(&app).await.broken.is_some(), "{what} was not noticed");
    }
}
