//! After a form was refused: where the focus is, what is announced, what is kept.

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::eventually;
use crate::support::members::PASSWORD;

/// The summary stands above the form, is announced, names the field, and leads to it.
async fn is_told(browser: &Chromium, field: &str, script: Script) {
    // The page before may have the same heading: its answer is there when the summary names the field.
    browser.find(&format!(".error-summary a[href='#{field}']")).await;
    let title = browser.client.title().await.expect("a title");
    assert!(title.starts_with("エラー："), "{title}");
    let summary = browser.find(".error-summary").await;
    assert_eq!(summary.attr("role").await.expect("an answer").as_deref(), Some("alert"));
    assert!(browser.text(".error-summary").await.contains("入力内容を確認してください"));
    if script == Script::On {
        let focus = "return document.activeElement.matches('.error-summary')";
        eventually("the summary has the focus", async || {
            let focused = browser.client.execute(focus, vec![]).await.expect("an answer");
            (focused == true).then_some(())
        })
        .await;
        let link = browser.tab().await.expect("the link of the summary");
        assert_eq!((link.tag.as_str(), link.flaws.len()), ("a", 0), "{link:?}");
        browser.enter().await;
        assert_eq!(browser.focused().await.map(|stop| stop.id).as_deref(), Some(field));
    } else {
        let link = browser.find(".error-summary a").await.attr("href").await.expect("an answer");
        assert_eq!(link.as_deref(), Some(format!("#{field}").as_str()));
    }
}

async fn is_described(browser: &Chromium, field: &str) {
    let input = browser.find(&format!("#{field}")).await;
    assert_eq!(input.attr("aria-invalid").await.expect("an answer").as_deref(), Some("true"));
    let described = input.attr("aria-describedby").await.expect("an answer").unwrap_or_default();
    assert!(described.split(' ').any(|id| id == format!("{field}-error")), "{described}");
    assert!(!browser.text(&format!("#{field}-error")).await.is_empty());
}

#[tokio::test]
async fn the_error_has_the_focus_is_announced_and_leads_to_its_field() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for script in [Script::On, Script::Off] {
        let browser = Chromium::open(&app, script).await;
        browser.sign_in(&person.member.email, "違うパスワード").await;
        is_told(&browser, "email", script).await;
        let email = browser.find("#email").await.prop("value").await.expect("an answer");
        assert_eq!(email.as_deref(), Some(person.member.email.as_str()), "what was typed is kept");
        assert_eq!(browser.find("#password").await.prop("value").await.expect("an answer").as_deref(), Some(""));

        browser.fill("password", PASSWORD).await;
        browser.press("ログイン").await;
        browser.sees("セキュリティコードを入力").await;
        assert!(!browser.client.title().await.expect("a title").contains("エラー"));
        browser.fill("code", "12").await;
        browser.press("認証").await;
        is_told(&browser, "code", script).await;
        is_described(&browser, "code").await;
        browser.press("認証できない方はこちら").await;
        browser.sees("二要素認証でログインできない場合").await;
        browser.fill("backup_code", "34").await;
        browser.press("認証").await;
        is_told(&browser, "backup_code", script).await;
        is_described(&browser, "backup_code").await;
        browser.close().await;
    }
}
