//! The server's clock: turned back, turned far ahead, and the end of a stage announced.

use hikae::domain::time::Seconds;
use hikae::service::housekeeping::tidy;
use hikae::service::verify_audit::verify_audit;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::offices::Pair;
use crate::support::smtp::{Mood, SmtpSink};

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

/// A machine that starts with a wrong clock, which is put right soon after.
#[tokio::test]
async fn what_a_clock_far_ahead_has_begun_does_not_outlive_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds::hours(15 * YEAR));
    let browser = app.signed_in(&person).await;
    let stage = app.password_proven(&person.member).await;
    let asking = app.browser();
    let page = asking.get("/password-reset").await.expect(200);
    page.form("/password-reset").fill("email", &person.member.email).submit(&asking).await.expect(200);
    let link = app.mailbox.newest(&person.member.email, "パスワード").await.path("/password-reset/");
    app.browser().get(&link).await.expect(200);
    // Codes wait, and so do passwords from here.
    for _ in 0..5 {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
    for _ in 0..10 {
        app.browser().sign_in_with(&person.member.email, "まったく違うパスワード").await.expect(422);
    }
    app.browser().sign_in(&person.member).await.expect(429);

    app.turn(Seconds::hours(-15 * YEAR));
    assert!(!browser.is_signed_in().await, "a session of a clock that ran ahead");
    stage.get("/login/recovery").await.expect_redirect("/login");
    app.browser().get(&link).await.expect(410);
    let stage = app.password_proven(&person.member).await;
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
    let sessions = stage.get("/account/sessions").await.expect(200);
    assert_eq!(sessions.text().matches("この端末").count(), 1, "{}", sessions.text());
}

#[tokio::test]
async fn a_clock_put_back_by_an_hour_ends_no_session_and_no_link() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.signed_in(&person).await;
    browser.request_release().await.expect(303);
    let link = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    app.turn(Seconds::hours(-1));
    assert!(browser.is_signed_in().await);
    browser.get(&link).await.expect(200);
    // Being used puts the time right at which it was last seen.
    app.turn(Seconds::minutes(65));
    assert!(!browser.is_signed_in().await, "a session in no use for longer than it may be");
}

#[tokio::test]
async fn a_session_that_was_idle_too_long_is_not_revived_by_a_clock_put_back() {
    let app = TestApp::start().await;
    let (idle, used) = (app.protected_member().await, app.protected_member().await);
    app.turn(Seconds::minutes(40));
    assert!(used.browser.is_signed_in().await);
    app.turn(Seconds::minutes(25));
    tidy(&app.services).await.expect("no fault");
    app.turn(Seconds::hours(-1));
    assert!(!idle.browser.is_signed_in().await, "revived");
    assert!(used.browser.is_signed_in().await);
}

/// The same of what others were asked for.
#[tokio::test]
async fn what_was_asked_for_while_the_clock_was_far_ahead_is_over_when_it_is_right() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let office = admin.member.office;
    app.turn(Seconds::hours(15 * YEAR));
    let browser = app.signed_in(&admin).await;
    let path = format!("/offices/{office}/invitations");
    let invite = async |browser: &Browser| {
        let form = browser.get(&path).await.expect(200).form(&path);
        form.fill("emails", "ume@example.jp").submit(browser).await.expect(303)
    };
    invite(&browser).await;
    let invitation = app.invitation_to("ume@example.jp").await;
    app.ask_administrators(&member.member).await;
    let request = app.request_path(&admin.member).await;
    app.database.execute(&format!(
        "UPDATE users SET release_blocked_until = {} WHERE id = {}",
        app.now().0 + 86_400,
        member.member.id
    ));

    app.turn(Seconds::hours(-15 * YEAR));
    tidy(&app.services).await.expect("no fault");
    let states = || app.database.lines("SELECT state AS line FROM release_requests ORDER BY state");
    assert_eq!(states(), ["open"], "it may be the clock of now that is wrong");
    app.browser().get(&invitation).await.expect(410);
    // The way is free for all of it.
    let stage = app.password_proven(&admin.member).await;
    stage.enter_backup_code(&admin.codes[0]).await.expect(303);
    let page = stage.get(&request).await.expect(200);
    assert!(page.text().contains("期限切れ") && !page.text().contains("承認"), "{}", page.text());
    let waits = async || stage.get("/account").await.expect(200).notice().contains("対応待ち");
    assert!(!waits().await);
    invite(&stage).await;
    app.ask_administrators(&member.member).await;
    assert!(waits().await);
    assert_eq!(states(), ["expired", "open"]);
    let mail = app.mailbox.newest(&admin.member.email, "解除依頼が届いています").await;
    assert!(!mail.subject.contains("ご注意"), "a reset in fifteen years: {}", mail.subject);
    let stage = app.password_proven(&member.member).await;
    stage.enter_backup_code(&member.codes[0]).await.expect(303);
    stage.request_release().await.expect(303);
}

#[tokio::test]
async fn a_clock_days_behind_ends_no_request_to_administrators() {
    let app = TestApp::start().await;
    let asked = app.asked().await;
    app.turn(Seconds::hours(-48));
    tidy(&app.services).await.expect("no fault");
    app.turn(Seconds::hours(48));
    let admin = app.signed_in(&asked.first).await;
    let approved = admin.approve(&asked.path, "対面で確認", &app.fresh_code(&asked.first.authenticator)).await;
    approved.expect(303);
}

#[tokio::test]
async fn a_mail_that_waits_for_a_clock_that_ran_ahead_leaves_when_it_is_right() {
    let server = SmtpSink::start(Mood::IsBusy);
    let app = TestApp::with().smtp(server.url()).start().await;
    let person = app.protected_member().await;
    app.turn(Seconds::hours(15 * YEAR));
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    let waiting = app.mailbox.waiting().await;
    assert!(waiting > 0);
    app.mailbox.send_due().await;

    app.turn(Seconds::hours(-15 * YEAR));
    server.becomes(Mood::Accepts);
    assert_eq!(app.mailbox.send_due().await, 0, "it is not due for years");
    tidy(&app.services).await.expect("no fault");
    app.mailbox.settle().await;
    let sent = server.mails();
    assert!(sent.iter().any(|mail| mail.subject.contains("バックアップコードを使ったログイン")), "{}", sent.len());
}
