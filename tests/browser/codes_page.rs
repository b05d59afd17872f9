//! The page that shows codes once: copy, reload, back, a second visit; and pasting into fields.

use fantoccini::key::Key;
use hikae::domain::office::{Name, Role};
use hikae::domain::plan::Plan;
use hikae::service::operator;
use hikae::service::void_all_codes::void_all_codes;

use crate::chromium::{Chromium, Script};
use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::eventually;
use crate::support::members::{Member, PASSWORD};
use crate::support::pdf::Pdf;

const REISSUE: &str = "/account/two-factor/backup-codes/reissue";

/// A browser on the page with the ten codes of a set-up.
async fn on_the_page(app: &TestApp) -> (Chromium, Member, Authenticator, Vec<String>) {
    on_the_page_of(app, app.member().await).await
}

async fn on_the_page_of(app: &TestApp, member: Member) -> (Chromium, Member, Authenticator, Vec<String>) {
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

    let pdf = Pdf::of(&browser.print().await);
    assert_eq!(pdf.pages(), 1);
    let text = pdf.letters();
    assert!(codes.iter().all(|code| text.matches(code.as_str()).count() == 2), "sheet and card: {text}");
    assert!(text.contains(&member.email) && text.contains("Hikae"), "{text}");
    assert!(!text.contains("ログアウト") && !text.contains("コピー") && !text.contains("保管しました"), "{text}");
    browser.close().await;
}

#[tokio::test]
async fn the_print_out_and_the_pdf_say_the_same_and_fit_one_page_with_any_name() {
    let app = TestApp::start().await;
    let (long, name) = ("髙橋商店".repeat(25), "寿限無".repeat(33));
    let office = Name::parse(&long).expect("a name");
    let office = operator::add_office(&app.services, office, Plan::CorporateStarter).await.expect("an office");
    let member = app.named_person(office, Role::General, &name).await;
    for _ in 0..9 {
        let office = app.office(Plan::PersonalStarter).await;
        app.assign(&member, office, Role::General).await;
    }
    let (browser, _, _, codes) = on_the_page_of(&app, member).await;
    let printed = Pdf::of(&browser.print().await);
    browser.press("PDFをダウンロード").await;
    let drawn = Pdf::of(&browser.downloaded().await.1);
    for pdf in [&printed, &drawn] {
        assert_eq!(pdf.pages(), 1);
        let margins = pdf.margins();
        assert!(margins.iter().all(|margin| *margin >= 10.0), "{margins:?}");
    }
    let (printed, drawn) = (printed.letters(), drawn.letters());
    // Every text of the page's sheet, and nothing else, but for what is longer than its lines.
    let script = "return [...document.querySelectorAll('.sheet :is(h2, h3, dt, dd, li, p)')].map((e) => e.textContent)";
    let texts = browser.client.execute(script, vec![]).await.expect("texts");
    let texts: Vec<String> = serde_json::from_value(texts).expect("texts");
    assert!(texts.len() > 40, "{texts:?}");
    for text in texts {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(60).collect();
        assert!(printed.contains(&text), "{text} in {printed}");
        assert!(drawn.contains(&text), "{text} in {drawn}");
    }
    assert!(codes.iter().all(|code| drawn.matches(code.as_str()).count() == 2), "{drawn}");
    browser.close().await;
}

#[tokio::test]
async fn the_pdf_is_saved_and_the_page_stays_with_its_warning() {
    let app = TestApp::start().await;
    let (browser, _, _, codes) = on_the_page(&app).await;
    assert!(asks_before_leaving(&browser).await, "before anything");
    browser.press("PDFをダウンロード").await;
    let (name, bytes) = browser.downloaded().await;
    assert!(name.starts_with("Hikaeバックアップコード_第1回_") && name.ends_with(".pdf"), "{name}");
    let text = Pdf::of(&bytes).letters();
    assert!(codes.iter().all(|code| text.contains(code.as_str())), "{text}");
    assert_eq!(browser.codes().await, codes);
    assert!(asks_before_leaving(&browser).await, "after a download");
    eventually("the tab of the download closes", async || {
        (browser.client.windows().await.expect("windows").len() == 1).then_some(())
    })
    .await;

    browser.find("[name=kept]").await.click().await.expect("ticked");
    browser.press("閉じる").await;
    browser.arrives_at("/account/two-factor").await;
    assert!(!asks_before_leaving(&browser).await, "after closing");
}

#[tokio::test]
async fn a_download_that_fails_does_not_take_the_codes_away() {
    let app = TestApp::start().await;
    let (browser, _, _, codes) = on_the_page(&app).await;
    void_all_codes(&app.services, |_| {}).await.expect("no fault");
    browser.press("PDFをダウンロード").await;
    eventually("a tab of its own says why", async || {
        (browser.client.windows().await.expect("windows").len() == 2).then_some(())
    })
    .await;
    assert_eq!(browser.codes().await, codes);
    let other = browser.client.windows().await.expect("windows").pop().expect("a window");
    browser.client.switch_to_window(other).await.expect("the other tab");
    browser.sees("このシートは有効ではありません").await;
    browser.close().await;
}

#[tokio::test]
async fn copying_works_on_plain_http_too() {
    let app = TestApp::with().base_url("http://portal.example").start().await;
    let (browser, member, _, codes) = on_the_page(&app).await;
    let secure = browser.client.execute("return isSecureContext || 'clipboard' in navigator", vec![]).await;
    assert_eq!(secure.expect("an answer"), false, "the test is blind");
    browser.press("コピー").await;
    eventually("the page says that it has copied", async || {
        browser.text("#live").await.contains("コピーしました").then_some(())
    })
    .await;
    let script =
        "const t = document.createElement('textarea'); t.name = 'scratch'; document.querySelector('main').append(t);";
    browser.client.execute(script, vec![]).await.expect("a scratch field");
    browser.fill("scratch", &chord('v')).await;
    let copied = value(&browser, "scratch").await;
    let lines: Vec<&str> = copied.lines().collect();
    assert_eq!(lines[0], "バックアップコード 第1回発行");
    for (index, code) in codes.iter().enumerate() {
        let numbered = format!("{}. {} {} {}", index + 1, &code[..3], &code[3..6], &code[6..]);
        assert!(lines.iter().any(|line| line.trim() == numbered), "{numbered} in {copied}");
    }
    for fact in [
        "サービス：Hikae http://portal.example",
        "事業所：控え商事",
        "氏名：控 花子",
        "シートID：",
        "2026年11月22日 12:00（日本時間）",
    ] {
        assert!(copied.contains(fact), "{fact} in {copied}");
    }
    assert!(copied.contains(&format!("アカウント：{}", member.email)), "{copied}");
    assert!(copied.contains("有効なのは、最新のシートだけです。以前のシートは破棄してください。"), "{copied}");
    browser.close().await;
}

/// Whether the page would ask before it is left.
async fn asks_before_leaving(browser: &Chromium) -> bool {
    let script = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    browser.client.execute(script, vec![]).await.expect("an answer") == true
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
