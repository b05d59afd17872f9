//! What the session's cookie may and may not.

use reqwest::header::SET_COOKIE;

use crate::support::app::TestApp;
use crate::support::page::Page;

fn set_cookies(page: &Page) -> Vec<String> {
    page.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().expect("ASCII").to_owned()).collect()
}

fn attributes(cookie: &str) -> Vec<String> {
    cookie.split(';').skip(1).map(|part| part.trim().to_lowercase()).collect()
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_this_host_and_to_tls() {
    let app = TestApp::with().base_url("https://hikae.example").start().await;
    let person = app.protected_member().await;
    let browser = app.browser();
    let pages = [
        browser.get("/login").await,
        browser.sign_in(&person.member).await.expect_redirect("/login/code"),
        browser.enter_security_code(&app.fresh_code(&person.authenticator)).await.expect(303),
    ];
    let left = browser.request_release().await.expect(303);
    let taken = browser.get("/account/two-factor").await.expect(200);
    let cookies: Vec<String> = pages.iter().chain([&left, &taken]).flat_map(set_cookies).collect();
    assert_eq!(cookies.iter().filter(|cookie| cookie.starts_with("__Host-hikae-notice=")).count(), 2, "{cookies:?}");
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        let attributes = attributes(&cookie);
        for wanted in ["secure", "httponly", "samesite=lax", "path=/"] {
            assert!(attributes.contains(&wanted.to_owned()), "{wanted} is missing: {cookie}");
        }
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")), "{cookie}");
    }
    assert!(browser.is_signed_in().await);
    assert!(browser.cookies().keys().all(|name| name.starts_with("__Host-")));
}

#[tokio::test]
async fn without_tls_the_cookie_is_still_closed_to_script_and_to_other_sites() {
    let app = TestApp::start().await;
    let cookies = set_cookies(&app.browser().get("/login").await);
    assert!(!cookies.is_empty());
    for cookie in cookies {
        let attributes = attributes(&cookie);
        assert!(
            attributes.contains(&"httponly".to_owned()) && attributes.contains(&"samesite=lax".to_owned()),
            "{cookie}"
        );
        assert!(!attributes.contains(&"secure".to_owned()), "a browser would drop it: {cookie}");
    }
}

#[tokio::test]
async fn an_invented_notice_is_none_and_goes() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for invented in ["", "x", "IjxzY3JpcHQ-Ig", "%00", &"A".repeat(4_000)] {
        browser.plant_cookies([("hikae-notice".to_owned(), invented.to_owned())].into());
        let page = browser.get("/login").await.expect(200);
        assert_eq!(page.notice(), "", "{invented}");
        assert!(!browser.cookies().contains_key("hikae-notice"), "{invented}");
    }
}

#[tokio::test]
async fn a_changed_or_invented_cookie_is_nobody() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let (name, value) = browser.session_cookie().expect("a session");
    let mut flipped = value.clone().into_bytes();
    let last = flipped.len() - 1;
    flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).expect("ASCII");
    for wrong in [flipped, value[..value.len() / 2].to_owned(), "A".repeat(4_000), "%00".to_owned(), "x".to_owned()] {
        let other = app.browser();
        other.plant_cookies([(name.clone(), wrong.clone())].into());
        let page = other.get("/account").await;
        assert!((300..500).contains(&page.status), "{} for {wrong}", page.status);
        assert!(!other.is_signed_in().await);
    }
    assert!(browser.is_signed_in().await);
}
