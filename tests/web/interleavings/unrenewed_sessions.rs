//! A fresh proof gives the session a new key in the transaction of its act. When it cannot be
//! given, nothing has been done, and no code has been shown (SC-17, SC-30).

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::database::Database;
use crate::support::members::PASSWORD;

/// From now on no session can be given another key.
fn refuse_new_keys(database: &Database) {
    match database {
        Database::Sqlite(_) => database.execute(
            "CREATE TRIGGER no_new_key BEFORE UPDATE OF key_digest ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END",
        ),
        Database::Postgres(_) => database.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full''; END'; \
             CREATE TRIGGER no_new_key BEFORE UPDATE OF key_digest ON sessions FOR EACH ROW EXECUTE FUNCTION full_disk()",
        ),
    }
}

fn give_new_keys_again(database: &Database) {
    match database {
        Database::Sqlite(_) => database.execute("DROP TRIGGER no_new_key"),
        Database::Postgres(_) => database.execute("DROP TRIGGER no_new_key ON sessions"),
    }
}

fn issues(app: &TestApp) -> usize {
    let outcome = "SELECT action AS line FROM audit_events WHERE action LIKE 'backup_codes.%' AND outcome = 'done'";
    app.database.lines("SELECT sheet_id AS line FROM generations").len() + app.database.lines(outcome).len()
}

#[tokio::test]
async fn a_set_up_is_not_confirmed_when_the_session_cannot_be_renewed() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(PASSWORD).await;
    let path = "/account/two-factor/setup/confirm";
    let form = browser.get("/account/two-factor/setup").await.expect(200).form(path);
    refuse_new_keys(&app.database);
    let page = form.fill("code", &authenticator.code_at(app.now())).submit(&browser).await.expect(500);
    assert!(page.codes().is_empty());
    assert_eq!(issues(&app), 0);

    give_new_keys_again(&app.database);
    app.turn(Seconds(30));
    let form = browser.get("/account/two-factor/setup").await.expect(200).form(path);
    let codes = form.fill("code", &authenticator.code_at(app.now())).submit(&browser).await.expect(200).codes();
    app.password_proven(&member).await.enter_backup_code(&codes[0]).await.expect(303);
}

#[tokio::test]
async fn the_earlier_sheet_stays_when_the_session_cannot_be_renewed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let path = "/account/two-factor/backup-codes/reissue";
    let form = person.browser.get(path).await.expect(200).form("再発行");
    let before = issues(&app);
    refuse_new_keys(&app.database);
    let code = app.fresh_code(&person.authenticator);
    let page = form.fill("code", &code).submit(&person.browser).await.expect(500);
    assert!(page.codes().is_empty());
    assert_eq!(issues(&app), before);

    give_new_keys_again(&app.database);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    app.turn(Seconds(30));
    let form = person.browser.get(path).await.expect(200).form("再発行");
    let code = app.fresh_code(&person.authenticator);
    let codes = form.fill("code", &code).submit(&person.browser).await.expect(200).codes();
    assert_ne!(codes, person.codes);
}
