//! The office a sign-in speaks of, and the switcher at the top right.

use hikae::domain::ids::OfficeId;
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::Member;
use crate::support::page::Page;

const SWITCH: &str = "/account/office";
const ADVANCE: &str = "控え商事 corporate-advance";
const STANDARD: &str = "控え商事 corporate-standard";

/// What stands at the top right: the current office with the role.
fn shown(page: &Page) -> String {
    let summary = page.all(".office-switcher summary");
    let shown = if summary.is_empty() { page.all(".office-switcher") } else { summary };
    shown.concat()
}

/// A member of two offices, administrator of the second, signed in.
async fn member_of_two(app: &TestApp) -> (Member, [OfficeId; 2], Browser) {
    let first = app.office(Plan::CorporateAdvance).await;
    let second = app.office(Plan::CorporateStandard).await;
    let member = app.member_of(first).await;
    app.assign(&member, second, Role::Admin).await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect_redirect("/account");
    (member, [first, second], browser)
}

async fn switch(browser: &Browser, office: &str, next: &str) -> Page {
    let form = browser.get("/account").await.expect(200).form(SWITCH);
    form.forge("office", office).forge("next", next).submit(browser).await
}

#[tokio::test]
async fn a_member_of_one_office_sees_its_name_and_role_and_no_switcher() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateAdvance).await;
    let member = app.member_of(office).await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get("/account").await.expect(200);
    assert!(shown(&page).contains(ADVANCE) && shown(&page).contains("一般"), "{}", shown(&page));
    assert!(!page.has_form(SWITCH) && !page.all("nav").concat().contains("事業所管理"));
    assert!(page.text().contains("アドバンス"), "the dashboard names the plan: {}", page.text());
}

#[tokio::test]
async fn who_belongs_to_no_office_reads_so() {
    let app = TestApp::start().await;
    let member = app.member().await;
    app.database.execute("DELETE FROM memberships");
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get("/account").await.expect(200);
    assert!(page.text().contains("所属する事業所はありません"), "{}", page.text());
    assert!(!page.has_form(SWITCH));
}

#[tokio::test]
async fn the_first_office_is_current_until_another_is_chosen_in_this_sign_in() {
    let app = TestApp::start().await;
    let (member, offices, browser) = member_of_two(&app).await;
    let elsewhere = app.browser();
    elsewhere.sign_in(&member).await.expect(303);

    let page = browser.get("/account/profile").await.expect(200);
    assert!(shown(&page).contains(ADVANCE) && shown(&page).contains("一般"), "{}", shown(&page));
    assert!(page.all(".office-switcher [aria-current]").concat().contains(ADVANCE));
    assert!(!page.all(".site-nav").concat().contains("事業所管理"), "she administers the other one");

    let form = page.form(SWITCH).forge("office", &offices[1].to_string());
    form.submit(&browser).await.expect_redirect("/account/profile");
    for path in ["/account", "/account/profile", "/account/two-factor", "/account/activity"] {
        let page = browser.get(path).await.expect(200);
        assert!(shown(&page).contains(STANDARD) && shown(&page).contains("管理者"), "{path}: {}", shown(&page));
        let administration = format!("/offices/{}/members", offices[1]);
        assert!(page.attributes(".site-nav a", "href").contains(&administration), "{path}");
    }
    let dashboard = browser.get("/account").await.expect(200);
    let current = dashboard.all("section[aria-labelledby=offices] dl").concat();
    assert!(current.contains(STANDARD) && current.contains("スタンダード") && current.contains("管理者"), "{current}");
    let others = dashboard.all("section[aria-labelledby=offices] table").concat();
    assert!(others.contains(ADVANCE) && !others.contains(STANDARD), "{others}");
    assert!(shown(&elsewhere.get("/account").await).contains(ADVANCE), "another sign-in keeps its own");
}

#[tokio::test]
async fn only_an_office_of_one_s_own_can_be_chosen() {
    let app = TestApp::start().await;
    let (_, _, browser) = member_of_two(&app).await;
    let foreign = app.office(Plan::LegacyBasic).await;
    for office in [foreign.to_string(), "1".to_owned(), "-1".to_owned(), "x".to_owned(), String::new()] {
        let page = switch(&browser, &office, "/account").await.expect(404);
        assert!(shown(&page).contains(ADVANCE), "{office:?}: {}", shown(&page));
    }
    let chosen = app.database.lines("SELECT CAST(office_id AS TEXT) AS line FROM sessions WHERE office_id IS NOT NULL");
    assert!(chosen.is_empty(), "{chosen:?}");
    app.browser().submit(SWITCH, &[("office".to_owned(), "1".to_owned())]).await.expect(403);
}

#[tokio::test]
async fn after_leaving_the_chosen_office_the_first_one_is_current_again() {
    let app = TestApp::start().await;
    let (member, offices, browser) = member_of_two(&app).await;
    switch(&browser, &offices[1].to_string(), "").await.expect_redirect("/account");
    let left = format!("DELETE FROM memberships WHERE user_id = {} AND office_id = {}", member.id, offices[1]);
    app.database.execute(&left);
    let page = browser.get("/account").await.expect(200);
    assert!(shown(&page).contains(ADVANCE), "{}", shown(&page));
}

#[tokio::test]
async fn switching_leads_back_and_never_away() {
    let app = TestApp::start().await;
    let (member, offices, browser) = member_of_two(&app).await;
    let third = app.office(Plan::LegacyBasic).await;
    app.assign(&member, third, Role::Admin).await;
    let [general, administered] = offices.map(|office| office.to_string());
    for (to, next, expected) in [
        (&administered, "/account/email".to_owned(), "/account/email".to_owned()),
        (&administered, "https://evil.example/".to_owned(), "/account".to_owned()),
        (&administered, "//evil.example".to_owned(), "/account".to_owned()),
        (&administered, format!("/offices/{third}/two-factor"), format!("/offices/{administered}/two-factor")),
        (&administered, format!("/offices/{third}/activity?kind=x"), format!("/offices/{administered}/activity")),
        (&administered, format!("/offices/{third}/members/7"), format!("/offices/{administered}/members")),
        (&administered, format!("/offices/{third}/nothing"), format!("/offices/{administered}/members")),
        (&general, format!("/offices/{third}/members"), "/account".to_owned()),
    ] {
        switch(&browser, to, &next).await.expect_redirect(&expected);
    }
}

#[tokio::test]
async fn a_page_of_an_office_speaks_of_that_office_and_changes_nothing() {
    let app = TestApp::start().await;
    let (_, offices, browser) = member_of_two(&app).await;
    let page = browser.get(&format!("/offices/{}/two-factor", offices[1])).await.expect(200);
    assert!(shown(&page).contains(STANDARD), "{}", shown(&page));
    assert!(page.all(".office-switcher [aria-current]").concat().contains(STANDARD));
    assert!(page.all("title").concat().contains(STANDARD), "{:?}", page.all("title"));
    assert!(shown(&browser.get("/account").await).contains(ADVANCE));
    // Of an office that is not administered, nothing is shown, not even in the frame.
    let page = browser.get(&format!("/offices/{}/two-factor", offices[0])).await.expect(404);
    assert!(shown(&page).contains(ADVANCE), "the session's own: {}", shown(&page));
}
