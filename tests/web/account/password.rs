//! Changing the password.

use crate::support::app::TestApp;
use crate::support::members::PASSWORD;

const PATH: &str = "/account/password";
const NEW: &str = "別の長い合言葉を選ぶ";

#[tokio::test]
async fn the_new_password_signs_in_and_the_old_one_does_not() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let (browser, other) = (app.browser(), app.browser());
    browser.sign_in(&member).await.expect(303);
    other.sign_in(&member).await.expect(303);
    let form = browser.get(PATH).await.expect(200).form(PATH);
    let page = form.fill("current_password", PASSWORD).fill("new_password", NEW).submit(&browser).await;
    let page = browser.follow(page).await.expect(200);
    assert!(!page.notice().is_empty());

    assert!(browser.is_signed_in().await);
    assert!(!other.is_signed_in().await, "other sessions end");
    app.browser().sign_in_with(&member.email, PASSWORD).await.expect(422);
    app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
    app.mailbox.newest(&member.email, "パスワード").await;
}

#[tokio::test]
async fn a_wrong_current_password_or_a_weak_new_one_changes_nothing() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let long = "長".repeat(600);
    for (current, new) in [
        ("まったく違うパスワード", NEW),
        ("", NEW),
        (PASSWORD, "short7!"),
        (PASSWORD, "password"),
        (PASSWORD, "12345678"),
        (PASSWORD, member.email.as_str()),
        (PASSWORD, ""),
        (PASSWORD, long.as_str()),
    ] {
        let form = browser.get(PATH).await.expect(200).form(PATH);
        let page = form.fill("current_password", current).fill("new_password", new).submit(&browser).await.expect(422);
        assert!(!page.errors().is_empty(), "{new:?}");
        assert!(!page.html.contains(PASSWORD) && !page.html.contains(NEW), "a password stands in the answer");
    }
    app.browser().sign_in(&member).await.expect_redirect("/account");
    assert_eq!(app.mailbox.count(&member.email).await, 0);
}

#[tokio::test]
async fn it_does_not_touch_two_factor_authentication() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    let form = person.browser.get(PATH).await.expect(200).form(PATH);
    form.fill("current_password", PASSWORD).fill("new_password", NEW).submit(&person.browser).await.expect(303);
    assert_eq!(person.browser.two_factor_state().await, state);
    let browser = app.browser();
    browser.sign_in_with(&person.member.email, NEW).await.expect_redirect("/login/code");
    browser.enter_backup_code(&person.codes[0]).await.expect(303);
}

#[tokio::test]
async fn guessing_the_current_password_is_slowed_down() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let form = browser.get(PATH).await.expect(200).form(PATH).fill("new_password", NEW);
    for guess in 0..200 {
        let page = form.clone().fill("current_password", &format!("当てずっぽう{guess}")).submit(&browser).await;
        if page.status == 429 {
            assert!(page.header("retry-after").is_some());
            return;
        }
        page.expect(422);
    }
    panic!("two hundred guesses were looked at");
}
