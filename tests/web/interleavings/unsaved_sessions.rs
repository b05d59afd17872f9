//! The codes are shown once. They are shown even when the browser's session cannot be saved
//! afterwards, for they count from the transaction on.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::database::Database;
use crate::support::members::PASSWORD;

/// From now on the table of the browsers' sessions can be read, and neither written nor cleared.
fn refuse_to_save_sessions(database: &Database) {
    match database {
        Database::Sqlite(_) => database.execute(
            "CREATE TRIGGER no_insert BEFORE INSERT ON web_sessions BEGIN SELECT RAISE(ABORT, 'full'); END; \
             CREATE TRIGGER no_update BEFORE UPDATE ON web_sessions BEGIN SELECT RAISE(ABORT, 'full'); END; \
             CREATE TRIGGER no_delete BEFORE DELETE ON web_sessions BEGIN SELECT RAISE(ABORT, 'full'); END",
        ),
        Database::Postgres(_) => database.execute(
            "ALTER TABLE web_sessions ADD CONSTRAINT no_writes CHECK (expires_at < 0) NOT VALID; \
             CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full''; END'; \
             CREATE TRIGGER no_delete BEFORE DELETE ON web_sessions FOR EACH ROW EXECUTE FUNCTION full_disk()",
        ),
    }
}

fn save_sessions_again(database: &Database) {
    match database {
        Database::Sqlite(_) => {
            database.execute("DROP TRIGGER no_insert; DROP TRIGGER no_update; DROP TRIGGER no_delete")
        }
        Database::Postgres(_) => database
            .execute("ALTER TABLE web_sessions DROP CONSTRAINT no_writes; DROP TRIGGER no_delete ON web_sessions"),
    }
}

#[tokio::test]
async fn the_first_codes_are_shown_when_the_session_cannot_be_saved() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(PASSWORD).await;
    let form = browser.get("/account/two-factor/setup").await.expect(200).form("/account/two-factor/setup/confirm");
    let form = form.fill("code", &authenticator.code_at(app.now()));
    refuse_to_save_sessions(&app.database);
    let codes = form.submit(&browser).await.expect(200).codes();
    assert_eq!(codes.len(), 10);

    save_sessions_again(&app.database);
    app.password_proven(&member).await.enter_backup_code(&codes[0]).await.expect(303);
}

#[tokio::test]
async fn reissued_codes_are_shown_when_the_session_cannot_be_saved() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let form = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
    let form = form.fill("code", &app.fresh_code(&person.authenticator));
    refuse_to_save_sessions(&app.database);
    let codes = form.submit(&person.browser).await.expect(200).codes();
    assert_eq!(codes.len(), 10);
    assert_ne!(codes, person.codes);

    save_sessions_again(&app.database);
    app.turn(Seconds(30));
    app.password_proven(&person.member).await.enter_backup_code(&codes[0]).await.expect(303);
}
