//! Rows that somebody with the database in hands has swapped or bent: they open nothing, and the
//! rows of everybody else go on working.

use crate::support::app::TestApp;

#[tokio::test]
async fn a_swapped_or_bent_key_is_a_fault_and_harms_nobody_else() {
    let app = TestApp::start().await;
    let (person, other, bystander) =
        (app.protected_member().await, app.protected_member().await, app.protected_member().await);
    let (a, b) = (person.member.id, other.member.id);
    let of_the_other = |column: &str| format!("(SELECT k.{column} FROM kept k WHERE k.user_id = {b})");
    app.database.execute("CREATE TABLE kept AS SELECT * FROM two_factors");
    for (what, bent) in [
        ("the key of the other", format!("sealed_key = {}", of_the_other("sealed_key"))),
        ("another set-up", "set_up_id = set_up_id + 1".to_owned()),
        ("a key cut short", "sealed_key = substr(sealed_key, 1, 30)".to_owned()),
        ("no key", "sealed_key = substr(sealed_key, 1, 0)".to_owned()),
        ("an unknown key of the key file", "key_id = 'nobody'".to_owned()),
    ] {
        app.database.execute(&format!("UPDATE two_factors SET {bent} WHERE user_id = {a}"));
        let stage = app.password_proven(&person.member).await;
        for authenticator in [&person.authenticator, &other.authenticator] {
            let code = app.fresh_code(authenticator);
            let page = stage.enter_security_code(&code).await.expect(500);
            assert!(!page.h1().is_empty());
            assert!(!stage.is_signed_in().await, "{what}");
        }
        app.browser().get("/healthz").await.expect(200);
        app.signed_in(&bystander).await;
        app.database.execute(&format!(
            "UPDATE two_factors SET sealed_key = (SELECT k.sealed_key FROM kept k WHERE k.user_id = {a}), \
             set_up_id = (SELECT k.set_up_id FROM kept k WHERE k.user_id = {a}), \
             key_id = (SELECT k.key_id FROM kept k WHERE k.user_id = {a}) WHERE user_id = {a}"
        ));
    }
    let failures = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {a}");
    assert_eq!(app.database.lines(&failures), ["0"], "a fault was counted as a failure");
    app.signed_in(&person).await;
}

#[tokio::test]
async fn the_codes_of_another_member_open_nothing_even_in_one_s_own_rows() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let (a, b) = (person.member.id, other.member.id);
    // Everything about A's codes that is no secret of the key file goes into B's rows.
    let of_a = |column: &str| {
        format!(
            "(SELECT c.{column} FROM backup_codes c JOIN generations g ON g.id = c.generation_id \
             WHERE g.user_id = {a} AND c.number = backup_codes.number)"
        )
    };
    app.database.execute(&format!(
        "UPDATE two_factors SET code_salt = (SELECT t.code_salt FROM two_factors t WHERE t.user_id = {a}) \
         WHERE user_id = {b}; \
         UPDATE backup_codes SET salt = {}, tag = {} \
         WHERE generation_id IN (SELECT id FROM generations WHERE user_id = {b})",
        of_a("salt"),
        of_a("tag"),
    ));
    let stage = app.password_proven(&other.member).await;
    stage.enter_backup_code(&person.codes[0]).await.expect(422);
    assert!(!stage.is_signed_in().await);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
}

#[tokio::test]
async fn two_codes_of_a_sheet_cannot_change_places() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    // The used code's tag is written over an unused one, to make it live once more.
    app.database.execute(
        "UPDATE backup_codes SET salt = (SELECT c.salt FROM backup_codes c WHERE c.number = 1), \
         tag = (SELECT c.tag FROM backup_codes c WHERE c.number = 1) WHERE number = 2",
    );
    let stage = app.password_proven(&person.member).await;
    stage.enter_backup_code(&person.codes[0]).await.expect(422);
    assert!(!stage.is_signed_in().await);
}
