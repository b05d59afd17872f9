//! Tries that are refused unseen do not bury the audit trail: one row a window, not one a try.

use hikae::domain::time::Seconds;

use super::{ask_for_reset, recorded};
use crate::support::app::TestApp;

#[tokio::test]
async fn throttled_passwords_leave_one_row_a_window() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for window in 1..=2 {
        for guess in 0..15 {
            let page = app.browser().sign_in_with(&member.email, &format!("当てずっぽう{guess}")).await;
            page.expect(if guess < 10 { 422 } else { 429 });
        }
        assert_eq!(recorded(&app, &member, "sign_in.password", "throttled"), window);
        app.turn(Seconds::minutes(15));
    }
}

#[tokio::test]
async fn throttled_codes_leave_one_row_an_hour_wherever_they_are_entered() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(30));
    let wrong = person.authenticator.wrong_code_at(app.now());
    let stage = app.password_proven(&person.member).await;
    for _ in 0..5 {
        stage.enter_security_code(&wrong).await.expect(422);
    }
    let rows = || {
        ["sign_in.security_code", "sign_in.backup_code", "backup_codes.reissued"]
            .map(|action| recorded(&app, &person.member, action, "throttled"))
            .iter()
            .sum::<usize>()
    };
    for _ in 0..4 {
        stage.enter_security_code(&wrong).await.expect(429);
        stage.enter_backup_code("000000001").await.expect(429);
        person.browser.reissue(&wrong).await.expect(429);
    }
    assert_eq!(rows(), 1);

    app.turn(Seconds::hours(1));
    let wrong = person.authenticator.wrong_code_at(app.now());
    let stage = app.password_proven(&person.member).await;
    stage.enter_security_code(&wrong).await.expect(422);
    for _ in 0..3 {
        stage.enter_security_code(&wrong).await.expect(429);
    }
    assert_eq!(rows(), 2);
}

#[tokio::test]
async fn throttled_requests_for_mails_leave_one_row_an_hour() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for _ in 0..12 {
        ask_for_reset(&app.browser(), &person.member.email).await;
        person.browser.request_release().await;
    }
    for action in ["password.reset_requested", "two_factor.release_requested"] {
        assert_eq!(recorded(&app, &person.member, action, "throttled"), 1, "{action}");
    }
}
