//! Error pages: a page in the reader's language for every status, the framework's own too.

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::page::Page;

const FORM: &str = "application/x-www-form-urlencoded";

/// One answer for each status.
async fn answers(browser: &Browser) -> Vec<(u16, Page)> {
    let token = browser.get("/login").await.attributes("input[name=csrf_token]", "value").remove(0);
    let body = format!("csrf_token={token}&email=a&password=b");
    vec![
        (400, browser.own(Method::POST, "/login").body(FORM, format!("{body}&email=%ff%fe")).send().await),
        (403, browser.own(Method::POST, "/login").body(FORM, "email=a&password=b").send().await),
        (404, browser.get("/no/such/page").await),
        (404, browser.get("/account/no-such-page").await),
        (404, browser.get("/assets/no-such-file.css").await),
        (404, browser.get("/%ff%fe").await),
        (404, browser.get("/..%2f..%2fetc/passwd").await),
        (405, browser.own(Method::DELETE, "/login").send().await),
        (405, browser.get("/logout").await),
        (413, browser.own(Method::POST, "/login").body(FORM, vec![b'a'; 10 * 1024 * 1024]).send().await),
        (415, browser.own(Method::POST, "/login").body("application/json", "{}").send().await),
        (415, browser.own(Method::POST, "/login").body("multipart/form-data; boundary=x", "--x--").send().await),
        (415, browser.own(Method::POST, "/login").body("text/plain", body).send().await),
    ]
}

#[tokio::test]
async fn every_error_is_a_page_in_the_reader_s_language() {
    let app = TestApp::start().await;
    for (browser, language) in [(app.browser(), "ja"), (app.browser().in_english(), "en")] {
        for (status, page) in answers(&browser).await {
            assert_eq!(page.status, status, "{}", page.path);
            assert_eq!(page.attributes("html", "lang"), [language], "{status} {}: {}", page.path, page.html);
            assert!(!page.h1().is_empty(), "{status} {}", page.path);
            let japanese = page.h1().chars().any(|c| matches!(c, 'ぁ'..='ヿ' | '一'..='龠'));
            assert_eq!(japanese, language == "ja", "{status}: {}", page.h1());
            assert!(page.header("content-type").expect("a type").starts_with("text/html"), "{status}");
            for word in ["actix", "diesel", "panicked", "src/"] {
                assert!(!page.html.contains(word), "{status} tells of the inside: {word}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_page_names_the_methods_that_work() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/login").await.expect(200);
    let page = browser.get("/logout").await.expect(405);
    assert_eq!(page.header("allow").map(|allow| allow.contains("POST")), Some(true), "{:?}", page.headers);
}

#[tokio::test]
async fn what_was_asked_for_does_not_come_back_as_markup() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for path in ["/<script>alert(1)</script>", "/%3Cscript%3Ealert(1)%3C/script%3E", "/login?next=%22%3E%3Cscript%3E"] {
        let page = browser.get(path).await;
        assert!(!page.html.contains("<script>alert"), "{path}");
        assert!(!page.html.contains("\"><script>"), "{path}");
    }
}
