//! Answers to requests of before a sign-in or a fresh proof, that reach the browser after it: a form sent
//! twice, another tab that was slow. They do nothing, and do not sign the browser out (SC-30).

use super::sign_in_form;
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{PASSWORD, Protected};
use crate::support::page::{Form, Page};

const OVERLAPPED: &str = "この送信は受け付けられませんでした";
const REISSUE: &str = "/account/two-factor/backup-codes/reissue";

/// Another window of the browser as it is now: what it sends goes with the cookies of this moment.
fn window(app: &TestApp, browser: &Browser) -> Browser {
    let window = app.browser();
    window.plant_cookies(browser.cookies());
    window
}

async fn reissue(app: &TestApp, person: &Protected) -> Page {
    let page = person.browser.reissue(&app.fresh_code(&person.authenticator)).await.expect(200);
    assert_eq!(page.codes().len(), 10);
    page
}

async fn profile_form(browser: &Browser) -> Form {
    browser.get("/account/profile").await.expect(200).form("/account/profile").fill("name", "別の名前")
}

#[tokio::test]
async fn a_form_of_before_a_fresh_proof_does_nothing_says_so_and_signs_nobody_out() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let name = || app.database.lines("SELECT name AS line FROM users");
    let before = name();
    let (late, form) = (window(&app, &person.browser), profile_form(&person.browser).await);
    reissue(&app, &person).await;

    let answer = form.submit(&late).await.expect_redirect("/login?next=%2Faccount%2Fprofile");
    person.browser.keep_cookies(&answer);
    assert_eq!(name(), before);
    let page = person.browser.follow(answer).await.expect(200);
    assert_eq!(page.path, "/account/profile");
    assert!(page.notice().contains(OVERLAPPED), "{}", page.text());
    assert_eq!(person.browser.get("/account/profile").await.expect(200).notice(), "", "told once");
}

#[tokio::test]
async fn whoever_is_signed_in_is_not_told_that_a_sign_in_is_over_and_whoever_comes_next_nothing() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let late = window(&app, &person.browser);
    reissue(&app, &person).await;
    // Another page comes before the one the late answer leads to.
    person.browser.keep_cookies(&late.get("/account/email").await.expect(303));
    assert_eq!(person.browser.get("/account/profile").await.expect(200).notice(), "");

    let form = person.browser.get("/account").await.expect(200).form("ログアウト");
    profile_form(&person.browser).await.submit(&person.browser).await.expect(303);
    let page = form.submit(&person.browser).await.expect_redirect("/login");
    assert_eq!(person.browser.follow(page).await.expect(200).notice(), "");
}

#[tokio::test]
async fn a_reissue_that_was_sent_twice_signs_nobody_out() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let form = person.browser.get(REISSUE).await.expect(200).form("再発行");
    let form = form.fill("code", &app.fresh_code(&person.authenticator));
    let late = window(&app, &person.browser);
    let codes = form.clone().submit(&person.browser).await.expect(200).codes();
    let answer = form.submit(&late).await.expect(303);
    assert!(answer.codes().is_empty());
    person.browser.keep_cookies(&answer);
    let page = person.browser.follow(answer).await.expect(200);
    assert_eq!(page.path, REISSUE);
    assert!(page.notice().contains(OVERLAPPED), "{}", page.text());
    app.password_proven(&person.member).await.enter_backup_code(&codes[0]).await.expect(303);
}

#[tokio::test]
async fn a_page_of_before_a_fresh_proof_signs_nobody_out() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    // Answered before the proof, with a notice to show; and asked for after it.
    profile_form(&person.browser).await.submit(&person.browser).await.expect(303);
    let late = window(&app, &person.browser);
    let early = late.get("/account/profile").await.expect(200);
    assert!(!early.notice().is_empty());
    reissue(&app, &person).await;
    person.browser.keep_cookies(&early);
    assert!(person.browser.is_signed_in().await);

    let answer = late.get("/account/email").await.expect_redirect("/login?next=%2Faccount%2Femail");
    person.browser.keep_cookies(&answer);
    let page = person.browser.follow(answer).await.expect(200);
    assert_eq!((page.path.as_str(), page.notice().as_str()), ("/account/email", ""));
}

#[tokio::test]
async fn a_second_step_that_was_sent_twice_stays_signed_in() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let codes =
        [("/login/code", "/login/code", "code"), ("/login/recovery", "/login/recovery/backup-code", "backup_code")];
    for (shown_at, path, field) in codes {
        let browser = app.password_proven(&person.member).await;
        let code = if field == "code" { app.fresh_code(&person.authenticator) } else { person.codes[0].clone() };
        let form = browser.get(shown_at).await.expect(200).form(path).fill(field, &code);
        let late = window(&app, &browser);
        form.clone().submit(&browser).await.expect(303);
        let answer = form.submit(&late).await.expect(303);
        browser.keep_cookies(&answer);
        let page = browser.follow(answer).await.expect(200);
        assert_eq!(page.path, "/account", "{path}");
        assert!(!page.notice().contains("有効期限") && !page.notice().contains(OVERLAPPED), "{}", page.notice());
    }
}

#[tokio::test]
async fn a_second_step_whose_stage_ends_while_it_is_on_its_way_stays_signed_in() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let path = "/login/recovery/backup-code";
    let forms: Vec<Form> = [0, 1]
        .map(|code| (path, &person.codes[code]))
        .into_iter()
        .zip([browser.get("/login/recovery").await, browser.get("/login/recovery").await])
        .map(|((path, code), page)| page.form(path).fill("backup_code", code))
        .collect();
    let late = window(&app, &browser);
    let first = super::under_way(forms[0].clone(), &browser, 1);
    let second = super::under_way(forms[1].clone(), &late, 1);
    let (first, second) = super::one_beside_another(&app, first, second).await;
    first.expect_redirect("/account/two-factor");
    let second = second.expect_redirect("/login");
    browser.keep_cookies(&second);
    assert_eq!(browser.follow(second).await.expect(200).path, "/account");
    let page = browser.get("/account/two-factor").await.expect(200);
    assert_eq!(page.all(".mark--used").len(), 1, "the second code is unspent");
}

#[tokio::test]
async fn a_browser_whose_sign_in_is_over_signs_in_anew_with_the_form_it_is_shown() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect_redirect("/account");
    app.database.execute("DELETE FROM sessions");
    let form = sign_in_form(&browser, &member.email, PASSWORD).await;
    form.submit(&browser).await.expect_redirect("/account");
    assert!(browser.is_signed_in().await);
}
