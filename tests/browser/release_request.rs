//! 方法B in two browsers at once: the member has lost phone and sheet, an administrator lets them
//! back in, and they protect their account anew.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::members::PASSWORD;

#[tokio::test]
async fn an_administrator_lets_in_a_member_who_lost_phone_and_sheet() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let admin = app.protect(app.named_person(office, Role::Admin, "鈴木 一郎").await).await;
    let member = app.protect(app.named_person(office, Role::General, "佐藤 二郎").await).await;
    let (hers, theirs) = tokio::join!(Chromium::open(&app, Script::On), Chromium::open(&app, Script::On));

    // The member, at the door without phone and sheet, asks.
    theirs.sign_in(&member.member.email, PASSWORD).await;
    theirs.sees("セキュリティコードを入力").await;
    theirs.press("認証できない方はこちら").await;
    theirs.sees("二要素認証でログインできない場合").await;
    theirs.press("解除依頼メールを送信").await;
    theirs.find(".notice--success").await;
    let page = theirs.text("main").await;
    assert!(page.contains("解除依頼メールを送信しました") && page.contains("管理者に解除を依頼しています"), "{page}");
    let told = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
    let cancel = told.path("/release-request-cancel/");

    // The administrator opens the mail's link, signs in, and stands before the request.
    let mail = app.mailbox.newest(&admin.member.email, "解除依頼が届いています").await;
    let path = mail.path("/offices/");
    hers.goto(&path).await;
    hers.sees("ログイン").await;
    hers.fill("email", &admin.member.email).await;
    hers.fill("password", PASSWORD).await;
    hers.press("ログイン").await;
    hers.sees("セキュリティコードを入力").await;
    hers.fill("code", &app.fresh_code(&admin.authenticator)).await;
    hers.press("認証").await;
    hers.arrives_at(&path).await;
    hers.sees("二要素認証の解除依頼").await;
    let page = hers.text("main").await;
    for part in ["佐藤 二郎", &member.member.email, "対応待ち", "電話や対面", "Chrome"] {
        assert!(page.contains(part), "{part}: {page}");
    }

    // Without a note nothing happens; with note and code the member's second factor is off.
    hers.fill("code", &app.fresh_code(&admin.authenticator)).await;
    hers.press("二要素認証を解除").await;
    hers.find(".error-summary").await;
    assert!(hers.text(".error-summary").await.contains("本人確認の方法を入力"));
    hers.find("#note").await.send_keys("内線で本人と話した").await.expect("a note");
    hers.fill("code", &app.fresh_code(&admin.authenticator)).await;
    hers.press("二要素認証を解除").await;
    hers.find(".notice--success").await;
    let page = hers.text("main").await;
    for part in ["二要素認証を解除しました", "承認済み", "鈴木 一郎", "内線で本人と話した"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(hers.texts("main form").await.is_empty(), "nothing is left to decide");

    // The half-finished sign-in is over; the password alone signs in, and leads to a new set-up.
    theirs.goto("/login/recovery").await;
    theirs.arrives_at("/login").await;
    let mail = app.mailbox.newest(&member.member.email, "管理者が二要素認証を解除").await;
    assert!(mail.text.contains("鈴木 一郎"), "{}", mail.text);
    theirs.sign_in(&member.member.email, PASSWORD).await;
    theirs.sees("ダッシュボード").await;
    theirs.find("main .notice a[href='/account/two-factor']").await.click().await.expect("the way to set up");
    theirs.arrives_at("/account/two-factor").await;
    theirs.fill("password", PASSWORD).await;
    theirs.press("二要素認証を設定する").await;
    theirs.arrives_at("/account/two-factor/setup").await;
    let phone = Authenticator::from_text(&theirs.text(".key-text").await);
    assert_ne!(phone.key, member.authenticator.key);
    theirs.fill("code", &app.fresh_code(&phone)).await;
    theirs.press("確認して設定する").await;
    theirs.sees("二要素認証の設定が完了しました").await;
    let codes = theirs.codes().await;
    assert!(codes.len() == 10 && codes.iter().all(|code| !member.codes.contains(code)));

    // What is over is over: the link of the first mail, and the request on the other screen.
    theirs.goto(&cancel).await;
    theirs.sees("このリンクは使えません").await;
    hers.press("解除依頼の一覧に戻る").await;
    hers.sees("解除依頼").await;
    assert!(hers.text("tbody").await.contains("承認済み"));
    hers.close().await;
    theirs.close().await;
}
