//! Every form of ours, and no form of anybody else's.

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::PASSWORD;

/// Every POST route of a visitor, with what would make it succeed.
const VISITOR: [(&str, &[(&str, &str)]); 7] = [
    ("/login", &[("email", "hanako@example.jp"), ("password", PASSWORD)]),
    ("/password-reset", &[("email", "hanako@example.jp")]),
    ("/password-reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &[("new_password", PASSWORD)]),
    ("/two-factor-release/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &[("password", PASSWORD)]),
    ("/two-factor-release-cancel/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &[]),
    ("/email-confirmation/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &[]),
    ("/language", &[("language", "en")]),
];
const PROVEN: [(&str, &[(&str, &str)]); 5] = [
    ("/login/code", &[("code", "123456")]),
    ("/login/extend", &[("back", "/login/code")]),
    ("/login/recovery/backup-code", &[("backup_code", "123456789")]),
    ("/login/recovery/release-request", &[]),
    ("/logout", &[]),
];
const SIGNED_IN: [(&str, &[(&str, &str)]); 18] = [
    ("/account/two-factor/setup", &[("password", PASSWORD)]),
    ("/account/two-factor/setup/confirm", &[("code", "123456")]),
    ("/account/two-factor/setup/extend", &[]),
    ("/account/two-factor/setup/cancel", &[]),
    ("/account/two-factor/backup-codes/reissue", &[("code", "123456")]),
    ("/account/two-factor/backup-codes/check", &[("password", PASSWORD), ("backup_code", "123456789")]),
    ("/account/two-factor/backup-codes/sheet", &[("sheet", "K7QM-2FXP")]),
    ("/account/two-factor/release", &[]),
    ("/account/sessions/1/end", &[]),
    ("/account/sessions/end-others", &[]),
    ("/account/office", &[("office", "1")]),
    ("/offices/1/two-factor", &[("required_from", "2026-12-01"), ("password", PASSWORD)]),
    ("/offices/1/two-factor/lift", &[("lift_password", PASSWORD)]),
    ("/account/profile", &[("name", "誰か"), ("language", "en"), ("time_zone", "Asia/Tokyo")]),
    ("/account/email", &[("email", "moved@example.jp"), ("password", PASSWORD)]),
    ("/account/password", &[("current_password", PASSWORD), ("new_password", "別の長い合言葉を選ぶ")]),
    ("/language", &[("language", "en")]),
    ("/logout", &[]),
];

fn fields(of: &[(&str, &str)], token: Option<&str>) -> Vec<(String, String)> {
    let token = token.map(|token| ("csrf_token".to_owned(), token.to_owned()));
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).chain(token).collect()
}

/// Tries every way in which a form can come from elsewhere.
async fn assert_refused(browser: &Browser, token: &str, foreign: &str, path: &str, of: &[(&str, &str)]) {
    for (what, wrong) in [("no token", None), ("an empty token", Some("")), ("a foreign token", Some(foreign))] {
        let page = browser.submit(path, &fields(of, wrong)).await;
        assert_eq!(page.status, 403, "{path} with {what}");
    }
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = browser.request(Method::POST, path).header(name, value);
        let page = request.form(&fields(of, Some(token))).send().await;
        assert_eq!(page.status, 403, "{path} with {name}: {value}");
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let page = browser.own(method.clone(), path).form(&fields(of, Some(token))).send().await;
        assert!(matches!(page.status, 403..=405), "{method} {path}: {}", page.status);
    }
}

#[tokio::test]
async fn no_post_of_a_member_passes_without_a_token_of_the_session_and_from_elsewhere() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let token = person.browser.get("/account").await.form("ログアウト");
    let token = token.value("csrf_token").expect("a token");
    let foreign = other.browser.get("/account").await.form("ログアウト");
    let foreign = foreign.value("csrf_token").expect("a token");
    let elsewhere = app.signed_in(&person).await;
    let state = person.browser.two_factor_state().await;
    let mails = app.mailbox.count(&person.member.email).await;
    for (path, of) in SIGNED_IN {
        assert_refused(&person.browser, token, foreign, path, of).await;
    }
    assert_eq!(person.browser.two_factor_state().await, state);
    assert!(person.browser.is_signed_in().await && elsewhere.is_signed_in().await);
    assert_eq!(app.mailbox.count(&person.member.email).await, mails);
    let page = person.browser.get("/account/profile").await.expect(200);
    assert_eq!(page.form("/account/profile").value("name"), Some("控 花子"));
    app.browser().sign_in(&person.member).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn no_post_of_a_visitor_or_of_a_stage_passes_either() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let foreign = person.browser.get("/account").await.form("ログアウト");
    let foreign = foreign.value("csrf_token").expect("a token");
    let visitor = app.browser();
    let token = visitor.get("/login").await.form("ログイン").value("csrf_token").expect("a token").to_owned();
    for (path, of) in VISITOR {
        assert_refused(&visitor, &token, foreign, path, of).await;
    }
    let stage = app.password_proven(&person.member).await;
    let token = stage.get("/login/code").await.form("認証").value("csrf_token").expect("a token").to_owned();
    for (path, of) in PROVEN {
        assert_refused(&stage, &token, foreign, path, of).await;
    }
    let code = app.fresh_code(&person.authenticator);
    stage.enter_security_code(&code).await.expect(303);
}

#[tokio::test]
async fn a_token_dies_with_its_session() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    let before = browser.get("/login").await.form("ログイン").value("csrf_token").expect("a token").to_owned();
    browser.sign_in(&member).await.expect(303);
    let page = browser.submit("/account/sessions/end-others", &fields(&[], Some(&before))).await;
    assert_eq!(page.status, 403, "a token that was planted before the sign-in still counts");
}

#[tokio::test]
async fn every_form_of_every_page_carries_a_token_and_posts_to_a_known_route() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let visitor = app.browser();
    let known: Vec<&str> = VISITOR.iter().chain(&PROVEN).chain(&SIGNED_IN).map(|(path, _)| *path).collect();
    for (browser, paths) in [
        (&visitor, vec!["/login", "/password-reset"]),
        (&stage, vec!["/login/code", "/login/recovery"]),
        (
            &person.browser,
            vec![
                "/account",
                "/account/profile",
                "/account/email",
                "/account/password",
                "/account/two-factor",
                "/account/two-factor/backup-codes/reissue",
                "/account/two-factor/backup-codes/check",
                "/account/sessions",
                "/account/activity",
            ],
        ),
    ] {
        for path in paths {
            let page = browser.get(path).await.expect(200);
            let methods = page.attributes("form", "method");
            let posts = methods.iter().filter(|method| method.eq_ignore_ascii_case("post")).count();
            let tokens = page.attributes("form[method=post] input[name=csrf_token]", "value");
            assert_eq!(posts, tokens.len(), "{path}");
            for action in page.attributes("form[method=post]", "action") {
                let action = action.split('?').next().unwrap_or_default().to_owned();
                let is_session = action.starts_with("/account/sessions/") && action.ends_with("/end");
                assert!(
                    is_session || action.is_empty() || known.contains(&action.as_str()),
                    "{action} is tested nowhere"
                );
            }
        }
    }
}

#[tokio::test]
async fn get_and_head_change_nothing() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    for (path, _) in SIGNED_IN {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let page = person.browser.request(method.clone(), path).send().await;
            assert!(page.status < 500, "{method} {path}: {}", page.status);
        }
    }
    assert!(person.browser.is_signed_in().await, "GET signed out");
    assert_eq!(person.browser.two_factor_state().await, state);
}
