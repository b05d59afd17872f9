//! More time for a set-up: ten times ten minutes, and only while it waits.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;
use crate::support::page::Form;

const SET_UP: &str = "/account/two-factor/setup";
const BUTTON: &str = "時間を延長する";

async fn set_up(app: &TestApp) -> (Browser, Authenticator, Form) {
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let phone = browser.start_set_up(&member.password).await;
    let more = browser.get(SET_UP).await.expect(200).form(BUTTON);
    (browser, phone, more)
}

#[tokio::test]
async fn each_time_adds_ten_minutes_and_keeps_the_key() {
    let app = TestApp::start().await;
    let (browser, phone, more) = set_up(&app).await;
    app.turn(Seconds::minutes(29));
    more.submit(&browser).await.expect_redirect(SET_UP);
    let page = browser.get(SET_UP).await.expect(200);
    assert!(page.notice().contains("時間を延長しました") && page.text().contains("12:40"), "{}", page.text());
    assert_eq!(Authenticator::from_text(&page.all(".key-text").concat()).key, phone.key);
    app.turn(Seconds(10 * 60 + 59));
    browser.confirm_set_up(&phone.code_at(app.now())).await.expect(200);
}

#[tokio::test]
async fn it_can_be_had_ten_times_and_never_again() {
    let app = TestApp::start().await;
    let (browser, phone, more) = set_up(&app).await;
    for _ in 0..10 {
        browser.get(SET_UP).await.expect(200).form(BUTTON).submit(&browser).await.expect_redirect(SET_UP);
        app.turn(Seconds::minutes(10));
    }
    app.turn(Seconds::minutes(29));
    assert!(!browser.get(SET_UP).await.expect(200).has_form(BUTTON));
    more.submit(&browser).await.expect_redirect(SET_UP);
    let page = browser.get(SET_UP).await.expect(200);
    assert!(page.notice().contains("これ以上は延長できません") && page.text().contains("14:10"), "{}", page.text());
    let confirm = page.form("/account/two-factor/setup/confirm");
    app.turn(Seconds::minutes(1));
    confirm.fill("code", &phone.code_at(app.now())).submit(&browser).await.expect_redirect("/account/two-factor");
    assert!(browser.get("/account/two-factor").await.notice().contains("有効期限"));
}

#[tokio::test]
async fn what_is_over_cancelled_or_somebody_else_s_is_not_extended() {
    let app = TestApp::start().await;
    let (browser, _, more) = set_up(&app).await;
    let ends = || app.database.lines("SELECT CAST(expires_at AS TEXT) AS line FROM pending_set_ups ORDER BY user_id");
    let before = ends();
    let (other, _, theirs) = set_up(&app).await;
    let all = ends();
    let token = theirs.value("csrf_token").expect("a token").to_owned();
    browser.get(SET_UP).await.expect(200).form("/account/two-factor/setup/cancel").submit(&browser).await.expect(303);
    more.submit(&browser).await.expect_redirect("/account/two-factor");
    assert!(browser.get("/account/two-factor").await.notice().contains("中止"));
    assert!(before.len() == 1 && all.len() == 2 && ends().len() == 1, "a cancelled set-up came back");

    app.turn(Seconds::minutes(30));
    more.clone().forge("csrf_token", &token).submit(&other).await.expect_redirect("/account/two-factor");
    theirs.submit(&other).await.expect_redirect("/account/two-factor");
    other.get(SET_UP).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn another_sign_in_of_the_same_person_does_not_extend_it() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let (mine, other) = (app.browser(), app.browser());
    mine.sign_in(&member).await.expect(303);
    other.sign_in(&member).await.expect(303);
    mine.start_set_up(&member.password).await;
    let ends = || app.database.lines("SELECT CAST(expires_at AS TEXT) AS line FROM pending_set_ups");
    let before = ends();
    let token = other.get("/account").await.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    let more = mine.get(SET_UP).await.form(BUTTON).forge("csrf_token", &token);
    more.submit(&other).await.expect_redirect("/account/two-factor");
    assert_eq!(ends(), before);
}
