//! When a release link is dead, and on whom it never acts.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::members::{PASSWORD, Protected};
use crate::support::page::Form;

const PREFIX: &str = "/two-factor-release/";
const NEW_PASSWORD: &str = "別の長い合言葉を選ぶ";

/// Asks for a release; gives the link's path and its form, as opened in a new browser.
async fn asked(app: &TestApp, person: &Protected) -> (String, crate::support::browser::Browser, Form) {
    person.browser.request_release().await;
    let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path(PREFIX);
    let browser = app.browser();
    let form = browser.get(&path).await.expect(200).form(&path);
    (path, browser, form)
}

/// Neither the page nor a form opened before releases anything any more.
async fn assert_dead(
    app: &TestApp,
    person: &Protected,
    password: &str,
    link: &(String, crate::support::browser::Browser, Form),
) {
    let (path, browser, form) = link;
    let page = app.browser().get(path).await;
    assert!((400..500).contains(&page.status), "{} for a dead link", page.status);
    assert!(!page.has_form(path));
    let page = form.clone().fill("password", password).submit(browser).await;
    assert!((400..500).contains(&page.status), "{} for a dead link", page.status);
    app.browser().sign_in_with(&person.member.email, password).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn after_thirty_minutes_it_is_dead() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let link = asked(&app, &person).await;
    app.turn(Seconds::minutes(30));
    assert_dead(&app, &person, PASSWORD, &link).await;
}

#[tokio::test]
async fn just_before_thirty_minutes_it_lives() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let (_, browser, form) = asked(&app, &person).await;
    app.turn(Seconds(30 * 60 - 1));
    form.fill("password", PASSWORD).submit(&browser).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn after_its_use_it_is_dead() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let link = asked(&app, &person).await;
    link.2.clone().fill("password", PASSWORD).submit(&link.1).await;
    app.turn(Seconds(60));
    let anew = app.protect(person.member.clone()).await;
    assert_dead(&app, &anew, PASSWORD, &link).await;
}

#[tokio::test]
async fn only_the_newest_lives() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let older = asked(&app, &person).await;
    app.turn(Seconds(90));
    let newer = asked(&app, &person).await;
    assert_ne!(older.0, newer.0);
    assert_dead(&app, &person, PASSWORD, &older).await;
    newer.2.fill("password", PASSWORD).submit(&newer.1).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn the_cancel_link_of_the_mail_kills_it_and_tells_the_owner() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let link = asked(&app, &person).await;
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    let cancel = mail.path("/two-factor-release-cancel/");
    let browser = app.browser();
    for _ in 0..2 {
        browser.get(&cancel).await.expect(200);
    }
    assert_eq!(browser.request(reqwest::Method::HEAD, &cancel).send().await.status, 200);
    app.browser().get(&link.0).await.expect(200);

    let before = app.mailbox.count(&person.member.email).await;
    let form = browser.get(&cancel).await.expect(200).form(&cancel);
    let page = form.submit(&browser).await;
    assert!(page.status < 400, "{}", page.text());
    assert_dead(&app, &person, PASSWORD, &link).await;
    assert_eq!(app.mailbox.count(&person.member.email).await, before + 1);
    let page = app.browser().get(&cancel).await;
    assert!((400..500).contains(&page.status), "a cancel link works once: {}", page.status);
}

#[tokio::test]
async fn the_cancel_link_releases_nothing_and_the_release_link_cancels_nothing() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let (path, browser, form) = asked(&app, &person).await;
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    let cancel = mail.path("/two-factor-release-cancel/");
    let swapped = cancel.replace("/two-factor-release-cancel/", PREFIX);
    let page = browser.get(&swapped).await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    let mut forged = form.clone().fill("password", PASSWORD);
    forged.action = swapped;
    assert!((400..500).contains(&forged.submit(&browser).await.status));
    let page = browser.get(&path.replace(PREFIX, "/two-factor-release-cancel/")).await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    app.browser().sign_in(&person.member).await.expect_redirect("/login/code");
    form.fill("password", PASSWORD).submit(&browser).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_change_of_password_kills_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let link = asked(&app, &person).await;
    let page = person.browser.get("/account/password").await.expect(200);
    let form = page.form("/account/password").fill("current_password", PASSWORD).fill("new_password", NEW_PASSWORD);
    form.submit(&person.browser).await;
    assert_dead(&app, &person, NEW_PASSWORD, &link).await;
}

