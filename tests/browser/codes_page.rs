//! The page that shows codes once: copy, reload, back, a second visit; and pasting into fields.

use fantoccini::key::Key;

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::eventually;
use crate::support::members::{Member, PASSWORD};

const REISSUE: &str = "/account/two-factor/backup-codes/reissue";

/// A browser on the page with the ten codes of a set-up.
async fn on_the_page(app: &TestApp) -> (Chromium, Member, Authenticator, Vec<String>) {
    let member = app.member().await;
    let browser = Chromium::open(app, Script::On).await;
    browser.sign_in(&member.email, PASSWORD).await;
    browser.sees("ダッシュボード").await;
    browser.goto("/account/two-factor").await;
    browser.fill("password", PASSWORD).await;
    browser.press("二要素認証を設定する").await;
    let phone = Authenticator::from_text(&browser.text(".key-text").await);
    browser.fill("code", &phone.code_at(app.now())).await;
    browser.press("確認して設定する").await;
    browser.sees("二要素認証の設定が完了しました").await;
    let codes = browser.codes().await;
    (browser, member, phone, codes)
}

fn chord(key: char) -> String {
    format!("{}{key}{}", char::from(Key::Control), char::from(Key::Null))
}

async fn value(browser: &Chromium, field: &str) -> String {
    browser.find(&format!("[name={field}]")).await.prop("value").await.expect("a value").unwrap_or_default()
}

/// Whether any code stands anywhere in the page, seen or hidden.
async fn shows_any(browser: &Chromium, codes: &[String]) -> bool {
    let source = browser.client.source().await.expect("the source");
    let digits: String = source.chars().filter(|c| !c.is_whitespace()).collect();
    codes.iter().any(|code| digits.contains(code.as_str()))
}

#[tokio::test]
async fn copying_puts_all_ten_codes_into_the_clipboard_and_says_so() {
    let app = TestApp::start().await;
    let (browser, _, _, codes) = on_the_page(&app).await;
    browser.press("コピー").await;
    eventually("the page says that it has copied", async || {
        browser.text("#live").await.contains("コピーしました").then_some(())
    })
    .await;

    browser.goto(REISSUE).await;
    browser.fill("code", &chord('v')).await;
    let pasted: String = value(&browser, "code").await.chars().filter(char::is_ascii_digit).collect();
    for code in &codes {
        assert!(pasted.contains(code), "a code is not in the clipboard");
    }
    browser.close().await;
}

#[tokio::test]
async fn the_printer_button_prints_and_the_sheet_is_one_page() {
    let app = TestApp::start().await;
    let (browser, member, _, codes) = on_the_page(&app).await;
    browser.client.execute("window.print = () => { window.printed = true; }", vec![]).await.expect("a stub");
    browser.press("印刷").await;
    let printed = browser.client.execute("return window.printed === true", vec![]).await.expect("an answer");
    assert_eq!(printed, true);

    let sheet = browser.client.print(fantoccini::wd::PrintConfiguration::default()).await.expect("a print-out");
    let file = tempfile::Builder::new().suffix(".pdf").tempfile().expect("a file");
    std::fs::write(file.path(), sheet).expect("written");
    let text =
        std::process::Command::new("pdftotext").arg("-layout").arg(file.path()).arg("-").output().expect("pdftotext");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert_eq!(text.matches('\u{c}').count(), 1, "one page: {text}");
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(codes.iter().all(|code| digits.contains(code.as_str())), "{text}");
    assert!(text.contains(&member.email) && text.contains("Hikae"), "{text}");
    assert!(!text.contains("ログアウト") && !text.contains("コピー"), "{text}");
    browser.close().await;
}

#[tokio::test]
async fn neither_reload_nor_back_nor_another_visit_shows_them_again() {
    let app = TestApp::start().await;
    let (browser, member, _, codes) = on_the_page(&app).await;
    assert!(shows_any(&browser, &codes).await, "the search is blind");

    browser.client.refresh().await.expect("reloaded");
    assert!(!shows_any(&browser, &codes).await, "reload");
    for path in ["/account/two-factor", "/account/two-factor/setup", REISSUE] {
        browser.goto(path).await;
        assert!(!shows_any(&browser, &codes).await, "{path}");
    }
    for _ in 0..6 {
        browser.client.back().await.expect("back");
        assert!(!shows_any(&browser, &codes).await, "back, at {}", browser.path().await);
    }
    for _ in 0..6 {
        browser.client.forward().await.expect("forward");
        assert!(!shows_any(&browser, &codes).await, "forward, at {}", browser.path().await);
    }
    for (code, works) in [(&codes[0], true), (&codes[1], true)] {
        let stage = app.password_proven(&member).await;
        assert_eq!(stage.enter_backup_code(code).await.status == 303, works, "the sheet has changed");
    }
    browser.close().await;
}

#[tokio::test]
async fn back_from_the_next_page_does_not_show_them_again() {
    let app = TestApp::start().await;
    let (browser, _, _, codes) = on_the_page(&app).await;
    browser.find("[name=kept]").await.click().await.expect("ticked");
    browser.press("閉じる").await;
    browser.arrives_at("/account/two-factor").await;
    browser.client.back().await.expect("back");
    assert!(!shows_any(&browser, &codes).await, "back, at {}", browser.path().await);
    browser.close().await;
}

#[tokio::test]
async fn closing_needs_the_word_that_they_are_kept() {
    let app = TestApp::start().await;
    let (browser, _, _, codes) = on_the_page(&app).await;
    browser.press("閉じる").await;
    assert_eq!(browser.codes().await, codes, "the page went away unasked");
    browser.close().await;
}

#[tokio::test]
async fn nothing_of_them_is_kept_in_the_browser() {
    let app = TestApp::start().await;
    let (browser, _, _, codes) = on_the_page(&app).await;
    let script = "return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href, document.title, \
                  (await caches.keys()), (await indexedDB.databases())])";
    let script =
        format!("const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, done);");
    let kept = browser.client.execute_async(&script, vec![]).await.expect("an answer").to_string();
    assert!(codes.iter().all(|code| !kept.contains(code.as_str())), "{kept}");
    assert!(kept.contains("127.0.0.1"), "the look was blind: {kept}");
    browser.close().await;
}

#[tokio::test]
async fn a_code_is_pasted_with_its_separators() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = Chromium::open(&app, Script::On).await;
    browser.goto("/login").await;
    let code = &person.codes[0];
    let written = format!("  {}\u{3000}{}-{} ", &code[..3], &code[3..6], &code[6..]);
    browser
        .client
        .execute("const t = document.createElement('textarea'); t.id = 'scratch'; document.body.append(t);", vec![])
        .await
        .expect("a scratch field");
    let scratch = browser.find("#scratch").await;
    scratch.send_keys(&written).await.expect("typed");
    scratch.send_keys(&(chord('a') + &chord('c'))).await.expect("copied");

    browser.sign_in(&person.member.email, PASSWORD).await;
    browser.press("認証できない方はこちら").await;
    browser.fill("backup_code", &chord('v')).await;
    assert_eq!(value(&browser, "backup_code").await.trim(), written.trim(), "nothing is cut");
    browser.press("認証").await;
    browser.arrives_at("/account/two-factor").await;
    browser.close().await;
}
