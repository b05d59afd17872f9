//! 方法B: a member asks, an administrator decides.

use crate::support::app::TestApp;
use crate::support::offices::Pair;

const NOTE: &str = "内線に電話し、社員番号を確認";

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
