//! Pages without JavaScript: everything but comfort works.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::members::PASSWORD;

async fn set_up(app: &TestApp, browser: &Chromium) -> Vec<String> {
    browser.goto("/account/two-factor").await;
    browser.fill("password", PASSWORD).await;
    browser.press("二要素認証を設定する").await;
    browser.arrives_at("/account/two-factor/setup").await;
    let phone = Authenticator::from_text(&browser.text(".key-text").await);
    browser.fill("code", &phone.code_at(app.now())).await;
    browser.press("確認して設定する").await;
    browser.sees("二要素認証の設定が完了しました").await;
    let codes = browser.codes().await;
    assert_eq!(codes.len(), 10);
    let copy = browser.find("button[data-copy]").await;
    assert!(
        !copy.is_displayed().await.expect("an answer"),
        "a button that needs script is shown: script is on, or it is dead"
    );
    let sheet = browser.find("form[action='/account/two-factor/backup-codes/sheet'] button").await;
    assert_eq!(sheet.text().await.expect("a text"), "PDFをダウンロード");
    browser.find("[name=kept]").await.click().await.expect("ticked");
    browser.press("閉じる").await;
    browser.arrives_at("/account/two-factor").await;
    codes
}

#[tokio::test]
async fn the_whole_job_is_done_without_script() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let admin = app.person_of(office, Role::Admin).await;
    let member = app.member_of(office).await;
    let browser = Chromium::open(&app, Script::Off).await;
    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("ダッシュボード").await;
    let codes = set_up(&app, &browser).await;

    // A code from the sheet; more time, and the other language, on the way.
    browser.sign_out().await;
    browser.sign_in(&member.email, PASSWORD).await;
    browser.press("認証できない方はこちら").await;
    browser.press("時間を延長する").await;
    browser.arrives_at("/login/recovery").await;
    browser.find(".notice--success").await;
    browser.press("English").await;
    browser.sees("If you cannot sign in with two-factor authentication").await;
    browser.press("日本語").await;
    browser.sees("二要素認証でログインできない場合").await;
    browser.fill("backup_code", &codes[9]).await;
    browser.press("認証").await;
    browser.arrives_at("/account/two-factor").await;

    // Released by mail, and protected anew.
    browser.press("二要素認証解除メールを送信").await;
    let mail = app.mailbox.newest(&member.email, "二要素認証の解除").await;
    browser.goto(&mail.path("/two-factor-release/")).await;
    browser.fill("password", PASSWORD).await;
    browser.press("二要素認証を解除する").await;
    browser.arrives_at("/login").await;
    app.turn(Seconds(60));
    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("ダッシュボード").await;
    let new_codes = set_up(&app, &browser).await;
    assert!(new_codes.iter().all(|code| !codes.contains(code)));

    // Phone and sheet are gone: the administrators are asked.
    browser.sign_out().await;
    browser.sign_in(&member.email, PASSWORD).await;
    browser.press("認証できない方はこちら").await;
    browser.press("解除依頼メールを送信").await;
    browser.find(".notice--success").await;
    browser.sees("二要素認証でログインできない場合").await;
    app.mailbox.newest(&admin.email, "解除依頼が届いています").await;

    // The help, and the way within it.
    browser.press("バックアップコードのヘルプ").await;
    browser.press("シートをなくした・人に見られた").await;
    let at = browser.client.current_url().await.expect("an address");
    assert_eq!((at.path(), at.fragment()), ("/help/backup-codes", Some("lost-sheet")));
    browser.close().await;
}
