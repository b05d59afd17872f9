//! The total limit of a session, which no activity moves.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;

#[tokio::test]
async fn forms_sent_in_between_do_not_move_the_total_limit() {
    let app = TestApp::with().sessions(Seconds::minutes(30), Seconds::hours(2)).start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    for minute in [20, 40, 60, 80, 100, 119] {
        app.turn(Seconds::minutes(if minute == 119 { 19 } else { 20 }));
        // Each form leaves a message for the next page, which writes the browser's session anew.
        let form = browser.get("/account/profile").await.expect(200).form("/account/profile");
        form.fill("name", &format!("控 花子{minute}")).submit(&browser).await.expect(303);
        assert!(!browser.get("/account/profile").await.expect(200).notice().is_empty());
    }
    app.turn(Seconds::minutes(1));
    assert!(!browser.is_signed_in().await, "two hours are over");
}
