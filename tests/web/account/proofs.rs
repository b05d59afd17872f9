//! What a fresh proof does to sessions, and what a stolen cookie does not do without one.

use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

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

    let before = browser.cookies();
    let form = browser.get("/account/email").await.expect(200).form("/account/email");
    let form = form.fill("email", "atarashii@example.jp").fill("password", NEW_PASSWORD);
    form.submit(&browser).await.expect(303);
    assert_renewed(&app, &browser, before).await;

    for code in [&app.protected_member().await.codes[0], "123456789"] {
        let before = browser.cookies();
        let form = browser.get("/account/two-factor/backup-codes/check").await.expect(200);
        let form = form.form("/account/two-factor/backup-codes/check");
        form.fill("password", NEW_PASSWORD).fill("backup_code", code).submit(&browser).await.expect(422);
        assert_renewed(&app, &browser, before).await;
    }

    let before = browser.cookies();
    app.turn(Seconds(30));
    let form = browser.get("/account/two-factor").await.expect(200).form("/account/two-factor/setup");
    let form = form.fill("password", NEW_PASSWORD).fill("code", &app.fresh_code(&authenticator));
    form.submit(&browser).await.expect(303);
    assert_renewed(&app, &browser, before).await;
}

#[tokio::test]
async fn so_does_every_proof_of_an_administrator() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let admin = app.protected_admin(office).await;
    let person = app.protect(app.member_of(office).await).await;
    let browser = &admin.browser;
    let member = format!("/offices/{office}/members/{}", person.member.id);

    // Twice: the role is changed, and is that one already.
    for _ in 0..2 {
        let before = browser.cookies();
        let form = browser.get(&member).await.expect(200).form(&format!("{member}/role"));
        form.fill("role", "admin").fill("password", PASSWORD).submit(browser).await.expect(303);
        assert_renewed(&app, browser, before).await;
    }

    let before = browser.cookies();
    let invitations = format!("/offices/{office}/invitations");
    let form = browser.get(&invitations).await.expect(200).form(&invitations);
    let form = form.fill("emails", "ume@example.jp").fill("password", PASSWORD);
    form.forge("role", "admin").submit(browser).await.expect(303);
    assert_renewed(&app, browser, before).await;

    app.ask_administrators(&person.member).await;
    let request = app.request_path(&admin.member).await;
    let before = browser.cookies();
    browser.approve(&request, "電話で本人と話した", &app.fresh_code(&admin.authenticator)).await.expect(303);
    assert_renewed(&app, browser, before).await;

    let before = browser.cookies();
    let form = browser.get(&member).await.expect(200).form(&format!("{member}/remove"));
    form.fill("password", PASSWORD).submit(browser).await.expect(303);
    assert_renewed(&app, browser, before).await;
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
