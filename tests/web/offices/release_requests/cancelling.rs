//! The member's cancel link: looking at it uses nothing up, it works once, it stops one request
//! and can do nothing else.

use hikae::domain::time::Seconds;
use reqwest::Method;

use super::{NOTE, told, world};
use crate::support::app::TestApp;
use crate::support::members::Member;
use crate::support::offices::Asked;

const PREFIX: &str = "/release-request-cancel/";

async fn cancel_link(app: &TestApp, member: &Member) -> String {
    app.mailbox.newest(&member.email, "管理者に解除依頼を送信").await.path(PREFIX)
}

#[tokio::test]
async fn looking_at_links_and_pages_changes_nothing() {
    let app = TestApp::start().await;
    let Asked { first, member, asking, path, .. } = app.asked().await;
    let cancel = cancel_link(&app, &member.member).await;
    let list = path.rsplit_once('/').expect("a list").0;
    let (visitor, before) = (app.browser(), world(&app));
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(visitor.request(method.clone(), &cancel).send().await.status, 200);
        for path in [path.as_str(), list] {
            assert_eq!(first.browser.request(method.clone(), path).send().await.status, 200);
        }
        assert_eq!(asking.request(method.clone(), "/login/recovery").send().await.status, 200);
        for end in ["approve", "decline"] {
            assert_eq!(first.browser.request(method.clone(), &format!("{path}/{end}")).send().await.status, 405);
        }
    }
    assert_eq!(world(&app), before);
}

#[tokio::test]
async fn it_works_once_and_only_with_the_form_of_its_page() {
    let app = TestApp::start().await;
    let Asked { first, member, path, .. } = app.asked().await;
    let cancel = cancel_link(&app, &member.member).await;
    let visitor = app.browser();
    let page = visitor.get(&cancel).await.expect(200);
    assert!(page.text().contains(&member.member.email), "{}", page.text());
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let form = page.form(&cancel);
    let before = world(&app);
    form.clone().without("csrf_token").submit(&visitor).await.expect(403);
    form.clone().submit(&app.browser()).await.expect(403);
    form.clone().forge("user", "1").submit(&visitor).await.expect(400);
    assert_eq!(world(&app), before);

    let page = form.submit(&visitor).await.expect(200);
    assert!(page.text().contains("解除依頼を取り消しました"), "{}", page.text());
    let after = world(&app);
    for page in [visitor.get(&cancel).await, form.submit(&visitor).await] {
        let page = page.expect(410);
        assert!(page.text().contains("このリンクは使えません") && !page.has_form(&cancel), "{}", page.text());
    }
    assert_eq!(world(&app), after);
    assert_eq!(told(&app, &member.member, "解除依頼を取り消しました").await, 1);
    assert!(first.browser.get(&path).await.expect(200).all(".badge").concat().contains("取り消し"));
    assert!(member.browser.is_signed_in().await, "cancelling ends no session");
}

#[tokio::test]
async fn it_stops_its_own_request_whoever_is_signed_in_and_no_later_one() {
    let app = TestApp::start().await;
    let Asked { first, second, member, asking, path } = app.asked().await;
    let other = app.protect(app.member_of(first.member.office).await).await;
    let others_stage = app.ask_administrators(&other.member).await;
    let old = cancel_link(&app, &member.member).await;
    first.browser.decline(&path).await.expect_redirect(&path);
    let before = world(&app);
    second.browser.get(&old).await.expect(410);
    asking.ask_administrators().await.expect_redirect("/login/recovery");
    let again = world(&app);
    assert_ne!(again, before);
    let new = cancel_link(&app, &member.member).await;
    assert_ne!(old, new);
    app.browser().get(&old).await.expect(410);

    // Opened in the browser of another member who has asked, too.
    let form = others_stage.get(&new).await.expect(200).form(&new);
    form.submit(&others_stage).await.expect(200);
    let state = |id| {
        let sql = format!("SELECT state AS line FROM release_requests WHERE user_id = {id} ORDER BY created_at, state");
        app.database.lines(&sql)
    };
    let mut states = state(member.member.id);
    states.sort();
    assert_eq!(states, ["cancelled", "declined"]);
    assert_eq!(state(other.member.id), ["open"]);
    assert!(others_stage.get("/login/recovery").await.expect(200).text().contains("依頼しています"));
}

#[tokio::test]
async fn it_is_good_for_nothing_else_and_no_other_link_cancels() {
    let app = TestApp::start().await;
    let Asked { member, .. } = app.asked().await;
    let token = cancel_link(&app, &member.member).await.strip_prefix(PREFIX).expect("a token").to_owned();
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.member.email).submit(&visitor).await.expect(200);
    let reset = app.mailbox.newest(&member.member.email, "再設定").await.path("/password-reset/");
    let before = world(&app);
    for prefix in ["/password-reset/", "/two-factor-release/", "/two-factor-release-cancel/", "/email-confirmation/"] {
        let page = visitor.get(&format!("{prefix}{token}")).await;
        assert!((400..500).contains(&page.status), "{prefix}: {}", page.status);
        assert!(!page.has_form(&format!("{prefix}{token}")));
    }
    let reset = reset.strip_prefix("/password-reset/").expect("a token");
    for dead in [reset, "", "AAAA", &"A".repeat(43)] {
        let page = visitor.get(&format!("{PREFIX}{dead}")).await;
        assert!((400..500).contains(&page.status), "{dead}: {}", page.status);
    }
    assert_eq!(world(&app), before);
}

#[tokio::test]
async fn it_dies_with_the_request() {
    let app = TestApp::start().await;
    let Asked { first, second, member, asking, path } = app.asked().await;
    let link = cancel_link(&app, &member.member).await;
    let visitor = app.browser();
    let form = visitor.get(&link).await.expect(200).form(&link);
    let code = app.fresh_code(&member.authenticator);
    asking.enter_security_code(&code).await.expect(303);
    let before = world(&app);
    form.submit(&visitor).await.expect(410);
    visitor.get(&link).await.expect(410);
    assert_eq!(world(&app), before);

    app.turn(Seconds(30));
    app.ask_administrators(&member.member).await;
    let link = cancel_link(&app, &member.member).await;
    let form = visitor.get(&link).await.expect(200).form(&link);
    let approved = app.request_path(&first.member).await;
    assert_ne!(approved, path);
    let code = app.fresh_code(&second.authenticator);
    second.browser.approve(&approved, NOTE, &code).await.expect_redirect(&approved);
    let before = world(&app);
    form.submit(&visitor).await.expect(410);
    assert_eq!(world(&app), before);
}
