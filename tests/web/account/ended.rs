//! A session that ended while a page stood open: signing in leads back to it, and what was sent
//! meanwhile is said to be lost.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

use crate::support::app::TestApp;

const OVER: &str = "ログインの有効期間が終わりました";
const UNSENT: &str = "送信した内容は反映されていません";

#[tokio::test]
async fn from_every_page_signing_in_leads_back_to_it() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let admin = app.person_of(office, Role::Admin).await;
    let own = |page: &str| format!("/offices/{office}/{page}");
    let pages = [
        "/account".to_owned(),
        "/account/profile".to_owned(),
        "/account/email".to_owned(),
        "/account/password".to_owned(),
        "/account/two-factor".to_owned(),
        "/account/sessions".to_owned(),
        "/account/activity".to_owned(),
        "/account/activity?before=12".to_owned(),
        own("members?q=%E6%8E%A7&page=1"),
        own(&format!("members/{}", admin.id)),
        own("invitations"),
        own("release-requests"),
        own("two-factor"),
        own("activity"),
    ];
    let browser = app.browser();
    browser.sign_in(&admin).await.expect(303);
    for path in pages {
        browser.get(&path).await.expect(200);
        app.turn(Seconds::minutes(61));
        let page = browser.get(&path).await.expect(303);
        let page = browser.follow(page).await.expect(200);
        assert!(page.path.starts_with("/login?next=") && page.notice().contains(OVER), "{path}: {}", page.notice());
        assert!(!page.notice().contains(UNSENT), "{path}: nothing was sent");
        let form = page.form("ログイン").fill("email", &admin.email).fill("password", &admin.password);
        form.submit(&browser).await.expect_redirect(&path);
    }
}

#[tokio::test]
async fn a_form_sent_too_late_changes_nothing_says_so_and_leads_back_to_its_page() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.signed_in(&person).await;
    let name = || app.database.lines("SELECT name AS line FROM users");
    let before = name();
    let form = browser.get("/account/profile").await.expect(200).form("/account/profile").fill("name", "別の名前");
    app.turn(Seconds::minutes(61));
    let page = form.submit(&browser).await.expect_redirect("/login?next=%2Faccount%2Fprofile");
    let page = browser.follow(page).await.expect(200);
    assert!(page.notice().contains(OVER) && page.notice().contains(UNSENT), "{}", page.text());
    assert_eq!(name(), before);

    // Back to the page of the form, past the second step.
    let form = page.form("ログイン").fill("email", &person.member.email).fill("password", &person.member.password);
    let page = form.submit(&browser).await.expect_redirect("/login/code?next=%2Faccount%2Fprofile");
    let page = browser.follow(page).await;
    let code = app.fresh_code(&person.authenticator);
    page.form("認証").fill("code", &code).submit(&browser).await.expect_redirect("/account/profile");
}

#[tokio::test]
async fn forms_lead_back_to_the_page_that_shows_them() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for (shown_at, button, page) in [
        ("/account/two-factor", "二要素認証解除メールを送信", "/account/two-factor"),
        ("/account/two-factor", "/account/two-factor/setup", "/account/two-factor/setup"),
        ("/account/two-factor/backup-codes/reissue", "再発行", "/account/two-factor/backup-codes/reissue"),
        ("/account/password", "/account/password", "/account/password"),
    ] {
        let browser = app.signed_in(&person).await;
        let form = browser.get(shown_at).await.expect(200).form(button);
        app.turn(Seconds::minutes(61));
        let answer = form.submit(&browser).await.expect(303);
        let next: String = page.replace('/', "%2F");
        assert_eq!(answer.location(), Some(format!("/login?next={next}")), "{button}");
        assert!(browser.follow(answer).await.notice().contains(UNSENT), "{button}");
    }
}

#[tokio::test]
async fn a_session_ended_from_elsewhere_is_told_the_same() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let (mine, elsewhere) = (app.browser(), app.browser());
    mine.sign_in(&member).await.expect(303);
    elsewhere.sign_in(&member).await.expect(303);
    let form = mine.get("/account/profile").await.expect(200).form("/account/profile").fill("name", "別の名前");
    let others = elsewhere.get("/account/sessions").await.expect(200).form("/account/sessions/end-others");
    others.submit(&elsewhere).await.expect(303);
    let page = form.submit(&mine).await.expect_redirect("/login?next=%2Faccount%2Fprofile");
    assert!(mine.follow(page).await.notice().contains(UNSENT));
    // Told once; and a visitor who was never signed in is told nothing.
    assert_eq!(mine.get("/login").await.expect(200).notice(), "");
    let visitor = app.browser();
    let page = visitor.get("/account/profile").await.expect(303);
    assert_eq!(visitor.follow(page).await.expect(200).notice(), "");
}

#[tokio::test]
async fn a_second_step_that_took_too_long_says_so_and_goes_on_where_it_was_going() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let form = browser.get("/login/code?next=%2Faccount%2Femail").await.expect(200).form("認証");
    app.turn(Seconds::minutes(10));
    let page = browser.get("/login/code?next=%2Faccount%2Femail").await;
    let page = browser.follow(page.expect_redirect("/login?next=%2Faccount%2Femail")).await;
    assert!(page.notice().contains("ログイン手続きの有効期限が切れました"), "{}", page.text());
    form.fill("code", "123456").submit(&browser).await.expect_redirect("/login?next=%2Faccount%2Femail");
    assert!(browser.get("/login").await.notice().contains("ログイン手続きの有効期限が切れました"));
}
