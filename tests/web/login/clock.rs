//! The server's clock: turned back, turned far ahead, and the end of a stage announced.

use hikae::domain::time::Seconds;
use hikae::service::verify_audit::verify_audit;

use crate::support::app::TestApp;

const YEAR: i64 = 24 * 366;

#[tokio::test]
async fn a_stage_says_when_it_ends() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for path in ["/login/code", "/login/recovery"] {
        let page = stage.get(path).await.expect(200);
        assert!(page.text().contains("12:10"), "{path} does not say that it ends at ten past: {}", page.text());
    }
}

#[tokio::test]
async fn a_clock_turned_back_revives_no_backup_code_and_no_session() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds::hours(1));
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[0]).await.expect(303);
    let cookies = browser.cookies();
    browser.sign_out().await.expect(303);
    app.turn(Seconds::hours(-1));
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(422);
    browser.plant_cookies(cookies);
    assert!(!browser.is_signed_in().await);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[1]).await.expect(303);
    assert_eq!(verify_audit(&app.services).await.expect("the trail is read").broken, None);
}

#[tokio::test]
async fn beyond_2038_everything_goes_on() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds::hours(14 * YEAR));
    assert!(!person.browser.is_signed_in().await, "a session of fourteen years ago");
    let browser = app.signed_in(&person).await;
    let code = app.fresh_code(&person.authenticator);
    let codes = browser.reissue(&code).await.expect(200).codes();
    app.turn(Seconds::hours(80 * YEAR));
    let stage = app.password_proven(&person.member).await;
    assert!(stage.get("/login/code").await.expect(200).text().contains("212"), "a year after 2120");
    stage.enter_backup_code(&codes[0]).await.expect_redirect("/account/two-factor");
    app.signed_in(&person).await;
    app.mailbox.settle().await;
    assert_eq!(verify_audit(&app.services).await.expect("the trail is read").broken, None);
}

#[tokio::test]
async fn whoever_signed_in_while_the_clock_was_far_ahead_gets_in_and_out_of_it_by_a_release() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds::hours(YEAR));
    app.signed_in(&person).await;
    app.turn(Seconds::hours(-YEAR));
    let stage = app.password_proven(&person.member).await;
    stage.enter_security_code(&app.fresh_code(&person.authenticator)).await.expect(422);
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
    stage.request_release().await.expect(303);
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    let released = stage.release(&mail.path("/two-factor-release/"), &person.member.password).await;
    released.expect(303);
    app.turn(Seconds(60));
    let person = app.protect(person.member).await;
    app.signed_in(&person).await;
}
