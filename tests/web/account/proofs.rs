//! What a fresh proof does to sessions, and what a stolen cookie does not do without one.

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::PASSWORD;

const NEW_PASSWORD: &str = "別の長い合言葉を選ぶ";

/// The cookies have changed, and the ones before are worthless.
async fn assert_renewed(app: &TestApp, browser: &Browser, before: std::collections::BTreeMap<String, String>) {
    assert!(browser.is_signed_in().await);
    assert_ne!(browser.cookies(), before, "the session key stayed the same");
    let old = app.browser();
    old.plant_cookies(before);
    assert!(!old.is_signed_in().await, "the session key of before still works");
}

#[tokio::test]
async fn every_fresh_proof_changes_the_session_and_kills_the_one_before() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(PASSWORD).await;
    let before = browser.cookies();
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
    assert_renewed(&app, &browser, before).await;

    let before = browser.cookies();
    let code = app.fresh_code(&authenticator);
    browser.reissue(&code).await.expect(200);
    assert_renewed(&app, &browser, before).await;

    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    let form = form.fill("current_password", PASSWORD).fill("new_password", NEW_PASSWORD);
    let before = browser.cookies();
    form.submit(&browser).await.expect(303);
    assert_renewed(&app, &browser, before).await;
}

#[tokio::test]
async fn a_reissue_ends_all_other_sessions_and_stages() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let other = app.signed_in(&person).await;
    let stage = app.password_proven(&person.member).await;
    let code = app.fresh_code(&person.authenticator);
    person.browser.reissue(&code).await.expect(200);
    assert!(person.browser.is_signed_in().await);
    assert!(!other.is_signed_in().await);
    stage.get("/login/code").await.expect_redirect("/login");
}

#[tokio::test]
async fn a_stolen_cookie_alone_changes_neither_password_nor_address_nor_second_factor() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let thief = app.browser();
    thief.plant_cookies(person.browser.cookies());
    let state = thief.two_factor_state().await;
    let token = thief.get("/account").await.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    let wrong = person.authenticator.wrong_code_at(app.now());
    for (path, fields) in [
        ("/account/password", vec![("current_password", "まったく違うパスワード"), ("new_password", NEW_PASSWORD)]),
        ("/account/password", vec![("new_password", NEW_PASSWORD)]),
        ("/account/email", vec![("email", "thief@example.jp"), ("password", "まったく違うパスワード")]),
        ("/account/email", vec![("email", "thief@example.jp")]),
        ("/account/two-factor/setup", vec![("code", wrong.as_str())]),
        ("/account/two-factor/setup", vec![("password", PASSWORD)]),
        ("/account/two-factor/setup", vec![("password", PASSWORD), ("code", wrong.as_str())]),
        ("/account/two-factor/backup-codes/reissue", vec![]),
        ("/account/two-factor/backup-codes/reissue", vec![("code", wrong.as_str())]),
    ] {
        let token = ("csrf_token".to_owned(), token.clone());
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).chain([token]);
        thief.submit(path, &fields.collect::<Vec<_>>()).await.expect(422);
    }
    assert_eq!(thief.two_factor_state().await, state);
    assert_eq!(app.mailbox.count("thief@example.jp").await, 0);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
}
