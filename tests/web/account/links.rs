//! When a mailed link of the account dies, and on whom it acts.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{Member, PASSWORD};

const NEW_PASSWORD: &str = "別の長い合言葉を選ぶ";

/// Asks for another address; the path of the link that confirms it.
async fn confirmation(app: &TestApp, browser: &Browser, new: &str) -> String {
    let form = browser.get("/account/email").await.expect(200).form("/account/email");
    form.fill("email", new).fill("password", PASSWORD).submit(browser).await.expect(303);
    app.mailbox.newest(new, "メールアドレス").await.path("/email-confirmation/")
}

/// Asks for a new password; the path of the link that sets it.
async fn reset(app: &TestApp, member: &Member) -> String {
    let browser = app.browser();
    let form = browser.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.email).submit(&browser).await.expect(200);
    app.mailbox.newest(&member.email, "パスワード").await.path("/password-reset/")
}

async fn assert_dead(app: &TestApp, path: &str) {
    let page = app.browser().get(path).await.expect(410);
    assert!(!page.has_form(path));
}

#[tokio::test]
async fn a_change_of_password_kills_the_link_that_would_change_the_address() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let path = confirmation(&app, &browser, "tori@example.jp").await;
    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    let form = form.fill("current_password", PASSWORD).fill("new_password", NEW_PASSWORD);
    form.submit(&browser).await.expect(303);
    assert_dead(&app, &path).await;
}

#[tokio::test]
async fn a_password_reset_kills_the_link_that_would_change_the_address() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let path = confirmation(&app, &browser, "inu@example.jp").await;
    let visitor = app.browser();
    let link = reset(&app, &member).await;
    let form = visitor.get(&link).await.expect(200).form(&link);
    form.fill("new_password", NEW_PASSWORD).submit(&visitor).await.expect(303);
    assert_dead(&app, &path).await;
}

#[tokio::test]
async fn a_release_kills_the_link_that_would_change_the_address() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = confirmation(&app, &person.browser, "saru@example.jp").await;
    app.browser().get(&path).await.expect(200);
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    assert_dead(&app, &path).await;
}

#[tokio::test]
async fn a_new_address_blocks_release_by_mail_for_a_day() {
    let app = TestApp::start().await;
    let mut person = app.protected_member().await;
    let path = confirmation(&app, &person.browser, "saru@example.jp").await;
    person.browser.get(&path).await.expect(200).form(&path).submit(&person.browser).await.expect(200);
    "saru@example.jp".clone_into(&mut person.member.email);
    let token = person.browser.get("/account").await.form("ログアウト");
    let fields = [("csrf_token".to_owned(), token.value("csrf_token").expect("a token").to_owned())];
    person.browser.submit("/account/two-factor/release", &fields).await.expect(422);
    app.turn(Seconds::hours(24));
    let browser = app.signed_in(&person).await;
    browser.request_release().await.expect(303);
    app.mailbox.newest("saru@example.jp", "二要素認証の解除").await.path("/two-factor-release/");
}

#[tokio::test]
async fn links_act_on_whom_they_were_mailed_to_and_never_on_who_is_signed_in() {
    let app = TestApp::start().await;
    let (member, forgetful, reader) = (app.member().await, app.member().await, app.member().await);
    let (browser, theirs) = (app.browser(), app.browser());
    browser.sign_in(&member).await.expect(303);
    theirs.sign_in(&reader).await.expect(303);
    let path = confirmation(&app, &browser, "kiji@example.jp").await;
    let page = theirs.get(&path).await;
    if page.has_form(&path) {
        page.form(&path).submit(&theirs).await;
    }
    let link = reset(&app, &forgetful).await;
    let page = theirs.get(&link).await;
    if page.has_form(&link) {
        page.form(&link).fill("new_password", NEW_PASSWORD).submit(&theirs).await;
    }
    app.browser().sign_in(&reader).await.expect_redirect("/account");
    app.browser().sign_in_with(&reader.email, NEW_PASSWORD).await.expect(422);
}

/// Whoever sets up anew because of an intruder leaves the intruder no link that still acts.
#[tokio::test]
async fn a_set_up_kills_the_links_that_would_change_address_or_password() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let path = confirmation(&app, &browser, "saru@example.jp").await;
    let link = reset(&app, &member).await;
    let authenticator = browser.start_set_up(PASSWORD).await;
    // Not yet: a set-up that is never confirmed changes nothing.
    browser.get(&path).await.expect(200);
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
    assert_dead(&app, &path).await;
    assert_dead(&app, &link).await;
}
