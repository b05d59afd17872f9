//! What a member without two-factor authentication reaches of an office that requires it.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use super::required::{TODAY, office_of, require};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{Member, PASSWORD};
use crate::support::page::Page;

const SET_UP: &str = "/account/two-factor";

/// Every path of the application, from the one place where they stand.
fn every_path() -> Vec<&'static str> {
    let source = include_str!("../../../src/web/url.rs");
    let constants = source.lines().filter(|line| line.starts_with("pub const ") && line.contains(": &str = \""));
    let paths: Vec<&str> = constants.filter_map(|line| line.split('"').nth(1)).collect();
    assert!(paths.len() > 40 && paths.iter().all(|path| path.starts_with('/')), "{paths:?}");
    paths
}

/// What stays open: the set-up, the ways out, and what needs no sign-in at all.
const OPEN: [&str; 23] = [
    "/account/two-factor",
    "/account/two-factor/setup",
    "/account/two-factor/setup/confirm",
    "/account/two-factor/setup/cancel",
    "/account/two-factor/setup/extend",
    "/account/office",
    "/logout",
    "/language",
    "/",
    "/healthz",
    "/readyz",
    "/login",
    "/password-reset",
    "/password-reset/{token}",
    "/email-confirmation/{token}",
    "/two-factor-release/{token}",
    "/two-factor-release-cancel/{token}",
    "/release-request-cancel/{token}",
    "/invitations/{token}",
    "/setup",
    "/help",
    "/help/backup-codes",
    "/help/two-factor",
];
/// The steps of a sign-in lead whoever has signed in to the account, and from there to the set-up.
const SIGN_IN: [&str; 5] = [
    "/login/code",
    "/login/extend",
    "/login/recovery",
    "/login/recovery/backup-code",
    "/login/recovery/release-request",
];

/// A member, signed in before the office began to require what the member has not set up.
async fn barred(app: &TestApp, role: Role) -> (Member, Browser) {
    let (office, admin) = office_of(app).await;
    let member = app.person_of(office, role).await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect_redirect("/account");
    browser.get("/account").await.expect(200);
    require(&admin.browser, office, TODAY).await;
    (member, browser)
}

async fn post(browser: &Browser, path: &str) -> Page {
    let page = browser.get(SET_UP).await.expect(200);
    let token = page.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    browser.submit(path, &[("csrf_token".to_owned(), token)]).await
}

#[tokio::test]
async fn every_path_but_the_set_up_and_the_ways_out_leads_to_the_set_up() {
    let app = TestApp::start().await;
    for role in [Role::Admin, Role::General] {
        let (member, browser) = barred(&app, role).await;
        let mut closed = 0;
        for path in every_path().into_iter().filter(|path| !OPEN.contains(path)) {
            let filled = path.replace("{office}", &member.office.to_string()).replace("{member}", "1");
            let filled = filled.replace("{invitation}", "1").replace("{request}", "1").replace("{id}", "1");
            assert!(!filled.contains('{'), "what stands for a part of {path}?");
            for (method, page) in [("GET", browser.get(&filled).await), ("POST", post(&browser, &filled).await)] {
                let expected = if SIGN_IN.contains(&path) { "/account" } else { SET_UP };
                match page.status {
                    303 => {
                        assert_eq!(page.location().as_deref(), Some(expected), "{method} {path}");
                        closed += 1;
                    }
                    // There is no such page, or no such form.
                    404 | 405 => {}
                    other => panic!("{method} {path} answers {other}: {}", page.text()),
                }
            }
        }
        assert!(closed >= 20, "{closed}");
        // «/» leads to the account, and the account to the set-up.
        let page = browser.get("/").await;
        assert_eq!(browser.follow(page).await.expect(200).path, SET_UP);
    }
}

