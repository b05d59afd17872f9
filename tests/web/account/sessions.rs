//! Signed-in devices, and how sessions end.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;

const END_OTHERS: &str = "/account/sessions/end-others";

#[tokio::test]
async fn one_session_is_ended_at_once_and_the_others_stay() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let (mine, theirs, third) = (app.browser(), app.browser(), app.browser());
    mine.sign_in(&member).await.expect(303);
    theirs.clone().with_header("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1")
        .sign_in(&member)
        .await
        .expect(303);
    app.turn(Seconds(60));
    third.sign_in(&member).await.expect(303);

    let page = mine.get("/account/sessions").await.expect(200);
    assert!(page.text().contains("iPhone"), "{}", page.text());
    let rows = page.all("tr, li").into_iter().filter(|row| row.contains("iPhone")).count();
    assert_eq!(rows, 1, "{}", page.text());
    let row = page.all("tbody tr").iter().position(|row| row.contains("iPhone")).expect("the phone's row");
    let action = page.attributes("tbody tr form", "action").swap_remove(row);
    page.form(&action).submit(&mine).await.expect(303);
    assert!(!theirs.is_signed_in().await);
    assert!(mine.is_signed_in().await && third.is_signed_in().await, "ending one ended another");
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let others = [app.signed_in(&person).await, app.signed_in(&person).await];
    let stage = app.password_proven(&person.member).await;
    let page = person.browser.get("/account/sessions").await.expect(200);
    page.form(END_OTHERS).submit(&person.browser).await.expect(303);
    for other in &others {
        assert!(!other.is_signed_in().await);
    }
    stage.get("/login/code").await.expect_redirect("/login");
    assert!(person.browser.is_signed_in().await);
    let page = person.browser.get("/account/sessions").await.expect(200);
    assert!(page.attributes("form[action$='/end']", "action").len() <= 1, "{}", page.text());
}

#[tokio::test]
async fn the_session_of_another_member_is_not_there() {
    let app = TestApp::start().await;
    let (member, other) = (app.member().await, app.member().await);
    let (mine, theirs) = (app.browser(), app.browser());
    mine.sign_in(&member).await.expect(303);
    theirs.sign_in(&other).await.expect(303);
    let sql = format!("SELECT CAST(id AS TEXT) AS line FROM sessions WHERE user_id = {}", other.id);
    let id = app.database.lines(&sql).concat();
    let token = mine.get("/account").await.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    for id in [id.as_str(), "1", "-1", "0", "x", "99999999999999999999"] {
        let page =
            mine.submit(&format!("/account/sessions/{id}/end"), &[("csrf_token".to_owned(), token.clone())]).await;
        assert_eq!(page.status, 404, "{id}");
    }
    assert!(theirs.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_at_the_latest_after_its_total_time() {
    let app = TestApp::with().sessions(Seconds::minutes(30), Seconds::hours(2)).start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    app.turn(Seconds::minutes(31));
    assert!(!browser.is_signed_in().await, "idle");

    browser.sign_in(&member).await.expect(303);
    for _ in 0..5 {
        app.turn(Seconds::minutes(20));
        assert!(browser.is_signed_in().await, "used every twenty minutes");
    }
    app.turn(Seconds::minutes(21));
    assert!(!browser.is_signed_in().await, "two hours are over");
}

#[tokio::test]
async fn a_session_that_was_ended_by_the_operator_is_dead() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::end_user_sessions(&app.services, &email).await.expect("no fault").expect("the member is known");
    assert!(!person.browser.is_signed_in().await);
    stage.get("/login/code").await.expect_redirect("/login");
    app.signed_in(&person).await;
}

#[tokio::test]
async fn the_key_of_a_session_stands_in_no_table() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let (_, cookie) = browser.session_cookie().expect("a session");
    let key = crate::support::cookie::session_key(&browser);
    assert_eq!(key.len(), 43, "256 bits are 43 letters");
    let mut places = app.database.dump();
    crate::support::secrets::read_folder(app.data.path(), &mut places);
    let secrets =
        [crate::support::secrets::Secret::text("cookie", &cookie), crate::support::secrets::Secret::text("key", &key)];
    crate::support::secrets::assert_none(&secrets, &places);
}
