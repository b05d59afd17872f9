//! Pages without JavaScript: everything but comfort works.

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::members::PASSWORD;

#[tokio::test]
async fn setting_up_and_signing_in_work_without_script() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = Chromium::open(&app, Script::Off).await;
    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("ダッシュボード").await;
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

    browser.find("[name=kept]").await.click().await.expect("ticked");
    browser.press("閉じる").await;
    browser.arrives_at("/account/two-factor").await;
    browser.press("ログアウト").await;
    browser.sign_in(&member.email, PASSWORD).await;
    browser.press("認証できない方はこちら").await;
    browser.fill("backup_code", &codes[9]).await;
    browser.press("認証").await;
    browser.arrives_at("/account/two-factor").await;
    browser.close().await;
}
