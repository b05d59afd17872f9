//! The whole main job with Tab, Shift+Tab, Enter, Space, and typing: no mouse, no touch.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::members::{Member, PASSWORD};

async fn sign_in(browser: &Chromium, member: &Member) {
    browser.sees("ログイン").await;
    browser.tab_into("メールアドレス").await;
    browser.type_in(&member.email).await;
    browser.tab_into("パスワード").await;
    browser.type_in(PASSWORD).await;
    browser.enter().await;
}

/// From the two-factor tab to the page with the codes, and past it.
async fn set_up(app: &TestApp, browser: &Chromium) -> Vec<String> {
    browser.sees("二要素認証設定").await;
    browser.skip_to_content().await;
    browser.tab_into("パスワード").await;
    // Past the tabs of the account; back to the last of them and on again: nothing holds the focus.
    let back = browser.tab_back().await.expect("a stop");
    assert_eq!(browser.tab().await.map(|stop| stop.words).as_deref(), Some("パスワード"), "after {back:?}");
    browser.type_in(PASSWORD).await;
    browser.enter().await;
    browser.sees("二要素認証の設定").await;
    let phone = Authenticator::from_text(&browser.text(".key-text").await);
    browser.skip_to_content().await;
    browser.tab_into("セキュリティコード(6桁)").await;
    browser.type_in(&phone.code_at(app.now())).await;
    browser.enter().await;
    browser.sees("二要素認証の設定が完了しました").await;
    let codes = browser.codes().await;
    assert_eq!(codes.len(), 10);
    browser.skip_to_content().await;
    browser.tab_into("保管しました").await;
    browser.space().await;
    browser.tab_to("閉じる").await;
    browser.enter().await;
    browser.arrives_at("/account/two-factor").await;
    browser.sees("二要素認証設定").await;
    codes
}

#[tokio::test]
async fn the_whole_job_is_done_with_the_keyboard_alone() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = Chromium::open(&app, Script::On).await;
    browser.goto("/login").await;
    sign_in(&browser, &member).await;
    browser.sees("ダッシュボード").await;
    browser.skip_to_content().await;
    browser.tab_to("二要素認証を設定する").await;
    browser.enter().await;
    let codes = set_up(&app, &browser).await;
    browser.tab_to("ログアウト").await;
    browser.enter().await;

    // The phone is lost.
    sign_in(&browser, &member).await;
    browser.sees("セキュリティコードを入力").await;
    browser.skip_to_content().await;
    browser.tab_to("認証できない方はこちら").await;
    browser.enter().await;
    browser.sees("二要素認証でログインできない場合").await;
    browser.skip_to_content().await;
    browser.tab_into("バックアップコード(9桁)").await;
    browser.type_in(&codes[0]).await;
    browser.enter().await;
    browser.arrives_at("/account/two-factor").await;
    browser.sees("二要素認証設定").await;
    browser.skip_to_content().await;
    browser.tab_to("二要素認証解除メールを送信").await;
    browser.enter().await;
    let mail = app.mailbox.newest(&member.email, "二要素認証の解除").await;
    browser.goto(&mail.path("/two-factor-release/")).await;
    browser.sees("二要素認証の解除").await;
    browser.skip_to_content().await;
    browser.tab_into("パスワード").await;
    browser.type_in(PASSWORD).await;
    browser.tab_to("二要素認証を解除する").await;
    browser.enter().await;

    // Protected anew.
    app.turn(Seconds(60));
    sign_in(&browser, &member).await;
    let new_codes = set_up(&app, &browser).await;
    assert!(new_codes.iter().all(|code| !codes.contains(code)));
    browser.close().await;
}

#[tokio::test]
async fn tab_goes_through_a_page_and_out_of_it_both_ways() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    app.person_of(office, Role::Admin).await;
    let person = app.protect(app.member_of(office).await).await;
    let browser = Chromium::open(&app, Script::On).await;
    browser.sign_in(&person.member.email, PASSWORD).await;
    browser.press("認証できない方はこちら").await;
    browser.sees("二要素認証でログインできない場合").await;
    browser.client.refresh().await.expect("a fresh page");
    let mut forth = Vec::new();
    while let Some(stop) = browser.tab().await.filter(|stop| forth.len() < 60 && forth.first() != Some(&stop.words)) {
        assert!(stop.flaws.is_empty(), "{stop:?}");
        forth.push(stop.words);
    }
    for words in ["本文へ移動", "バックアップコード(9桁)", "認証", "解除依頼メールを送信", "時間を延長する", "ヘルプ"]
    {
        assert!(forth.iter().any(|stop| stop == words), "{words}: {forth:?}");
    }
    // From the end of the page back to its beginning, the same way.
    browser.client.refresh().await.expect("a fresh page");
    browser.find(".site-footer a").await;
    let last = "document.querySelector('.site-footer a').focus()";
    browser.client.execute(last, vec![]).await.expect("the last link");
    let mut back = vec![browser.focused().await.expect("the last link").words];
    while back.len() < forth.len() {
        back.push(browser.tab_back().await.expect("a stop").words);
    }
    back.reverse();
    assert_eq!(back, forth);
    browser.close().await;
}
