//! The member's own trail.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;

const PATH: &str = "/account/activity";

#[tokio::test]
async fn every_attempt_and_change_is_shown_to_its_owner_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let entries = async || person.browser.get(PATH).await.expect(200).all("tbody tr, .activity li").len();
    let before = entries().await;
    app.browser().sign_in_with(&person.member.email, "まったく違うパスワード").await.expect(422);
    assert_eq!(entries().await, before + 1, "a wrong password");
    let stage = app.password_proven(&person.member).await;
    assert_eq!(entries().await, before + 2, "a right password");
    app.turn(Seconds(30));
    stage.enter_security_code(&person.authenticator.wrong_code_at(app.now())).await.expect(422);
    assert_eq!(entries().await, before + 3, "a wrong security code");
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
    assert_eq!(entries().await, before + 4, "a used backup code");

    let theirs = other.browser.get(PATH).await.expect(200);
    assert_eq!(theirs.all("tbody tr, .activity li").len(), before, "{}", theirs.text());
    let page = person.browser.get(PATH).await.expect(200);
    assert!(person.codes.iter().all(|code| !page.html.contains(code)));
}

#[tokio::test]
async fn fifty_stand_on_a_page_and_older_ones_behind_a_link() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for _ in 0..27 {
        let browser = app.browser();
        browser.sign_in(&member).await.expect(303);
        browser.sign_out().await.expect(303);
    }
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get(PATH).await.expect(200);
    assert_eq!(page.all("tbody tr, .activity li").len(), 50);
    let older = page.attributes("nav.pagination a", "href").pop().expect("a link to older ones");
    let older = if older.starts_with('?') { format!("{PATH}{older}") } else { older };
    let page = browser.get(&older).await.expect(200);
    let rows = page.all("tbody tr, .activity li").len();
    assert!((1..50).contains(&rows), "{rows}");
    for before in ["x", "-1", "99999999999999999999", ""] {
        let page = browser.get(&format!("{PATH}?before={before}")).await;
        assert!(page.status < 500, "{before}");
    }
}
