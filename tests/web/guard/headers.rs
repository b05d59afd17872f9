//! Security headers on every answer.

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::page::Page;

/// Answers of every kind: pages, redirects, refusals, errors, files.
async fn answers(app: &TestApp) -> Vec<Page> {
    let person = app.protected_member().await;
    let browser = app.browser();
    let login = browser.get("/login").await.expect(200);
    let asset = login.attributes("link[rel=stylesheet]", "href").remove(0);
    let stage = app.password_proven(&person.member).await;
    let mut pages = vec![
        login,
        browser.get(&asset).await.expect(200),
        browser.get("/").await,
        browser.get("/account").await.expect(303),
        browser.get("/no/such/page").await.expect(404),
        browser.get("/assets/no-such-file").await.expect(404),
        browser.own(Method::DELETE, "/login").send().await.expect(405),
        browser.request(Method::from_bytes(b"BREW").expect("a method"), "/login").send().await,
        browser.own(Method::POST, "/login").send().await,
        browser.own(Method::POST, "/login").body("application/json", "{}").send().await.expect(415),
        browser.get("/healthz").await.expect(200),
        browser.get("/readyz").await.expect(200),
        person.browser.get("/account/two-factor").await.expect(200),
    ];
    for _ in 0..5 {
        pages.push(stage.enter_backup_code("000000001").await.expect(422));
    }
    pages.push(stage.enter_backup_code("000000001").await.expect(429));
    pages
}

#[tokio::test]
async fn every_answer_carries_them() {
    for https in [false, true] {
        let app = if https {
            TestApp::with().base_url("https://hikae.example").start().await
        } else {
            TestApp::start().await
        };
        for page in answers(&app).await {
            let what = format!("{} {}", page.status, page.path);
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(page.header(name), Some(value), "{name} of {what}");
            }
            assert_eq!(page.header("strict-transport-security").is_some(), https, "HSTS of {what}");
            let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("no CSP at {what}"));
            for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
                assert!(policy.contains(part), "{part} is not in the CSP of {what}: {policy}");
            }
            for part in ["unsafe-inline", "unsafe-eval", "data:", "*", "http:", "https:"] {
                assert!(!policy.contains(part), "{part} in the CSP of {what}: {policy}");
            }
        }
    }
}

#[tokio::test]
async fn pages_are_not_stored_and_files_are() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for path in ["/account", "/account/two-factor", "/account/sessions", "/account/activity", "/account/profile"] {
        let page = person.browser.get(path).await.expect(200);
        assert!(page.header("cache-control").is_some_and(|value| value.contains("no-store")), "{path}");
    }
    let page = app.browser().get("/login").await.expect(200);
    assert!(page.header("cache-control").is_some_and(|value| value.contains("no-store")));
    let asset = page.attributes("link[rel=stylesheet]", "href").remove(0);
    let file = app.browser().get(&asset).await.expect(200);
    assert!(file.header("cache-control").is_some_and(|value| value.contains("immutable")), "{:?}", file.headers);
    assert!(file.headers.get("set-cookie").is_none());
}
