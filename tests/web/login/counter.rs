//! What does not clear the failure counter.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::members::PASSWORD;

const NEW_PASSWORD: &str = "別の長い合言葉を選ぶ";

#[tokio::test]
async fn no_act_without_a_second_factor_clears_the_counter() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = &person.browser;
    let stage = app.password_proven(&person.member).await;
    for _ in 0..5 {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    let waits = async |what: &str| {
        let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
        assert_eq!(app.database.lines(&sql), ["5"], "{what}");
    };

    browser.request_release().await.expect(303);
    browser.request_release().await.expect(303);
    waits("a mail, and the mail again").await;
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    let cancel = mail.path("/two-factor-release-cancel/");
    browser.get(&cancel).await.expect(200).form(&cancel).submit(browser).await.expect(200);
    waits("a cancelled release").await;
    let form = browser.get("/account/two-factor").await.expect(200).form("/account/two-factor/setup");
    let right = person.authenticator.code_at(app.now());
    form.fill("password", PASSWORD).fill("code", &right).submit(browser).await.expect(429);
    waits("a set-up that was not begun").await;
    let form = browser.get("/account/profile").await.expect(200).form("/account/profile");
    form.fill("name", "控 華子").submit(browser).await.expect(303);
    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    let form = form.fill("current_password", PASSWORD).fill("new_password", NEW_PASSWORD);
    form.submit(browser).await.expect(303);
    waits("another name and password").await;
    let form = browser.get("/account/email").await.expect(200).form("/account/email");
    form.fill("email", "moved@example.jp").fill("password", NEW_PASSWORD).submit(browser).await.expect(303);
    let path = app.mailbox.newest("moved@example.jp", "メールアドレス").await.path("/email-confirmation/");
    browser.get(&path).await.expect(200).form(&path).submit(browser).await.expect(200);
    waits("another address").await;
    browser.sign_out().await.expect(303);
    app.browser().sign_in_with("moved@example.jp", NEW_PASSWORD).await.expect_redirect("/login/code");
    waits("signing out and in").await;

    let stage = app.browser();
    stage.sign_in_with("moved@example.jp", NEW_PASSWORD).await.expect_redirect("/login/code");
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
    app.turn(Seconds(60));
    stage.enter_backup_code("000000001").await.expect(422);
    let page = stage.enter_backup_code(&person.codes[0]).await.expect(429);
    assert_eq!(page.header("retry-after"), Some("300"), "the waiting goes on where it was");
}
