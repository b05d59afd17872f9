//! Who decides nothing: everybody but an administrator of the office at that moment, with a
//! second factor, and never about oneself.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use super::{NOTE, world};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::Member;
use crate::support::offices::{Asked, Pair};
use crate::support::page::Page;

/// Both decisions by hand, with the form token of a page that this browser may see.
async fn decide_by_hand(browser: &Browser, path: &str, code: &str) -> [Page; 2] {
    let home = browser.get("/account").await;
    let home = if home.status == 200 { home } else { browser.follow(home).await };
    let token = home.attributes("[name=csrf_token]", "value").first().expect("a token").clone();
    let fields = |extra: &[(&str, &str)]| {
        let token = [("csrf_token".to_owned(), token.clone())];
        let extra = extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        token.into_iter().chain(extra).collect::<Vec<_>>()
    };
    let approve = browser.submit(&format!("{path}/approve"), &fields(&[("note", NOTE), ("code", code)])).await;
    [approve, browser.submit(&format!("{path}/decline"), &fields(&[("note", "")])).await]
}

/// To this person there is no such request, neither to look at nor to decide.
async fn assert_nothing_here(app: &TestApp, who: &str, browser: &Browser, path: &str, code: &str) {
    let before = world(app);
    for page in [browser.get(path).await, browser.get(path.rsplit_once('/').expect("a list").0).await] {
        assert_eq!(page.status, 404, "{who}: {}", page.text());
    }
    for page in decide_by_hand(browser, path, code).await {
        assert_eq!(page.status, 404, "{who}: {} {}", page.path, page.text());
        assert!(!page.text().contains("hanako"), "{who}: {}", page.text());
    }
    assert_eq!(world(app), before, "{who}");
}

/// Takes an administrator's role away past every page.
fn demote(app: &TestApp, member: &Member) {
    app.database.execute(&format!("UPDATE memberships SET role = 'general' WHERE user_id = {}", member.id));
}

