//! A forgotten password: a new one by mail, which never touches the second factor.

use std::time::Duration;

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::PASSWORD;
use crate::support::page::Page;
use crate::support::smtp::{Mood, SmtpSink};

const PATH: &str = "/password-reset";
const LINK: &str = "/password-reset/";
const NEW: &str = "別の長い合言葉を選ぶ";

async fn ask(browser: &Browser, email: &str) -> Page {
    let page = browser.get(PATH).await.expect(200);
    page.form(PATH).fill("email", email).submit(browser).await
}

async fn link(app: &TestApp, email: &str) -> String {
    ask(&app.browser(), email).await;
    app.mailbox.newest(email, "パスワード").await.path(LINK)
}

async fn reset(browser: &Browser, path: &str, password: &str) -> Page {
    let page = browser.get(path).await.expect(200);
    page.form(path).fill("new_password", password).submit(browser).await
}

#[tokio::test]
async fn the_link_sets_a_new_password_and_ends_all_sessions() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let signed_in = app.browser();
    signed_in.sign_in(&member).await.expect(303);
    let path = link(&app, &member.email).await;
    let browser = app.browser();
    let page = reset(&browser, &path, NEW).await;
    assert!(page.status < 400, "{}", page.text());

    assert!(!signed_in.is_signed_in().await);
    assert!(!browser.is_signed_in().await, "a reset signs nobody in");
    app.browser().sign_in(&member).await.expect(422);
    app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
    app.mailbox.newest(&member.email, "再設定しました").await;
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::start().await;
    let (member, person) = (app.member().await, app.protected_member().await);
    let mut answers = Vec::new();
    for email in [member.email.as_str(), person.member.email.as_str(), "nobody@example.jp", "no address"] {
        let browser = app.browser();
        let page = ask(&browser, email).await;
        let status = page.status;
        answers.push((status, browser.follow(page).await.text().replace(email, "…")));
    }
    assert!(answers[..3].iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert!(answers[3].0 == 422 || answers[3] == answers[0], "{:?}", answers[3]);
    assert_eq!(app.mailbox.count("nobody@example.jp").await, 0);
}

#[tokio::test]
async fn neither_a_known_nor_an_unknown_address_waits_for_a_hash_or_for_a_mail_server() {
    let sink = SmtpSink::start(Mood::Hangs);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let member = app.member().await;
    for email in [member.email.as_str(), "nobody@example.jp"] {
        let hashes = app.services.gate.made();
        let answer = tokio::time::timeout(Duration::from_secs(8), ask(&app.browser(), email)).await;
        assert!(answer.expect("the answer waits for the mail server").status < 400, "{email}");
        assert_eq!(app.services.gate.made(), hashes, "{email}");
    }
}

#[tokio::test]
async fn looking_at_the_link_consumes_nothing_and_a_weak_password_neither() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let path = link(&app, &member.email).await;
    let browser = app.browser();
    for _ in 0..3 {
        browser.get(&path).await.expect(200);
        assert_eq!(browser.request(reqwest::Method::HEAD, &path).send().await.status, 200);
    }
    for weak in ["", "short7!", "password", &member.email] {
        let page = reset(&browser, &path, weak).await.expect(422);
        assert!(!page.errors().is_empty(), "{weak:?}");
    }
    app.browser().sign_in(&member).await.expect_redirect("/account");
    reset(&browser, &path, NEW).await;
    app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_link_works_once_for_half_an_hour_and_only_the_newest() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let first = link(&app, &member.email).await;
    app.turn(Seconds(90));
    let second = link(&app, &member.email).await;
    assert!((400..500).contains(&app.browser().get(&first).await.status), "a newer one exists");
    let browser = app.browser();
    let form = browser.get(&second).await.expect(200).form(&second);
    app.turn(Seconds::minutes(30));
    assert!((400..500).contains(&app.browser().get(&second).await.status), "half an hour is over");
    let page = form.fill("new_password", NEW).submit(&browser).await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    app.browser().sign_in(&member).await.expect_redirect("/account");

    app.turn(Seconds::hours(2));
    let third = link(&app, &member.email).await;
    let form = browser.get(&third).await.expect(200).form(&third);
    form.clone().fill("new_password", NEW).submit(&browser).await;
    let page = form.fill("new_password", "もうひとつの合言葉です").submit(&browser).await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
}

#[tokio::test]
async fn the_second_factor_stays_as_it_is() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = link(&app, &person.member.email).await;
    reset(&app.browser(), &path, NEW).await;
    let browser = app.browser();
    browser.sign_in_with(&person.member.email, NEW).await.expect_redirect("/login/code");
    assert!(!browser.is_signed_in().await);
    let code = app.fresh_code(&person.authenticator);
    browser.enter_security_code(&code).await.expect(303);
    let page = browser.get("/account/two-factor").await.expect(200);
    assert!(page.text().contains("第1回") && page.all(".mark--used").is_empty(), "{}", page.text());
}

#[tokio::test]
async fn a_change_of_password_or_address_kills_the_link() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let path = link(&app, &member.email).await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    form.fill("current_password", PASSWORD).fill("new_password", NEW).submit(&browser).await.expect(303);
    assert!((400..500).contains(&app.browser().get(&path).await.status));

    let other = app.member().await;
    let path = link(&app, &other.email).await;
    let browser = app.browser();
    browser.sign_in(&other).await.expect(303);
    let form = browser.get("/account/email").await.expect(200).form("/account/email");
    form.fill("email", "moved2@example.jp").fill("password", PASSWORD).submit(&browser).await;
    let confirm = app.mailbox.newest("moved2@example.jp", "メールアドレス").await.path("/email-confirmation/");
    browser.get(&confirm).await.expect(200).form(&confirm).submit(&browser).await;
    assert!((400..500).contains(&app.browser().get(&path).await.status));
}

#[tokio::test]
async fn mails_are_limited_for_each_address_and_each_client() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").start().await;
    let member = app.member().await;
    for n in 0..20 {
        let browser = app.browser().with_header("x-forwarded-for", &format!("203.0.113.{n}"));
        let page = ask(&browser, &member.email).await;
        assert!(page.status < 500);
    }
    let mails = app.mailbox.count(&member.email).await;
    assert!((1..15).contains(&mails), "{mails} mails to one address");

    let mut limited = false;
    for n in 0..150 {
        let browser = app.browser().with_header("x-forwarded-for", "198.51.100.9");
        limited |= ask(&browser, &format!("nobody{n}@example.jp")).await.status == 429;
    }
    assert!(limited, "one client asked for a hundred and fifty mails");
}
