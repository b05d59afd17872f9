//! One proven password gives one session, however many hands hold its stage.

use futures_util::future::join_all;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_stage_is_used_up_by_one_of_ten_hands_with_ten_right_codes() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let form = stage.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
    let cookies = stage.cookies();
    let hands = person.codes.iter().map(|code| {
        let (browser, form) = (app.browser(), form.clone().fill("backup_code", code));
        browser.plant_cookies(cookies.clone());
        async move {
            let page = form.submit(&browser).await;
            (page.status, browser.is_signed_in().await)
        }
    });
    let ends = join_all(hands).await;
    assert_eq!(ends.iter().filter(|(_, signed_in)| *signed_in).count(), 1, "{ends:?}");
    assert!(ends.iter().all(|(status, _)| *status < 500), "{ends:?}");
    let page = person.browser.get("/account/two-factor").await.expect(200);
    assert_eq!(page.all(".mark--used").len(), 1, "a code was spent for nothing");
}
