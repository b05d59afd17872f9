//! Faults in the middle of an act: nothing is granted, nothing is spent, nothing is half done,
//! and afterwards everything goes on.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::database::Database;
use crate::support::members::{PASSWORD, Protected};

const NEW_PASSWORD: &str = "別の長い合言葉を選ぶ";

/// Rows of a table that the database refuses from now on, as a full disk would.
struct Refused<'a> {
    app: &'a TestApp,
    table: &'static str,
}

impl<'a> Refused<'a> {
    /// Refuses rows whose `column` fits the comparison.
    fn rows(app: &'a TestApp, table: &'static str, column: &str, comparison: &str) -> Self {
        app.database.execute(&match &app.database {
            Database::Sqlite(_) => ["INSERT", "UPDATE"].map(|write| format!(
                "CREATE TRIGGER refused_{write}_{table} BEFORE {write} ON {table} WHEN NEW.{column} {comparison} \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END;"
            )).concat(),
            Database::Postgres(_) => format!(
                "ALTER TABLE {table} ADD CONSTRAINT refused_{table} CHECK (NOT ({column} {comparison})) NOT VALID"
            ),
        });
        Self { app, table }
    }

    fn repair(self) {
        let table = self.table;
        self.app.database.execute(&match &self.app.database {
            Database::Sqlite(_) => {
                format!("DROP TRIGGER refused_INSERT_{table}; DROP TRIGGER refused_UPDATE_{table}")
            }
            Database::Postgres(_) => format!("ALTER TABLE {table} DROP CONSTRAINT refused_{table}"),
        });
    }
}

fn count(app: &TestApp, what: &str) -> String {
    app.database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {what}")).concat()
}

fn failures(app: &TestApp, person: &Protected) -> String {
    let id = person.member.id;
    app.database.lines(&format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {id}")).concat()
}

#[tokio::test]
async fn a_fault_while_a_sheet_is_issued_leaves_the_old_one_whole() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let other = app.signed_in(&person).await;
    let state = person.browser.two_factor_state().await;
    let mails = count(&app, "outbox");
    // The old sheet is void by then, and six codes of the new one are written.
    let refused = Refused::rows(&app, "backup_codes", "number", "= 7");
    let code = app.fresh_code(&person.authenticator);
    let page = person.browser.reissue(&code).await.expect(500);
    assert!(page.codes().is_empty() && !page.h1().is_empty());
    assert_eq!(person.browser.two_factor_state().await, state);
    assert_eq!(count(&app, "outbox"), mails, "a mail tells what did not happen");
    assert!(other.is_signed_in().await);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);

    refused.repair();
    let code = app.fresh_code(&person.authenticator);
    let page = person.browser.reissue(&code).await.expect(200);
    assert_eq!(page.codes().len(), 10);
    assert!(page.text().contains("第2回"), "{}", page.text());
}

#[tokio::test]
async fn a_fault_while_setting_up_switches_nothing_on() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(PASSWORD).await;
    let refused = Refused::rows(&app, "backup_codes", "number", "= 10");
    let page = browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(500);
    assert!(page.codes().is_empty());
    app.browser().sign_in(&member).await.expect_redirect("/account");
    assert_eq!(count(&app, "generations"), "0");

    refused.repair();
    let code = app.fresh_code(&authenticator);
    assert_eq!(browser.confirm_set_up(&code).await.expect(200).codes().len(), 10);
    app.browser().sign_in(&member).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn a_backup_code_is_spent_with_its_session_its_row_and_its_mail_or_not_at_all() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    for (number, (table, column, comparison)) in [
        ("sessions", "stage", "= 'complete'"),
        ("audit_events", "action", "= 'sign_in.backup_code'"),
        ("outbox", "id", "IS NOT NULL"),
    ]
    .into_iter()
    .enumerate()
    {
        let stage = app.password_proven(&person.member).await;
        let (mails, rows) = (count(&app, "outbox"), count(&app, "audit_events"));
        let refused = Refused::rows(&app, table, column, comparison);
        stage.enter_backup_code(&person.codes[number]).await.expect(500);
        assert!(!stage.is_signed_in().await, "signed in without {table}");
        if number == 0 {
            assert_eq!(person.browser.two_factor_state().await, state, "spent without {table}");
        }
        assert_eq!((count(&app, "outbox"), count(&app, "audit_events")), (mails, rows), "half done without {table}");
        assert_eq!(failures(&app, &person), "0");
        refused.repair();
        stage.enter_backup_code(&person.codes[number]).await.expect_redirect("/account/two-factor");
    }
}

#[tokio::test]
async fn a_security_code_is_spent_with_its_session_and_its_row_or_not_at_all() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for (table, column, comparison) in
        [("sessions", "stage", "= 'complete'"), ("audit_events", "action", "= 'sign_in.security_code'")]
    {
        let stage = app.password_proven(&person.member).await;
        let code = app.fresh_code(&person.authenticator);
        let refused = Refused::rows(&app, table, column, comparison);
        stage.enter_security_code(&code).await.expect(500);
        assert!(!stage.is_signed_in().await, "signed in without {table}");
        refused.repair();
        stage.enter_security_code(&code).await.expect_redirect("/account");
    }
}

