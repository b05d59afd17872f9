//! Hostile bodies: a clean refusal, and nothing changed.

use reqwest::Method;

use crate::support::app::TestApp;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn duplicate_extra_and_broken_fields_are_refused() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let token = stage.get("/login/code").await.form("認証").value("csrf_token").expect("a token").to_owned();
    let code = app.fresh_code(&person.authenticator);
    for body in [
        format!("csrf_token={token}&code={code}&code={code}"),
        format!("csrf_token={token}&code=000000&code={code}"),
        format!("csrf_token={token}&code={code}&user=1"),
        format!("csrf_token={token}&code={code}&password=x"),
        format!("csrf_token={token}&code[]={code}"),
        format!("csrf_token={token}&csrf_token={token}&code={code}"),
        format!("csrf_token={token}&code=%ff%fe{code}"),
        format!("csrf_token={token}&code=%zz"),
        format!("csrf_token={token}&{}code={code}", "a=b&".repeat(2_000)),
        format!("{{\"csrf_token\":\"{token}\",\"code\":\"{code}\"}}"),
    ] {
        let page = stage.own(Method::POST, "/login/code").body(FORM, body.clone()).send().await;
        assert!((400..500).contains(&page.status), "{} for {}", page.status, &body[..body.len().min(120)]);
        assert!(!stage.is_signed_in().await);
    }
    let mut bytes = format!("csrf_token={token}&code=").into_bytes();
    bytes.extend([0xff, 0xfe, 0x00]);
    let page = stage.own(Method::POST, "/login/code").body(FORM, bytes).send().await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    stage.enter_security_code(&code).await.expect(303);
}

#[tokio::test]
async fn a_charset_and_capitals_in_the_content_type_pass() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    let form =
        browser.get("/login").await.form("ログイン").fill("email", &member.email).fill("password", &member.password);
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(form.fields.clone()).finish();
    let content_type = "Application/X-WWW-Form-URLencoded; charset=UTF-8";
    browser.own(Method::POST, "/login").body(content_type, body).send().await.expect_redirect("/account");
}

#[tokio::test]
async fn control_characters_in_input_forge_no_log_line() {
    let app = TestApp::start().await;
    let marker = "GEFAELSCHT-ZEILE";
    let browser = app.browser();
    let forged = format!("a\r\n2026-11-22T00:00:00Z  INFO {marker}\u{1b}[31m");
    browser.sign_in_with(&forged, "x").await.expect(422);
    browser.get(&format!("/x%0d%0aINFO%20{marker}")).await;
    browser.clone().with_header("user-agent", &format!("x\t{marker}")).get("/login").await;
    for line in String::from_utf8_lossy(&crate::support::logs::kept()).lines() {
        assert!(!line.trim_start().starts_with("INFO GEF") && !line.starts_with(marker), "{line}");
        assert!(!line.contains(&format!("{marker}\u{1b}[31m")), "a terminal would obey: {line:?}");
    }
}

#[tokio::test]
async fn very_long_headers_and_addresses_are_refused_cleanly() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for size in [2_000, 9_000] {
        let page = browser.get(&format!("/login?next=/{}", "a".repeat(size))).await;
        assert!(page.status < 500, "{}", page.status);
    }
    let page = browser.clone().with_header("accept-language", &"ja,".repeat(3_000)).get("/login").await;
    assert!(page.status < 500, "{}", page.status);
    let page = browser.clone().with_header("user-agent", &"x".repeat(8_000)).get("/login").await;
    assert!(page.status < 500, "{}", page.status);
}
