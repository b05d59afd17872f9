//! A clock that is turned back after a sign-in, and set right again.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;

#[tokio::test]
async fn spent_steps_stay_spent_and_cost_no_try_and_the_right_time_opens_the_door_again() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds::hours(2));
    app.signed_in(&person).await;

    app.turn(Seconds::hours(-1));
    let stage = app.password_proven(&person.member).await;
    // More than any counter of failures would let pass.
    for _ in 0..12 {
        app.turn(Seconds(30));
        let page = stage.enter_security_code(&person.authenticator.code_at(app.now())).await.expect(422);
        assert!(!page.errors().is_empty());
    }
    assert!(!stage.is_signed_in().await);
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
    assert_eq!(app.database.lines(&sql), ["0"], "the right code of a spent step was counted as a guess");
    // The sheet does not depend on the clock.
    stage.enter_backup_code(&person.codes[0]).await.expect(303);

    app.turn(Seconds(3_600 - 12 * 30));
    app.signed_in(&person).await;
}
