//! What is left in the database of a second factor that is gone.

use hikae::domain::email::EmailAddress;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::members::PASSWORD;

/// How many rows hold something that could open an account or release one.
fn rows(app: &TestApp) -> Vec<(&'static str, String)> {
    [
        "two_factors",
        "pending_set_ups",
        "backup_codes",
        "generations WHERE voided_at IS NULL",
        "links WHERE ended_at IS NULL",
        "sessions",
    ]
    .into_iter()
    .map(|what| (what, app.database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {what}")).concat()))
    .collect()
}

#[tokio::test]
async fn a_release_leaves_no_key_no_code_no_set_up_no_link_and_no_session() {
    for by_mail in [true, false] {
        let app = TestApp::start().await;
        let person = app.protected_member().await;
        let code = app.fresh_code(&person.authenticator);
        person.browser.reissue(&code).await.expect(200);
        let form = person.browser.get("/account/two-factor").await.expect(200).form("/account/two-factor/setup");
        let code = app.fresh_code(&person.authenticator);
        let page = form.fill("password", PASSWORD).fill("code", &code).submit(&person.browser).await;
        page.expect_redirect("/account/two-factor/setup");
        app.password_proven(&person.member).await;
        person.browser.request_release().await.expect(303);
        let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
        assert!(rows(&app).iter().all(|(_, count)| count != "0"), "{:?}", rows(&app));
        if by_mail {
            app.browser().release(&path, PASSWORD).await.expect(303);
        } else {
            let email = EmailAddress::parse(&person.member.email).expect("an address");
            operator::release_user(&app.services, &email).await.expect("released");
        }
        assert!(rows(&app).iter().all(|(_, count)| count == "0"), "{:?}", rows(&app));
    }
}

#[tokio::test]
async fn a_cancelled_set_up_leaves_no_row() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    browser.start_set_up(PASSWORD).await;
    let page = browser.get("/account/two-factor/setup").await.expect(200);
    page.form("/account/two-factor/setup/cancel").submit(&browser).await.expect(303);
    let left = rows(&app);
    assert!(left.iter().all(|(what, count)| *what == "sessions" || count == "0"), "{left:?}");
}
