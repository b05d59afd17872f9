//! Signing in and out with a password.

mod clock;
mod code;
mod costs;
mod counter;
mod earlier_sheets;
mod extension;
mod one_stage;
mod recovery;
mod stage;
mod strangers;
mod throttle;

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::PASSWORD;

#[tokio::test]
async fn a_member_without_two_factor_signs_in_with_the_password_alone() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();

    let page = browser.get("/login").await.expect(200);
    assert_eq!(page.h1(), "ログイン");
    assert!(page.text().contains("メールアドレス") && page.text().contains("パスワード"), "{}", page.text());
    assert!(page.attributes("a", "href").contains(&"/password-reset".to_owned()));
    browser.sign_in(&member).await.expect_redirect("/account");

    assert_eq!(browser.get("/account").await.expect(200).h1(), "ダッシュボード");
}

#[tokio::test]
async fn a_member_with_two_factor_is_asked_for_a_code_and_is_not_signed_in_yet() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.browser();
    browser.sign_in(&person.member).await.expect_redirect("/login/code");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn wrong_password_and_unknown_address_get_the_same_answer() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let person = app.protected_member().await;
    let wrong = app.browser().sign_in_with(&member.email, "まったく違うパスワード").await.expect(422);
    for (email, password) in [
        ("nobody@example.jp", PASSWORD),
        (person.member.email.as_str(), "まったく違うパスワード"),
        ("no address at all", PASSWORD),
        (member.email.as_str(), &"長".repeat(2_000)),
    ] {
        let browser = app.browser();
        let other = browser.sign_in_with(email, password).await.expect(422);
        assert_eq!(other.text(), wrong.text(), "{email:?}");
        assert!(!browser.is_signed_in().await, "{email:?}");
    }
}

#[tokio::test]
async fn an_unknown_address_costs_the_same_one_hash_as_a_wrong_password() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for email in [member.email.as_str(), "nobody@example.jp", "no address at all"] {
        let before = app.services.gate.made();
        app.browser().sign_in_with(email, "まったく違うパスワード").await.expect(422);
        assert_eq!(app.services.gate.made(), before + 1, "{email}");
    }
}

#[tokio::test]
async fn the_address_is_read_in_capitals_and_in_full_width() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let capitals = member.email.to_uppercase();
    let wide: String = member.email.chars().map(|c| if c == 'h' { 'ｈ' } else { c }).collect();
    for typed in [capitals, wide, format!(" {} ", member.email)] {
        app.browser().sign_in_with(&typed, &member.password).await.expect_redirect("/account");
    }
}

#[tokio::test]
async fn a_page_that_needs_a_sign_in_is_opened_after_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.browser();

    let sent_away = browser.get("/account/profile").await.expect(303);
    let login = browser.get(&sent_away.location().expect("a place")).await.expect(200);
    assert_eq!(login.h1(), "ログイン");
    let form = login.form("ログイン").fill("email", &person.member.email).fill("password", PASSWORD);
    let code_page = browser.follow(form.submit(&browser).await).await.expect(200);
    let code = app.fresh_code(&person.authenticator);
    code_page.form("認証").fill("code", &code).submit(&browser).await.expect_redirect("/account/profile");
}

#[tokio::test]
async fn nobody_is_sent_to_another_place_than_a_page_of_ours() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for next in [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example/",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,evil",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "%2F%2Fevil.example",
        "/..//evil.example",
        "evil.example",
        "/account\r\nX-Evil: evil",
        "",
    ] {
        let browser = app.browser();
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = browser.get(&format!("/login?{query}")).await.expect(200);
        let form = page.form("ログイン").fill("email", &member.email).fill("password", PASSWORD);
        form.submit(&browser).await.expect_redirect("/account");
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let cookies = browser.cookies();

    let page = browser.sign_out().await.expect(303);
    assert!(page.location().expect("a place").starts_with("/login"), "{:?}", page.location());
    browser.plant_cookies(cookies);
    assert!(!browser.is_signed_in().await, "the cookie of an ended session signs in again");
}

#[tokio::test]
async fn leaving_between_password_and_code_ends_the_stage() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let cookies = browser.cookies();
    let page = browser.get("/login/code").await.expect(200);
    let token = page.form("認証").value("csrf_token").expect("a token").to_owned();
    browser.submit("/logout", &[("csrf_token".into(), token)]).await.expect(303);

    browser.plant_cookies(cookies);
    browser.get("/login/code").await.expect_redirect("/login");
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_and_locks_nobody_else_out() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").start().await;
    let person = app.protected_member().await;
    let guesser = app.browser().with_header("x-forwarded-for", "203.0.113.66");
    let mut refused = None;
    for guess in 0..200 {
        let page = guesser.sign_in_with(&person.member.email, &format!("当てずっぽう{guess}")).await;
        if page.status == 429 {
            refused = Some(page);
            break;
        }
        page.expect(422);
    }
    let refused = refused.expect("two hundred guesses from one address are too many");
    let wait: i64 = refused.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!(wait > 0);
    guesser.sign_in(&person.member).await.expect(429);

    let owner = app.browser().with_header("x-forwarded-for", "198.51.100.7");
    owner.sign_in(&person.member).await.expect_redirect("/login/code");
    let code = app.fresh_code(&person.authenticator);
    owner.enter_security_code(&code).await.expect(303);

    app.turn(Seconds(wait));
    guesser.sign_in(&person.member).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn a_planted_session_is_not_adopted() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let attacker = app.browser();
    attacker.get("/login").await.expect(200);
    let planted = attacker.cookies();
    let victim = app.browser();
    victim.plant_cookies(planted.clone());
    victim.sign_in(&member).await.expect(303);
    assert!(victim.is_signed_in().await);
    assert_ne!(victim.cookies(), planted);
    assert!(!attacker.is_signed_in().await, "the attacker's cookie has become the victim's session");

    let (name, _) = victim.session_cookie().expect("a session");
    let invented: Browser = app.browser();
    let value = "A".repeat(64);
    invented.plant_cookies([(name, value.clone())].into());
    invented.sign_in(&member).await;
    assert_ne!(invented.session_cookie().map(|(_, value)| value), Some(value));
}

#[tokio::test]
async fn every_step_up_changes_the_session_and_kills_the_one_before() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.browser();
    browser.get("/login").await.expect(200);
    let visitor = browser.session_cookie();
    browser.sign_in(&person.member).await.expect_redirect("/login/code");
    let proven = browser.session_cookie();
    let proven_cookies = browser.cookies();
    let code = app.fresh_code(&person.authenticator);
    browser.enter_security_code(&code).await.expect(303);
    let complete = browser.session_cookie();
    assert!(proven.is_some() && complete.is_some());
    assert!(visitor != proven && proven != complete && visitor != complete);

    let old = app.browser();
    old.plant_cookies(proven_cookies);
    assert!(!old.is_signed_in().await);
    old.get("/login/code").await.expect_redirect("/login");
}
