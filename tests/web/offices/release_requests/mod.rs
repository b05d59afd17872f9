//! 方法B: a member asks, an administrator decides.

mod approving;
mod asking;
mod bindings;
mod cancelling;
mod endings;
mod races;
mod strangers;
mod traces;

use hikae::service::verify_audit::verify_audit;

use crate::support::app::TestApp;
use crate::support::members::Member;
use crate::support::offices::Pair;

/// How an administrator has made sure who asks.
const NOTE: &str = "内線に電話し、社員番号を確認";

/// Everything that an act on a request could change, for «nothing has changed».
fn world(app: &TestApp) -> Vec<String> {
    [
        "SELECT 'request ' || id || ' ' || state || ' ' || COALESCE(decided_by, 0) || ' ' || COALESCE(note, '') AS line \
         FROM release_requests ORDER BY 1",
        "SELECT 'set-up ' || user_id || ' ' || set_up_id AS line FROM two_factors ORDER BY 1",
        "SELECT 'codes of ' || user_id || ' ' || number AS line FROM generations WHERE voided_at IS NULL ORDER BY 1",
        "SELECT 'session ' || id || ' ' || stage AS line FROM sessions ORDER BY 1",
        "SELECT 'links ' || count(*) AS line FROM links WHERE ended_at IS NULL",
        "SELECT 'mails ' || count(*) AS line FROM outbox",
        "SELECT 'step ' || user_id || ' ' || COALESCE(last_step, 0) AS line FROM attempts ORDER BY 1",
    ]
    .iter()
    .flat_map(|sql| app.database.lines(sql))
    .collect()
}

/// How many mails an address has whose subject holds these words.
async fn told(app: &TestApp, member: &Member, subject: &str) -> usize {
    app.mailbox.to(&member.email).await.iter().filter(|mail| mail.subject.contains(subject)).count()
}

/// The rows of the trail about a member's requests, oldest first: what, how it went, whose act,
/// in which office.
fn trail(app: &TestApp, member: &Member) -> Vec<String> {
    app.database.lines(&format!(
        "SELECT action || ' ' || outcome || ' by ' || COALESCE(actor_id, 0) || ' in ' || COALESCE(office_id, 0) AS line \
         FROM audit_events WHERE subject_id = {} AND action LIKE 'release_request.%' ORDER BY seq",
        member.id
    ))
}

/// Asserts that the audit trail is whole.
async fn assert_whole_trail(app: &TestApp) {
    assert_eq!(verify_audit(&app.services).await.expect("the trail is read").broken, None);
}

#[tokio::test]
async fn an_administrator_lets_a_member_back_in() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let asking = app.ask_administrators(&member.member).await;
    let page = asking.get("/login/recovery").await.expect(200);
    assert!(page.text().contains("依頼しています") && !page.has_form("解除依頼メールを送信"), "{}", page.text());
    let told = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
    assert!(told.path("/release-request-cancel/").len() > 40);

    let path = app.request_path(&admin.member).await;
    let page = admin.browser.get(&path).await.expect(200);
    assert!(page.text().contains(&member.member.email), "{}", page.text());
    let code = app.fresh_code(&admin.authenticator);
    let page = admin.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
    let page = admin.browser.follow(page).await.expect(200);
    assert!(page.notice().contains("二要素認証を解除しました") && page.text().contains(NOTE), "{}", page.text());

    assert!(!member.browser.is_signed_in().await, "a release ends every session");
    asking.get("/login/recovery").await.expect_redirect("/login");
    app.mailbox.newest(&member.member.email, "管理者が二要素認証を解除").await;
    app.browser().sign_in(&member.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn the_dashboard_tells_administrators_that_a_request_waits() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let dashboard = async || admin.browser.get("/account").await.expect(200).notice();
    assert!(!dashboard().await.contains("対応待ち"));
    app.ask_administrators(&member.member).await;
    assert!(dashboard().await.contains("対応待ちの解除依頼が1件あります"), "{}", dashboard().await);
    let path = app.request_path(&admin.member).await;
    admin.browser.decline(&path).await.expect_redirect(&path);
    assert!(!dashboard().await.contains("対応待ち"));
}
