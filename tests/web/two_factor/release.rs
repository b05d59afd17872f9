//! 方法A: taking two-factor authentication off oneself, by mail.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::members::{PASSWORD, Protected};

const PREFIX: &str = "/two-factor-release/";

/// Asks for a release and gives the link's path.
async fn asked(app: &TestApp, person: &Protected) -> String {
    let page = person.browser.request_release().await;
    assert!(page.status < 400, "{}", page.text());
    app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path(PREFIX)
}

/// Two-factor authentication is on, and a code of the sheet still signs in.
async fn assert_still_on(app: &TestApp, person: &Protected, code: usize) {
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[code]).await.expect(303);
}

#[tokio::test]
async fn link_and_password_take_it_off() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let elsewhere = app.signed_in(&person).await;
    let path = asked(&app, &person).await;
    let page = person.browser.get(&path).await.expect(200);
    assert!(page.h1().contains("解除"), "{}", page.h1());
    page.form(&path).fill("password", PASSWORD).submit(&person.browser).await;

    assert!(!person.browser.is_signed_in().await && !elsewhere.is_signed_in().await, "a release ends all sessions");
    let browser = app.browser();
    browser.sign_in(&person.member).await.expect_redirect("/account");
    let state = browser.two_factor_state().await;
    assert!(!state.contains("第1回"), "{state}");
    let page = browser.get("/account/two-factor").await.expect(200);
    assert!(page.has_form("二要素認証を設定する"));

    let anew = app.protect(person.member.clone()).await;
    assert_ne!(anew.authenticator.key, person.authenticator.key);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(422);
    app.password_proven(&person.member).await.enter_backup_code(&anew.codes[0]).await.expect(303);
}

#[tokio::test]
async fn it_works_after_signing_in_with_a_backup_code() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[0]).await.expect(303);
    browser.request_release().await;
    let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path(PREFIX);
    browser.release(&path, PASSWORD).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_release_signs_nobody_in() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = asked(&app, &person).await;
    let browser = app.browser();
    browser.release(&path, PASSWORD).await;
    assert!(!browser.is_signed_in().await);
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn looking_at_the_link_consumes_nothing() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = asked(&app, &person).await;
    let scanner = app.browser();
    for _ in 0..3 {
        scanner.get(&path).await.expect(200);
        assert_eq!(scanner.request(reqwest::Method::HEAD, &path).send().await.status, 200);
    }
    assert_still_on(&app, &person, 0).await;
    app.browser().release(&path, PASSWORD).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn the_password_is_needed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = asked(&app, &person).await;
    let browser = app.browser();
    for wrong in ["", "まったく違うパスワード"] {
        let page = browser.release(&path, wrong).await.expect(422);
        assert!(!page.errors().is_empty());
    }
    assert_still_on(&app, &person, 0).await;
    browser.release(&path, PASSWORD).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn guessing_the_password_behind_a_link_is_slowed_down() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = asked(&app, &person).await;
    let browser = app.browser();
    let form = browser.get(&path).await.expect(200).form(&path);
    for guess in 0..200 {
        let page = form.clone().fill("password", &format!("当てずっぽう{guess}")).submit(&browser).await;
        if page.status == 429 {
            assert!(page.header("retry-after").is_some());
            return;
        }
        page.expect(422);
    }
    panic!("two hundred guesses were looked at");
}

#[tokio::test]
async fn the_owner_is_told_when_it_was_asked_and_when_it_is_done() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let before = app.mailbox.count(&person.member.email).await;
    let path = asked(&app, &person).await;
    assert_eq!(app.mailbox.count(&person.member.email).await, before + 1);
    person.browser.release(&path, PASSWORD).await;
    let mails = app.mailbox.to(&person.member.email).await;
    assert_eq!(mails.len(), before + 2);
    assert!(mails.last().expect("a mail").text.contains("解除"));
}

#[tokio::test]
async fn what_waits_in_an_open_browser_is_released_too() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let path = asked(&app, &person).await;
    app.browser().release(&path, PASSWORD).await;
    stage.get("/login/code").await.expect_redirect("/login");
}

#[tokio::test]
async fn requests_are_limited() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let before = app.mailbox.count(&person.member.email).await;
    let form = person.browser.get("/account/two-factor").await.expect(200).form("二要素認証解除メールを送信");
    let mut refused = 0;
    for _ in 0..30 {
        if form.submit(&person.browser).await.status == 429 {
            refused += 1;
        }
    }
    assert!(refused > 0, "thirty requests, thirty mails");
    let mails = app.mailbox.count(&person.member.email).await - before;
    assert!(mails + refused <= 30 && mails < 15, "{mails} mails");
    app.turn(Seconds::hours(25));
}

#[tokio::test]
async fn without_two_factor_nothing_is_sent() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get("/account/two-factor").await.expect(200);
    assert!(!page.has_form("二要素認証解除メールを送信"));
    let token = page.form("二要素認証を設定する").value("csrf_token").expect("a token").to_owned();
    browser.submit("/account/two-factor/release", &[("csrf_token".to_owned(), token)]).await;
    assert_eq!(app.mailbox.count(&member.email).await, 0);
}
