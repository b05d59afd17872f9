//! `hikae codes void-all`, beside a portal that serves.

use crate::beside;
use crate::portal::Portal;

#[tokio::test]
async fn every_sheet_is_void_and_its_owner_goes_on_with_the_authenticator() {
    let app = beside::portal().await;
    let (first, second) = (app.protected_member().await, app.protected_member().await);
    second.browser.reissue(&app.fresh_code(&second.authenticator)).await.expect(200);
    let bystander = app.member().await;

    beside::run(&app, &["codes", "void-all"]).await.refused(&["2 member(s)", "--yes"]);
    let stage = app.password_proven(&first.member).await;
    stage.enter_backup_code(&first.codes[0]).await.expect(303);

    assert_eq!(beside::run(&app, &["codes", "void-all", "--yes", "--json"]).await.json()["voided"], 2);
    assert!(app.database.lines("SELECT number || '' AS line FROM backup_codes").is_empty(), "codes are forgotten");
    let stage = app.password_proven(&first.member).await;
    stage.enter_backup_code(&first.codes[1]).await.expect(422);
    stage.enter_security_code(&app.fresh_code(&first.authenticator)).await.expect(303);
    let page = stage.get("/account/two-factor").await.expect(200);
    assert!(page.text().contains("未発行"), "{}", page.text());

    beside::catch_up(&app);
    for person in [&first, &second] {
        let mail = app.mailbox.newest(&person.member.email, "バックアップコードが無効になりました").await;
        assert!(mail.text.contains("運用担当者") && mail.text.contains("認証アプリ"), "{}", mail.text);
        assert_eq!(mail.path("/account/"), "/account/two-factor/backup-codes/reissue");
    }
    let told = app.database.lines(&format!(
        "SELECT subject_id || '' AS line FROM audit_events \
         WHERE action = 'backup_codes.voided' AND subject_id = {}",
        bystander.id
    ));
    assert!(told.is_empty());

    let page = stage.reissue(&app.fresh_code(&first.authenticator)).await.expect(200);
    let stage = app.password_proven(&first.member).await;
    stage.enter_backup_code(&page.codes()[0]).await.expect(303);
    beside::run(&app, &["audit", "verify"]).await.done();
}

/// A restored backup or a leaked key file is answered for every sheet, whatever clock it was issued by.
#[tokio::test]
async fn a_sheet_of_a_clock_that_ran_ahead_is_void_like_all_others() {
    let app = beside::portal().await;
    let ahead = app.protected_member().await;
    app.database.execute("UPDATE generations SET issued_at = issued_at + 500000000");
    let person = app.protected_member().await;
    beside::run(&app, &["codes", "void-all"]).await.refused(&["2 member(s)", "--yes"]);
    assert_eq!(beside::run(&app, &["codes", "void-all", "--yes", "--json"]).await.json()["voided"], 2);
    for person in [&ahead, &person] {
        app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(422);
    }
}

#[test]
fn where_no_sheet_counts_there_is_nothing_to_ask() {
    let (portal, _) = Portal::with_office("ひかえ", "none");
    assert_eq!(portal.run(&["codes", "void-all", "--json"]).json()["voided"], 0);
    Portal::empty_on_sqlite().run(&["codes", "void-all"]).refused(&["no database"]);
}