#[tokio::test]
async fn a_change_of_address_kills_it() {
    let app = TestApp::start().await;
    let mut person = app.protected_member().await;
    let link = asked(&app, &person).await;
    let page = person.browser.get("/account/email").await.expect(200);
    let form = page.form("/account/email").fill("email", "moved@example.jp").fill("password", PASSWORD);
    form.submit(&person.browser).await;
    let path = app.mailbox.newest("moved@example.jp", "メールアドレス").await.path("/email-confirmation/");
    person.browser.get(&path).await.expect(200).form(&path).submit(&person.browser).await;
    "moved@example.jp".clone_into(&mut person.member.email);
    assert_dead(&app, &person, PASSWORD, &link).await;
}

#[tokio::test]
async fn setting_up_anew_kills_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let link = asked(&app, &person).await;
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let form = page.form("/account/two-factor/setup").fill("password", PASSWORD);
    let code = app.fresh_code(&person.authenticator);
    form.fill("code", &code).submit(&person.browser).await.expect_redirect("/account/two-factor/setup");
    let page = person.browser.get("/account/two-factor/setup").await.expect(200);
    let new = crate::support::authenticator::Authenticator::from_text(&page.all(".key-text").concat());
    let code = app.fresh_code(&new);
    person.browser.confirm_set_up(&code).await.expect(200);
    assert_dead(&app, &person, PASSWORD, &link).await;
}

#[tokio::test]
async fn a_password_reset_kills_it_and_blocks_new_ones_for_a_day() {
    let app = TestApp::start().await;
    let mut person = app.protected_member().await;
    let link = asked(&app, &person).await;
    let browser = app.browser();
    let page = browser.get("/password-reset").await.expect(200);
    page.form("/password-reset").fill("email", &person.member.email).submit(&browser).await;
    let path = app.mailbox.newest(&person.member.email, "パスワード").await.path("/password-reset/");
    let page = browser.get(&path).await.expect(200);
    page.form(&path).fill("new_password", NEW_PASSWORD).submit(&browser).await;
    NEW_PASSWORD.clone_into(&mut person.member.password);
    assert_dead(&app, &person, NEW_PASSWORD, &link).await;

    for code in [0, 1] {
        let browser = app.password_proven(&person.member).await;
        browser.enter_backup_code(&person.codes[code]).await.expect(303);
        let before = app.mailbox.count(&person.member.email).await;
        let page = browser.get("/account/two-factor").await.expect(200);
        if page.has_form("二要素認証解除メールを送信") {
            let page = page.form("二要素認証解除メールを送信").submit(&browser).await;
            assert!((400..500).contains(&page.status), "{}", page.status);
        } else {
            let token = page.form("ログアウト").value("csrf_token").expect("a token").to_owned();
            let page = browser.submit("/account/two-factor/release", &[("csrf_token".to_owned(), token)]).await;
            assert!((400..500).contains(&page.status), "{}", page.status);
        }
        assert_eq!(app.mailbox.count(&person.member.email).await, before, "a link was sent");
        app.turn(Seconds::hours(11));
    }
    app.turn(Seconds::hours(3));
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[2]).await.expect(303);
    browser.request_release().await;
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    app.browser().release(&mail.path(PREFIX), NEW_PASSWORD).await;
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn opened_while_another_member_is_signed_in_it_acts_on_nobody() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let (path, _, form) = asked(&app, &person).await;
    let page = other.browser.get(&path).await;
    if page.has_form(&path) {
        page.form(&path).fill("password", PASSWORD).submit(&other.browser).await;
    } else {
        let own = other.browser.get("/account").await.form("ログアウト");
        let token = own.value("csrf_token").expect("a token");
        let mut forged = form.clone().forge("csrf_token", token).fill("password", PASSWORD);
        forged.action.clone_from(&path);
        forged.submit(&other.browser).await;
    }
    for (member, code) in [(&person, 0), (&other, 0)] {
        app.password_proven(&member.member).await.enter_backup_code(&member.codes[code]).await.expect(303);
    }
    assert!(other.browser.is_signed_in().await);
}

#[tokio::test]
async fn an_invented_link_is_no_link() {
    let app = TestApp::start().await;
    let invented = "A".repeat(43);
    for token in [invented.as_str(), "short", "%00", "..", &"A".repeat(5_000)] {
        for prefix in [PREFIX, "/two-factor-release-cancel/", "/password-reset/", "/email-confirmation/"] {
            let page = app.browser().get(&format!("{prefix}{token}")).await;
            assert!((300..500).contains(&page.status), "{} for {prefix}{token}", page.status);
            assert!(page.attributes("input[type=password]", "name").is_empty());
        }
    }
}
