//! Every page in both languages: one main heading, a label for each field, nothing inline,
//! nothing from elsewhere.

use scraper::{Html, Selector};

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::page::Page;

fn assert_well_formed(page: &Page, language: &str) {
    let what = format!("{} {} ({language})", page.status, page.path);
    assert_eq!(page.attributes("html", "lang"), [language], "{what}");
    assert_eq!(page.all("h1").len(), 1, "{what}");
    let title = page.all("title").concat();
    let says_error = ["エラー：", "Error: "].iter().any(|word| title.starts_with(word));
    assert!(!title.is_empty() && says_error != page.all(".error-summary").is_empty(), "{what}: {title}");
    assert_eq!(page.attributes("meta[name=viewport]", "content").len(), 1, "{what}");
    assert_eq!(page.all("main").len(), 1, "{what}");
    let document = Html::parse_document(&page.html);
    let all = |selector: &str| Selector::parse(selector).expect("a selector");
    for element in document.select(&all("*")) {
        for (name, value) in element.value().attrs() {
            assert!(name != "style" && !name.starts_with("on"), "{what}: inline {name}");
            if matches!(name, "src" | "href" | "action" | "formaction") {
                let local = value.starts_with('/') && !value.starts_with("//");
                assert!(local || value.starts_with(['#', '?']), "{what}: {name}={value}");
            }
        }
        let is_inline = match element.value().name() {
            "style" => true,
            "script" => element.attr("src").is_none(),
            _ => false,
        };
        assert!(!is_inline, "{what}: an inline {}", element.value().name());
    }
    for field in document.select(&all("input:not([type=hidden]):not([type=submit]), select, textarea")) {
        if field.attr("hidden").is_some() {
            continue;
        }
        let labelled = field.attr("id").is_some_and(|id| !page.all(&format!("label[for='{id}']")).concat().is_empty());
        assert!(labelled || field.attr("aria-label").is_some(), "{what}: no label for {:?}", field.attr("name"));
    }
    let mut ids = page.attributes("[id]", "id");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{what}: an id stands twice");
    for described in page.attributes("[aria-describedby]", "aria-describedby") {
        for id in described.split_whitespace() {
            assert!(ids.iter().any(|known| known == id), "{what}: nothing is called {id}");
        }
    }
}

async fn open_all(browser: &Browser, paths: &[&str], language: &str) {
    for path in paths {
        assert_well_formed(&browser.get(path).await, language);
    }
}

const ACCOUNT: [&str; 8] = [
    "/account",
    "/account/profile",
    "/account/email",
    "/account/password",
    "/account/two-factor",
    "/account/sessions",
    "/account/activity",
    "/account/no-such-page",
];

#[tokio::test]
async fn every_page_is_well_formed_in_both_languages() {
    let app = TestApp::start().await;
    for language in ["ja", "en"] {
        let speak = |browser: Browser| if language == "en" { browser.in_english() } else { browser };
        let visitor = speak(app.browser());
        open_all(&visitor, &["/login", "/password-reset", "/no-such-page"], language).await;
        let invented = "A".repeat(43);
        for prefix in
            ["/password-reset/", "/two-factor-release/", "/two-factor-release-cancel/", "/email-confirmation/"]
        {
            assert_well_formed(&visitor.get(&format!("{prefix}{invented}")).await, language);
        }

        let member = app.member().await;
        let browser = app.browser();
        browser.sign_in(&member).await.expect(303);
        if language == "en" {
            browser.get("/account").await.form("English").submit(&browser).await.expect(303);
        }
        open_all(&browser, &ACCOUNT, language).await;
        let authenticator = browser.start_set_up(&member.password).await;
        open_all(&browser, &["/account/two-factor/setup"], language).await;
        assert_well_formed(&browser.confirm_set_up("000").await.expect(422), language);
        let page = browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
        assert_well_formed(&page, language);
        let codes = page.codes();
        open_all(&browser, &ACCOUNT, language).await;
        open_all(&browser, &["/account/two-factor/backup-codes/reissue"], language).await;
        open_all(&browser, &["/account/two-factor/backup-codes/check"], language).await;
        for (code, status) in [("1", 422), ("000000001", 422), (codes[0].as_str(), 200)] {
            let form = browser.get("/account/two-factor/backup-codes/check").await;
            let form = form.form("/account/two-factor/backup-codes/check").fill("password", &member.password);
            let page = form.fill("backup_code", code).submit(&browser).await.expect(status);
            assert_well_formed(&page, language);
        }

        let stage = app.browser();
        stage.sign_in(&member).await.expect_redirect("/login/code");
        open_all(&stage, &["/login/code", "/login/recovery"], language).await;
        let form = stage.get("/login/recovery").await.form("/login/recovery/backup-code");
        assert_well_formed(&form.clone().fill("backup_code", "1").submit(&stage).await.expect(422), language);
        form.fill("backup_code", &codes[0]).submit(&stage).await.expect(303);
        open_all(&stage, &["/account/two-factor"], language).await;
    }
}

#[tokio::test]
async fn files_of_the_pages_exist() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/login").await.expect(200);
    let files = [page.attributes("link[href]", "href"), page.attributes("script[src]", "src")].concat();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let answer = browser.get(&file).await.expect(200);
        assert!(!answer.header("content-type").expect("a type").starts_with("text/html"), "{file}");
    }
}
