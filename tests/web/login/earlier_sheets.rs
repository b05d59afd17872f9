//! A paper from the drawer: codes of sheets that no longer count, after the right password.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::mailbox::Mail;
use crate::support::members::Protected;
use crate::support::page::Page;

async fn reissued(app: &TestApp, person: &Protected) -> Vec<String> {
    let code = app.fresh_code(&person.authenticator);
    person.browser.reissue(&code).await.expect(200).codes()
}

async fn sheet_id(person: &Protected) -> String {
    person.browser.get("/account/two-factor").await.expect(200).all(".facts code").concat()
}

/// Enters a code; the answer and the mails it made.
async fn entered(app: &TestApp, person: &Protected, code: &str) -> (Page, Vec<Mail>) {
    let before = app.mailbox.count(&person.member.email).await;
    let page = app.password_proven(&person.member).await.enter_backup_code(code).await.expect(422);
    let mails = app.mailbox.to(&person.member.email).await.split_off(before);
    (page, mails)
}

/// The answer without what is new in every answer: the token of its forms, and the time.
fn bytes(page: &Page) -> String {
    let mut html = page.html.clone();
    for token in page.attributes("[name=csrf_token]", "value") {
        html = html.replace(&token, "token");
    }
    html
}

#[tokio::test]
async fn every_sheet_of_the_drawer_gets_the_refusal_of_any_wrong_code_byte_for_byte() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    let second = reissued(&app, &person).await;
    let third = reissued(&app, &person).await;
    app.turn(Seconds::hours(2));
    let (wrong, mails) = entered(&app, &person, "000000001").await;
    assert!(mails.is_empty(), "one wrong code is told to nobody");
    for (code, which) in [
        (&person.codes[0], "used, of the sheet before the last"),
        (&person.codes[1], "unused, of the sheet before the last"),
        (&second[0], "unused, of the last sheet"),
    ] {
        let made = app.services.gate.made();
        let (page, _) = entered(&app, &person, code).await;
        assert_eq!(bytes(&page), bytes(&wrong), "{which}");
        // The password's hash, and the code's.
        assert_eq!(app.services.gate.made() - made, 2, "{which}");
    }
    app.password_proven(&person.member).await.enter_backup_code(&third[0]).await.expect(303);
}

#[tokio::test]
async fn the_mail_names_the_sheet_that_counts_in_both_languages() {
    let app = TestApp::start().await;
    for language in ["ja", "en"] {
        let person = app.protected_member().await;
        if language == "en" {
            let page = person.browser.get("/account").await.expect(200);
            page.form("English").submit(&person.browser).await.expect(303);
            let form = person.browser.get("/account/profile").await.expect(200).form("/account/profile");
            form.forge("language", "en").submit(&person.browser).await.expect(303);
        }
        for _ in 0..2 {
            let code = app.fresh_code(&person.authenticator);
            let page = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200);
            let form = page.form("/account/two-factor/backup-codes/reissue").fill("code", &code);
            form.submit(&person.browser).await.expect(200);
        }
        let valid = sheet_id(&person).await;
        let (_, mails) = entered(&app, &person, &person.codes[4]).await;
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        let (subject, words) = match language {
            "ja" => ("無効なバックアップコード", ["以前のシート", "第3回", "破棄"]),
            _ => ("earlier sheet", ["earlier sheet", "no. 3", "destroy"]),
        };
        assert!(mail.subject.contains(subject), "{}", mail.subject);
        for word in words.iter().chain(&[valid.as_str()]) {
            assert!(mail.text.contains(word), "{word} is not in {}", mail.text);
        }
        assert!(person.codes.iter().all(|code| !mail.text.contains(code.as_str())));
    }
}

#[tokio::test]
async fn who_has_just_been_told_of_wrong_codes_still_hears_of_the_paper_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let second = reissued(&app, &person).await;
    let third = reissued(&app, &person).await;
    assert_eq!(third.len(), 10);
    let valid = sheet_id(&person).await;
    let mut mails = Vec::new();
    for code in ["000000001", "000000002", "000000003", &second[0], &person.codes[0]] {
        mails.push(entered(&app, &person, code).await.1.len());
    }
    assert_eq!(mails, [0, 0, 1, 1, 0]);
    app.turn(Seconds::minutes(61));
    let (_, mails) = entered(&app, &person, &second[1]).await;
    assert_eq!(mails.len(), 1, "a new window");
    assert!(mails[0].text.contains(&valid), "{}", mails[0].text);
}

#[tokio::test]
async fn after_a_set_up_anew_an_old_code_is_a_wrong_code_like_any_other() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    reissued(&app, &person).await;
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    app.turn(Seconds(60));
    let anew = app.protect(person.member.clone()).await;
    let sql = "SELECT CAST(COUNT(*) AS TEXT) AS line FROM backup_codes";
    assert_eq!(app.database.lines(sql), ["10"], "the old rows are forgotten");
    let mut told = Vec::new();
    for code in &person.codes[..3] {
        told.extend(entered(&app, &anew, code).await.1);
    }
    assert_eq!(told.len(), 1, "told of repeated failures, and not of a sheet that nobody knows any more");
    assert!(!told[0].subject.contains("無効"), "{}", told[0].subject);
}

#[tokio::test]
async fn sheets_too_old_to_be_known_are_wrong_codes() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let mut sheets = vec![person.codes.clone()];
    for _ in 0..6 {
        sheets.push(reissued(&app, &person).await);
    }
    app.turn(Seconds::hours(2));
    let (_, mails) = entered(&app, &person, &sheets[0][0]).await;
    assert!(mails.is_empty(), "the seventh sheet has pushed out the first");
    let (_, mails) = entered(&app, &person, &sheets[1][0]).await;
    assert_eq!(mails.len(), 1, "five earlier ones are known");
}
