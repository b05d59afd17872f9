//! The whole story: set up, keep ten codes, lose the phone, still get in, and protect anew.

use hikae::domain::time::Seconds;

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::{Authenticator, scan_image};
use crate::support::members::PASSWORD;

/// Sets two-factor authentication up from the tab: scans the QR code with a phone that is not
/// ours, confirms, and gives the phone and the ten codes.
async fn set_up(app: &TestApp, browser: &Chromium) -> (Authenticator, Vec<String>) {
    browser.press("ユーザー管理").await;
    browser.press("二要素認証設定").await;
    browser.arrives_at("/account/two-factor").await;
    browser.fill("password", PASSWORD).await;
    browser.press("二要素認証を設定する").await;
    browser.arrives_at("/account/two-factor/setup").await;
    let picture = browser.find("svg.qr").await.screenshot().await.expect("a picture");
    let url: url::Url = scan_image(&picture, ".png").parse().expect("an otpauth address");
    assert_eq!(url.scheme(), "otpauth");
    let key = url.query_pairs().find(|(name, _)| name == "secret").expect("a key").1.into_owned();
    let phone = Authenticator::from_text(&key);
    assert_eq!(browser.text(".key-text").await.replace(' ', ""), key);

    browser.fill("code", &phone.code_at(app.now())).await;
    browser.press("確認して設定する").await;
    browser.sees("二要素認証の設定が完了しました").await;
    let codes = browser.codes().await;
    assert_eq!(codes.len(), 10);
    (phone, codes)
}

/// Ticks that the codes are kept, and closes the page with them.
async fn close_codes(browser: &Chromium) {
    browser.find("[name=kept]").await.click().await.expect("the box is ticked");
    browser.press("閉じる").await;
    browser.arrives_at("/account/two-factor").await;
}

#[tokio::test]
async fn a_lost_phone_locks_nobody_out() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = Chromium::open(&app, Script::On).await;

    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("ダッシュボード").await;
    let (_lost_phone, codes) = set_up(&app, &browser).await;
    close_codes(&browser).await;
    browser.sign_out().await;
    browser.sees("ログイン").await;

    // The phone is lost: a code from the sheet, written as it stands on the paper.
    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("セキュリティコードを入力").await;
    browser.press("認証できない方はこちら").await;
    browser.sees("二要素認証でログインできない場合").await;
    let written = [&codes[3][..3], &codes[3][3..6], &codes[3][6..]].join(" ");
    browser.fill("backup_code", &written).await;
    browser.press("認証").await;
    browser.arrives_at("/account/two-factor").await;
    let card = browser.text("[aria-labelledby=recovered]").await;
    assert!(card.contains("4番に印") && card.contains("9個"), "{card}");

    // Released by mail.
    browser.press("二要素認証解除メールを送信").await;
    let mail = app.mailbox.newest(&member.email, "二要素認証の解除").await;
    let link = mail.path("/two-factor-release/");
    browser.goto(&link).await;
    browser.fill("password", PASSWORD).await;
    browser.find("main form button").await.click().await.expect("the button");
    app.mailbox.newest(&member.email, "解除しました").await;

    // Signed in with the password alone, and protected anew.
    app.turn(Seconds(60));
    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("ダッシュボード").await;
    let (new_phone, new_codes) = set_up(&app, &browser).await;
    assert!(new_codes.iter().all(|code| !codes.contains(code)));
    close_codes(&browser).await;

    // Ten new codes for the new phone.
    browser.press("バックアップコードを再発行").await;
    browser.sees("バックアップコードの再発行").await;
    browser.fill("code", &app.fresh_code(&new_phone)).await;
    browser.press("再発行").await;
    browser.sees("再発行が完了しました").await;
    let newest = browser.codes().await;
    assert_eq!(newest.len(), 10);
    close_codes(&browser).await;
    let page = browser.text("main").await;
    assert!(page.contains("第3回") && !page.contains("使用済み"), "{page}");

    // The old sheets are void, the newest one signs in.
    for (code, works) in [(&codes[0], false), (&new_codes[0], false), (&newest[0], true)] {
        let stage = app.password_proven(&member).await;
        assert_eq!(stage.enter_backup_code(code).await.status == 303, works);
    }
    browser.close().await;
}