#[tokio::test]
async fn members_and_administrators_of_other_offices_find_nothing_here() {
    let app = TestApp::start().await;
    let Asked { first, member, path, .. } = app.asked().await;
    let colleague = app.protect(app.member_of(first.member.office).await).await;
    let stranger = app.protected_admin(app.office(Plan::CorporateAdvance).await).await;
    // An administrator elsewhere, who is a plain member here.
    app.assign(&stranger.member, first.member.office, Role::General).await;
    for (who, person) in [("the member", &member), ("a colleague", &colleague), ("another office's", &stranger)] {
        let code = app.fresh_code(&person.authenticator);
        assert_nothing_here(&app, who, &person.browser, &path, &code).await;
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in_and_decides_nothing() {
    let app = TestApp::start().await;
    let Asked { first, path, .. } = app.asked().await;
    let code = app.fresh_code(&first.authenticator);
    let before = world(&app);
    let visitor = app.browser();
    let sent = visitor.get(&path).await.expect(303).location().expect("a place");
    assert!(sent.starts_with("/login?next="), "{sent}");
    for page in decide_by_hand(&visitor, &path, &code).await {
        let sent = page.expect(303).location().expect("a place");
        assert!(sent.starts_with("/login?next=") && !sent.contains("approve"), "{sent}");
    }
    assert_eq!(world(&app), before);

    let half = app.password_proven(&first.member).await;
    let before = world(&app);
    half.get(&path).await.expect(303);
    for page in decide_by_hand(&half, &path, &code).await {
        assert!(page.expect(303).location().expect("a place").starts_with("/login"));
    }
    assert_eq!(world(&app), before);
}

#[tokio::test]
async fn an_administrator_whose_role_was_taken_with_the_page_open_decides_nothing() {
    let app = TestApp::start().await;
    let Asked { first, second, path, .. } = app.asked().await;
    let form = first.browser.approval(&path).await.fill("note", NOTE);
    let decline = first.browser.get(&path).await.expect(200).form("却下");
    demote(&app, &first.member);
    let code = app.fresh_code(&first.authenticator);
    let before = world(&app);
    form.fill("code", &code).submit(&first.browser).await.expect(404);
    decline.submit(&first.browser).await.expect(404);
    assert_eq!(world(&app), before);
    assert_nothing_here(&app, "a former administrator", &first.browser, &path, &code).await;
    second.browser.decline(&path).await.expect_redirect(&path);
}

#[tokio::test]
async fn an_administrator_made_after_the_request_decides_it() {
    let app = TestApp::start().await;
    let Asked { first, path, .. } = app.asked().await;
    let newcomer = app.protected_admin(first.member.office).await;
    let code = app.fresh_code(&newcomer.authenticator);
    newcomer.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
}

#[tokio::test]
async fn an_administrator_without_a_second_factor_gives_nobody_s_away() {
    let app = TestApp::start().await;
    let Asked { first, member, path, .. } = app.asked().await;
    let bare = app.person_of(first.member.office, Role::Admin).await;
    let browser = app.browser();
    browser.sign_in(&bare).await.expect_redirect("/account");
    let page = browser.get(&path).await.expect(200);
    assert!(page.text().contains("あなたの二要素認証が必要です"), "{}", page.text());
    assert!(!page.has_form("二要素認証を解除"));
    let before = world(&app);
    for code in [app.fresh_code(&member.authenticator), "000000".to_owned()] {
        let token = page.form("却下").value("csrf_token").expect("a token").to_owned();
        let fields = [("csrf_token", token.as_str()), ("note", NOTE), ("code", &code)];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = browser.submit(&format!("{path}/approve"), &fields).await.expect(403);
        assert!(answer.text().contains("あなたの二要素認証が必要です"), "{}", answer.text());
    }
    assert_eq!(world(&app), before);
    // To refuse needs no second factor.
    browser.decline(&path).await.expect_redirect(&path);
}

#[tokio::test]
async fn nobody_decides_the_own_request() {
    let app = TestApp::start().await;
    let Pair { admin, .. } = app.pair().await;
    let asking = app.protected_admin(admin.member.office).await;
    app.ask_administrators(&asking.member).await;
    let path = app.request_path(&admin.member).await;
    let page = asking.browser.get(&path).await.expect(200);
    assert!(page.text().contains("ご自身の依頼です"), "{}", page.text());
    let dashboard = asking.browser.get("/account").await.expect(200);
    assert!(!dashboard.text().contains("対応待ち"), "{}", dashboard.text());
    assert!(!page.has_form("二要素認証を解除") && !page.has_form("却下"));
    let code = app.fresh_code(&asking.authenticator);
    let before = world(&app);
    for page in decide_by_hand(&asking.browser, &path, &code).await {
        let page = page.expect(403);
        assert!(page.text().contains("ご自身の依頼です"), "{}", page.text());
    }
    assert_eq!(world(&app), before);
    let code = app.fresh_code(&admin.authenticator);
    admin.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
}

#[tokio::test]
async fn a_request_of_another_office_is_not_found_under_the_own_one() {
    let app = TestApp::start().await;
    let Asked { first, path, .. } = app.asked().await;
    let id = path.rsplit_once('/').expect("an id").1.to_owned();
    let other = app.protected_admin(app.office(Plan::CorporateAdvance).await).await;
    let list = format!("/offices/{}/release-requests", other.member.office);
    assert!(other.browser.get(&list).await.expect(200).text().contains("解除依頼はありません"));
    let code = app.fresh_code(&other.authenticator);
    let before = world(&app);
    let unknown = ["1", "0", "-1", "９", "abc", "99999999999999999999", "%2e%2e"];
    for id in unknown.into_iter().chain([id.as_str()]) {
        let path = format!("{list}/{id}");
        other.browser.get(&path).await.expect(404);
        for page in decide_by_hand(&other.browser, &path, &code).await {
            page.expect(404);
        }
    }
    assert_eq!(world(&app), before);
    first.browser.get(&path).await.expect(200);
}