#[tokio::test]
async fn the_set_up_frees_the_member_at_once() {
    let app = TestApp::start().await;
    let (member, browser) = barred(&app, Role::General).await;
    let page = browser.get(SET_UP).await.expect(200);
    page.form("English").submit(&browser).await.expect(303);
    assert!(browser.get(SET_UP).await.expect(200).notice().contains("has required two-factor authentication since"));
    let page = browser.get(SET_UP).await.expect(200);
    page.form("日本語").submit(&browser).await.expect(303);

    browser.start_set_up(&member.password).await;
    let page = browser.get("/account/two-factor/setup").await.expect(200);
    page.form("/account/two-factor/setup/cancel").submit(&browser).await.expect_redirect(SET_UP);
    browser.get("/account").await.expect_redirect(SET_UP);
    let authenticator = browser.start_set_up(&member.password).await;
    browser.confirm_set_up("000000").await.expect(422);
    browser.get("/account").await.expect_redirect(SET_UP);
    let page = browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
    assert_eq!(page.codes().len(), 10);
    assert!(page.all("nav").concat().contains("ダッシュボード") && !page.notice().contains("必須"), "{}", page.html);
    browser.get("/account").await.expect(200);
    browser.get("/account/profile").await.expect(200);
}

#[tokio::test]
async fn another_office_is_open_and_this_one_is_not() {
    let app = TestApp::start().await;
    let (member, browser) = barred(&app, Role::Admin).await;
    let free = app.office(Plan::LegacyBasic).await;
    app.assign(&member, free, Role::Admin).await;
    let page = browser.get(SET_UP).await.expect(200);
    assert!(page.text().contains("ほかの事業所を利用する"), "{}", page.text());
    page.form("控え商事 legacy-basic").submit(&browser).await.expect_redirect("/account");
    browser.get("/account").await.expect(200);
    browser.get(&format!("/offices/{free}/two-factor")).await.expect(200);

    // The office in the path has its own requirement, whichever the session speaks of.
    let path = format!("/offices/{}/two-factor", member.office);
    browser.get(&path).await.expect_redirect(SET_UP);
    let page = browser.get(SET_UP).await.expect(200);
    assert!(page.notice().contains("corporate-advanceでは"), "it still says why: {}", page.notice());
    let token = page.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    browser.submit(&path, &[("csrf_token".to_owned(), token)]).await.expect_redirect(SET_UP);

    // Back in the office that requires it, nothing is open again.
    let form = browser.get("/account").await.form("/account/office");
    form.forge("office", &member.office.to_string()).submit(&browser).await.expect(303);
    browser.get("/account").await.expect_redirect(SET_UP);
    let page = browser.get(SET_UP).await.expect(200);
    let switcher = page.form("/account/office");
    assert_eq!(switcher.value("next"), Some("/account"), "the way out leads out");
}

#[tokio::test]
async fn a_sign_in_ends_on_the_set_up_wherever_it_was_going() {
    let app = TestApp::start().await;
    let (member, _) = barred(&app, Role::General).await;
    let browser = app.browser();
    let page = browser.get("/account/email").await.expect(303);
    let page = browser.follow(page).await.expect(200);
    let form = page.form("ログイン").fill("email", &member.email).fill("password", PASSWORD);
    let page = form.submit(&browser).await.expect_redirect("/account/email");
    assert_eq!(browser.follow(page).await.expect(200).path, SET_UP);
}

#[tokio::test]
async fn who_releases_is_warned_and_sets_up_again_at_the_next_sign_in() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let member = app.member_of(office).await;
    let person = app.protect(member).await;
    let warned = |text: &str| text.contains("次回ログイン時に設定し直す必要があります");
    assert!(!warned(&person.browser.two_factor_state().await));
    require(&admin.browser, office, TODAY).await;
    assert!(warned(&person.browser.two_factor_state().await));
    person.browser.request_release().await.expect(303);
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    assert!(mail.text.contains("再設定が必要な事業所：控え商事 corporate-advance"), "{}", mail.text);
    let path = mail.path("/two-factor-release/");
    assert!(warned(&person.browser.get(&path).await.expect(200).text()));
    person.browser.release(&path, PASSWORD).await.expect(303);

    let browser = app.browser();
    browser.sign_in(&person.member).await.expect(303);
    browser.get("/account").await.expect_redirect(SET_UP);
    app.turn(hikae::domain::time::Seconds(30));
    let authenticator = browser.start_set_up(PASSWORD).await;
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
    browser.get("/account").await.expect(200);
}
