//! Changing the mail address: confirmed by a link to the new one, told to the old one.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::PASSWORD;
use crate::support::page::Page;

const PATH: &str = "/account/email";
const LINK: &str = "/email-confirmation/";

async fn ask(browser: &Browser, email: &str, password: &str) -> Page {
    let page = browser.get(PATH).await.expect(200);
    page.form(PATH).fill("email", email).fill("password", password).submit(browser).await
}

async fn confirm(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await.expect(200);
    page.form(path).submit(browser).await
}

#[tokio::test]
async fn the_link_in_the_new_mailbox_changes_it_and_both_are_told() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = ask(&browser, "atarashii@example.jp", PASSWORD).await;
    let page = browser.follow(page).await.expect(200);
    assert!(!page.notice().is_empty());
    assert_eq!(app.mailbox.count(&member.email).await, 1, "the old address is told");
    app.browser().sign_in_with("atarashii@example.jp", PASSWORD).await.expect(422);

    let mail = app.mailbox.newest("atarashii@example.jp", "メールアドレス").await;
    let path = mail.path(LINK);
    for _ in 0..2 {
        browser.get(&path).await.expect(200);
    }
    assert_eq!(browser.request(reqwest::Method::HEAD, &path).send().await.status, 200);
    app.browser().sign_in_with("atarashii@example.jp", PASSWORD).await.expect(422);
    let page = confirm(&browser, &path).await;
    assert!(page.status < 400, "{}", page.text());
    app.browser().sign_in_with("atarashii@example.jp", PASSWORD).await.expect_redirect("/account");
    app.browser().sign_in(&member).await.expect(422);
    assert_eq!(app.mailbox.count(&member.email).await, 2, "the old address is told that it is done");
    assert_eq!(app.mailbox.count("atarashii@example.jp").await, 2);
    let page = app.browser().get(&path).await;
    assert!((400..500).contains(&page.status), "a link works once: {}", page.status);
}

#[tokio::test]
async fn the_password_is_needed() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    for password in ["", "まったく違うパスワード"] {
        let page = ask(&browser, "atarashii@example.jp", password).await.expect(422);
        assert!(!page.errors().is_empty());
    }
    assert_eq!(app.mailbox.count("atarashii@example.jp").await, 0);
    assert_eq!(app.mailbox.count(&member.email).await, 0);
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let long = format!("{}@example.jp", "a".repeat(300));
    for email in ["", "no address", "a@b.jp\r\nBcc: c@example.jp", "@example.jp", "a@", &long, &member.email] {
        let page = ask(&browser, email, PASSWORD).await.expect(422);
        assert!(!page.errors().is_empty(), "{email:?}");
    }
    assert_eq!(app.mailbox.count("c@example.jp").await, 0);
}

#[tokio::test]
async fn a_taken_address_gets_the_same_answer_and_its_owner_a_mail_without_a_link() {
    let app = TestApp::start().await;
    let (member, other) = (app.member().await, app.member().await);
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let free = ask(&browser, "atarashii@example.jp", PASSWORD).await;
    let free = (free.status, browser.follow(free).await.text().replace("atarashii@example.jp", "…"));
    let taken = ask(&browser, &other.email, PASSWORD).await;
    let taken = (taken.status, browser.follow(taken).await.text().replace(&other.email, "…"));
    assert_eq!(free, taken);
    let mails = app.mailbox.to(&other.email).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].links().iter().all(|link| !link.contains(LINK)), "{}", mails[0].text);
    app.browser().sign_in(&other).await.expect_redirect("/account");
}

#[tokio::test]
async fn an_address_taken_in_the_meantime_stays_with_who_took_it() {
    let app = TestApp::start().await;
    let (first, second) = (app.member().await, app.member().await);
    let (one, two) = (app.browser(), app.browser());
    one.sign_in(&first).await.expect(303);
    two.sign_in(&second).await.expect(303);
    ask(&one, "atarashii@example.jp", PASSWORD).await;
    let earlier = app.mailbox.newest("atarashii@example.jp", "メールアドレス").await.path(LINK);
    ask(&two, "atarashii@example.jp", PASSWORD).await;
    let mails = app.mailbox.to("atarashii@example.jp").await;
    let later = mails.iter().map(|mail| mail.path(LINK)).find(|path| *path != earlier).expect("a second link");
    confirm(&one, &earlier).await;
    let page = two.get(&later).await;
    if page.has_form(&later) {
        let page = page.form(&later).submit(&two).await;
        assert!((400..500).contains(&page.status), "{}", page.status);
    }
    app.browser().sign_in(&second).await.expect_redirect("/account");
}

#[tokio::test]
async fn the_link_dies_after_a_day_and_by_a_newer_one() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    ask(&browser, "ichi@example.jp", PASSWORD).await;
    let first = app.mailbox.newest("ichi@example.jp", "メールアドレス").await.path(LINK);
    app.turn(Seconds(90));
    ask(&browser, "ni@example.jp", PASSWORD).await;
    let second = app.mailbox.newest("ni@example.jp", "メールアドレス").await.path(LINK);
    assert!((400..500).contains(&app.browser().get(&first).await.status), "a newer one exists");
    app.browser().get(&second).await.expect(200);
    app.turn(Seconds::hours(24));
    assert!((400..500).contains(&app.browser().get(&second).await.status), "a day is over");
    app.browser().sign_in(&member).await.expect_redirect("/account");
}

#[tokio::test]
async fn one_account_cannot_mail_strangers_without_end_from_wherever_it_asks() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let mut limited = false;
    for n in 0..40 {
        let elsewhere = browser.clone().with_header("x-forwarded-for", &format!("203.0.113.{n}"));
        limited |= ask(&elsewhere, &format!("stranger{n}@example.jp"), PASSWORD).await.status == 429;
    }
    assert!(limited, "forty strangers got a mail each, and the member forty announcements");
}
