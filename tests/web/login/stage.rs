//! The stage between password and second factor: it opens nothing else, and ends by itself.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;

/// Every page of a signed-in member.
const PAGES: [&str; 10] = [
    "/account",
    "/account/profile",
    "/account/email",
    "/account/password",
    "/account/two-factor",
    "/account/two-factor/setup",
    "/account/two-factor/backup-codes/reissue",
    "/account/two-factor/backup-codes/check",
    "/account/sessions",
    "/account/activity",
];

/// Every act of a signed-in member, with the fields of its form.
const ACTS: [(&str, &[(&str, &str)]); 10] = [
    ("/account/two-factor/setup", &[("password", "紙の控えは金庫の中です")]),
    ("/account/two-factor/setup/confirm", &[("code", "123456")]),
    ("/account/two-factor/backup-codes/reissue", &[("code", "123456")]),
    ("/account/two-factor/backup-codes/check", &[("password", "紙の控えは金庫の中です"), ("backup_code", "123456789")]),
    ("/account/two-factor/backup-codes/sheet", &[("sheet", "K7QM-2FXP")]),
    ("/account/two-factor/release", &[]),
    ("/account/sessions/end-others", &[]),
    ("/account/sessions/1/end", &[]),
    ("/account/profile", &[("name", "誰か"), ("language", "ja"), ("time_zone", "Asia/Tokyo")]),
    ("/account/password", &[("current_password", "紙の控えは金庫の中です"), ("new_password", "別の長い合言葉を選ぶ")]),
];

#[tokio::test]
async fn the_stage_opens_no_page_and_no_act_of_a_member() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    let browser = app.password_proven(&person.member).await;
    let token = browser.get("/login/code").await.form("認証").value("csrf_token").expect("a token").to_owned();
    for path in PAGES {
        let page = browser.get(path).await.expect(303);
        assert!(page.location().expect("a place").starts_with("/login"), "{path}: {:?}", page.location());
    }
    for (path, fields) in ACTS {
        let mut fields: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        fields.push(("csrf_token".into(), token.clone()));
        let page = browser.submit(path, &fields).await.expect(303);
        assert!(page.location().expect("a place").starts_with("/login"), "{path}: {:?}", page.location());
    }
    assert_eq!(person.browser.two_factor_state().await, state);
    assert!(app.browser().sign_in(&person.member).await.status == 303, "the password has changed");
    let code = app.fresh_code(&person.authenticator);
    browser.enter_security_code(&code).await.expect(303);
}

#[tokio::test]
async fn a_visitor_opens_no_page_of_a_member_and_no_second_step() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for path in PAGES.into_iter().chain(["/login/code", "/login/recovery"]) {
        let page = browser.get(path).await.expect(303);
        assert!(page.location().expect("a place").starts_with("/login"), "{path}: {:?}", page.location());
    }
    let token = browser.get("/login").await.form("ログイン").value("csrf_token").expect("a token").to_owned();
    for (path, field) in [("/login/code", "code"), ("/login/recovery/backup-code", "backup_code")] {
        let fields = [("csrf_token".to_owned(), token.clone()), (field.to_owned(), "123456".to_owned())];
        browser.submit(path, &fields).await.expect_redirect("/login");
    }
}

#[tokio::test]
async fn the_stage_ends_after_ten_minutes() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let in_time = app.password_proven(&person.member).await;
    app.turn(Seconds(599));
    let form = in_time.get("/login/code").await.expect(200).form("認証");
    app.turn(Seconds(2));
    let code = person.authenticator.code_at(app.now());
    form.fill("code", &code).submit(&in_time).await.expect_redirect("/login");
    in_time.get("/login/code").await.expect_redirect("/login");
    assert!(!in_time.is_signed_in().await);

    let again = app.password_proven(&person.member).await;
    again.enter_security_code(&code).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_backup_code_entered_too_late_stays_unused() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let form = browser.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
    app.turn(Seconds(601));
    form.fill("backup_code", &person.codes[0]).submit(&browser).await.expect_redirect("/login");
    let in_time = app.password_proven(&person.member).await;
    in_time.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn the_stage_ends_when_the_password_changes() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let page = person.browser.get("/account/password").await.expect(200);
    let form = page.form("/account/password").fill("current_password", &person.member.password);
    form.fill("new_password", "別の長い合言葉を選ぶ").submit(&person.browser).await;
    browser.get("/login/code").await.expect_redirect("/login");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn the_stage_ends_when_two_factor_is_released() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    browser.get("/login/code").await.expect_redirect("/login");
    assert!(!browser.is_signed_in().await);
    assert!(!person.browser.is_signed_in().await, "a release ends every session");
}

#[tokio::test]
async fn the_stage_ends_by_its_success() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let stage = browser.cookies();
    let form = browser.get("/login/code").await.expect(200).form("認証");
    let code = app.fresh_code(&person.authenticator);
    form.clone().fill("code", &code).submit(&browser).await.expect(303);

    let second = app.browser();
    second.plant_cookies(stage);
    let newer = app.fresh_code(&person.authenticator);
    form.fill("code", &newer).submit(&second).await;
    assert!(!second.is_signed_in().await, "one stage gave two sessions");
}