#[tokio::test]
async fn a_fault_neither_spends_a_try_nor_gives_one() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let refused = Refused::rows(&app, "audit_events", "action", "LIKE 'sign_in.%'");
    let wrong = person.authenticator.wrong_code_at(app.now());
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(stage.enter_backup_code("000000001").await.expect(500).text());
        answers.push(stage.enter_security_code(&wrong).await.expect(500).text());
    }
    answers.push(stage.enter_backup_code(&person.codes[0]).await.expect(500).text());
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the fault tells right from wrong: {answers:#?}");
    assert_eq!(failures(&app, &person), "0");

    refused.repair();
    for _ in 0..5 {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
}

#[tokio::test]
async fn a_release_is_done_with_its_mail_and_its_row_or_not_at_all() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    person.browser.request_release().await.expect(303);
    let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    let path = mail.path("/two-factor-release/");
    for (table, column, comparison) in
        [("outbox", "id", "IS NOT NULL"), ("audit_events", "action", "= 'two_factor.released'")]
    {
        let refused = Refused::rows(&app, table, column, comparison);
        app.browser().release(&path, PASSWORD).await.expect(500);
        assert!(person.browser.is_signed_in().await, "sessions ended without {table}");
        app.password_proven(&person.member).await;
        refused.repair();
    }
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    app.browser().release(&path, PASSWORD).await.expect(303);
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_change_of_password_that_cannot_be_told_does_not_happen() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let refused = Refused::rows(&app, "outbox", "id", "IS NOT NULL");
    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    let form = form.fill("current_password", PASSWORD).fill("new_password", NEW_PASSWORD);
    form.submit(&browser).await.expect(500);
    refused.repair();
    app.browser().sign_in_with(&member.email, NEW_PASSWORD).await.expect(422);
    app.browser().sign_in(&member).await.expect_redirect("/account");
    form.submit(&browser).await.expect(303);
    app.browser().sign_in_with(&member.email, NEW_PASSWORD).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_second_factor_that_cannot_be_read_is_never_none() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for (broken, mended) in [
        ("ALTER TABLE two_factors RENAME TO elsewhere", "ALTER TABLE elsewhere RENAME TO two_factors"),
        (
            "ALTER TABLE two_factors RENAME COLUMN code_salt TO lost",
            "ALTER TABLE two_factors RENAME COLUMN lost TO code_salt",
        ),
        (
            "CREATE TABLE kept AS SELECT * FROM two_factors; UPDATE two_factors SET code_salt = substr(code_salt, 1, 5)",
            "UPDATE two_factors SET code_salt = (SELECT kept.code_salt FROM kept WHERE kept.user_id = two_factors.user_id); \
             DROP TABLE kept",
        ),
    ] {
        app.database.execute(broken);
        let browser = app.browser();
        let page = browser.sign_in(&person.member).await.expect(500);
        assert!(!page.h1().is_empty());
        assert!(!browser.is_signed_in().await, "{broken}");
        let code = app.fresh_code(&person.authenticator);
        stage.enter_security_code(&code).await.expect(500);
        stage.enter_backup_code(&person.codes[0]).await.expect(500);
        assert!(!stage.is_signed_in().await, "{broken}");
        app.browser().get("/healthz").await.expect(200);
        app.database.execute(mended);
    }
    let code = app.fresh_code(&person.authenticator);
    stage.enter_security_code(&code).await.expect_redirect("/account");
}

#[tokio::test]
async fn an_account_without_its_counter_is_a_fault_and_spends_no_code() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    app.database.execute("CREATE TABLE kept AS SELECT * FROM attempts; DELETE FROM attempts");
    stage.enter_backup_code(&person.codes[0]).await.expect(500);
    assert!(!stage.is_signed_in().await);
    app.database.execute("INSERT INTO attempts SELECT * FROM kept; DROP TABLE kept");
    stage.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn a_database_that_cannot_be_written_keeps_no_page_from_whoever_is_signed_in() {
    let app = TestApp::with().sessions(Seconds::minutes(30), Seconds::hours(8)).start().await;
    let person = app.protected_member().await;
    let browser = &person.browser;
    let seen = || app.database.lines("SELECT CAST(max(last_seen_at) AS TEXT) AS line FROM sessions").concat();
    browser.get("/account").await.expect(200);
    let before = seen();
    app.database.execute("UPDATE users SET language = NULL");
    let refused = Refused::rows(&app, "sessions", "last_seen_at", "IS NOT NULL");
    let languages = Refused::rows(&app, "users", "language", "IS NOT NULL");
    app.turn(Seconds::minutes(20));
    for path in ["/account", "/account/two-factor", "/account/activity"] {
        browser.get(path).await.expect(200);
    }
    // A language that was chosen on this browser and cannot be kept is spoken all the same.
    let mut cookies = browser.cookies();
    cookies.insert("hikae_language".to_owned(), "en".to_owned());
    browser.plant_cookies(cookies);
    assert_eq!(browser.get("/account").await.expect(200).attributes("html", "lang"), ["en"]);
    assert_eq!(seen(), before);
    // What was not written is not known: the session ends when it was last known to be used.
    app.turn(Seconds::minutes(11));
    assert!(!browser.is_signed_in().await, "a session outlived its idle limit");
    refused.repair();
    languages.repair();

    let browser = app.signed_in(&person).await;
    app.turn(Seconds::minutes(20));
    browser.get("/account").await.expect(200);
    app.turn(Seconds::minutes(20));
    assert!(browser.is_signed_in().await);
}
