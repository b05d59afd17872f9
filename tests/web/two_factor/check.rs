//! 保管チェック: what it says of a code, what it costs, and that it uses nothing up.

use hikae::domain::email::EmailAddress;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{PASSWORD, Protected};
use crate::support::page::{Form, Page};

pub const CHECK: &str = "/account/two-factor/backup-codes/check";

/// The form, filled in.
pub async fn check_form(browser: &Browser, password: &str, code: &str) -> Form {
    let page = browser.get(CHECK).await.expect(200);
    page.form("確認する").fill("password", password).fill("backup_code", code)
}

pub async fn check(browser: &Browser, code: &str) -> Page {
    check_form(browser, PASSWORD, code).await.submit(browser).await
}

/// Failures counted, failures and successes in the trail, mails: what a check may leave behind.
async fn traces(app: &TestApp, person: &Protected) -> (String, Vec<String>, usize) {
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
    let rows = "SELECT outcome || ' ' || detail AS line FROM audit_events WHERE action = 'backup_codes.checked' \
                ORDER BY seq";
    let mails = app.mailbox.count(&person.member.email).await;
    (app.database.lines(&sql).concat(), app.database.lines(rows), mails)
}

/// A second sheet, after the first.
async fn reissued(app: &TestApp, person: &Protected) -> Vec<String> {
    let code = app.fresh_code(&person.authenticator);
    person.browser.reissue(&code).await.expect(200).codes()
}

/// The id of the sheet that counts, as the tab shows it.
async fn sheet_id(browser: &Browser) -> String {
    browser.get("/account/two-factor").await.expect(200).all("[data-sheet-id], .facts code").concat()
}

#[tokio::test]
async fn the_tab_leads_to_it_and_the_page_says_what_to_type() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let tab = person.browser.get("/account/two-factor").await.expect(200);
    assert!(tab.attributes("a", "href").contains(&CHECK.to_owned()), "{}", tab.html);
    let page = person.browser.get(CHECK).await.expect(200);
    assert_eq!(page.h1(), "保管チェック");
    for words in ["パスワード", "バックアップコード(9桁)", "第1回", &sheet_id(&person.browser).await] {
        assert!(page.text().contains(words), "{words} is not in {}", page.text());
    }
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn an_unused_code_is_told_with_its_place_and_stays_unused() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    let before = traces(&app, &person).await;
    let mut texts = Vec::new();
    for _ in 0..3 {
        let page = check(&person.browser, &person.codes[3]).await.expect(200);
        for words in ["第1回", &sheet_id(&person.browser).await, "4番", "未使用", "10個中10個"] {
            assert!(page.text().contains(words), "{words} is not in {}", page.text());
        }
        assert!(page.errors().is_empty(), "{}", page.errors());
        assert!(!page.html.contains(&person.codes[3]) && !page.html.contains(PASSWORD), "what was typed is shown");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        texts.push(page.text());
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");
    assert_eq!(person.browser.two_factor_state().await, state);
    let (failures, rows, mails) = traces(&app, &person).await;
    assert_eq!((failures, mails), (before.0, before.2), "a check that succeeds counts and tells nothing");
    assert_eq!(rows, vec!["done code 4 of sheet 1, unused"; 3]);
    let page = person.browser.get("/account/activity").await.expect(200);
    assert!(page.text().contains("バックアップコードの保管チェック"), "{}", page.text());
    assert!(page.text().contains("第1回の4番のコード、未使用"), "{}", page.text());
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[3]).await.expect(303);
}

#[tokio::test]
async fn a_used_code_is_told_with_when_and_with_what() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[6]).await.expect(303);
    let page = check(&person.browser, &person.codes[6]).await.expect(422);
    for words in ["7番", "使用済み", "Chrome", "2026年11月22日"] {
        assert!(page.text().contains(words), "{words} is not in {}", page.text());
    }
    assert_eq!(traces(&app, &person).await.0, "0", "a code that was used a moment ago is no guess");
    app.turn(Seconds::minutes(2));
    let again = check(&person.browser, &person.codes[6]).await.expect(422);
    assert_eq!(again.text(), page.text());
    let (failures, rows, _) = traces(&app, &person).await;
    assert_eq!(failures, "1", "it counts as it does when signing in");
    assert_eq!(rows, ["refused the same backup code again", "refused an already used backup code"]);
    let page = person.browser.get("/account/activity").await.expect(200);
    assert!(page.text().contains("使用済みのコード"), "{}", page.text());
}

#[tokio::test]
async fn a_code_of_an_earlier_sheet_is_told_with_the_sheet_that_counts() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    let first = sheet_id(&person.browser).await;
    reissued(&app, &person).await;
    let valid = sheet_id(&person.browser).await;
    assert_ne!(first, valid);
    let (_, _, mails) = traces(&app, &person).await;
    for code in &person.codes[..2] {
        let page = check(&person.browser, code).await.expect(422);
        for words in ["以前のシート", "破棄", "第2回", &valid] {
            assert!(page.text().contains(words), "{words} is not in {}", page.text());
        }
        assert!(!page.html.contains(code));
    }
    let after = traces(&app, &person).await;
    assert_eq!(after.0, "2");
    assert_eq!(after.1, vec!["refused a backup code of an earlier sheet"; 2]);
    assert_eq!(after.2, mails + 1, "the owner is told once");
    let mail = app.mailbox.to(&person.member.email).await.pop().expect("a mail");
    assert!(mail.text.contains(&valid), "{}", mail.text);
}

#[tokio::test]
async fn a_code_of_no_sheet_is_told_with_the_possible_causes() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    for code in ["000000001", &other.codes[0]] {
        let page = check(&person.browser, code).await.expect(422);
        for words in ["ありません", "打ち間違い", "設定し直す前", "ほかのアカウント"] {
            assert!(page.text().contains(words), "{words} is not in {}", page.text());
        }
        assert!(!page.html.contains(code));
    }
    let (failures, rows, _) = traces(&app, &person).await;
    assert_eq!(failures, "2");
    assert_eq!(rows, vec!["refused a wrong backup code"; 2]);
    app.password_proven(&other.member).await.enter_backup_code(&other.codes[0]).await.expect(303);
}

#[tokio::test]
async fn what_is_no_code_gets_a_clear_answer_at_its_field() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let made = app.services.gate.made();
    for typed in ["", "12345678", "abcdefghi", "1234567890", &"1".repeat(5_000)] {
        let page = check(&person.browser, typed).await.expect(422);
        assert_eq!(page.all("#backup_code-error").len(), 1, "{typed:?}");
        assert!(page.all("#password-error").is_empty(), "{typed:?}");
    }
    let page = check_form(&person.browser, "", "123").await.submit(&person.browser).await.expect(422);
    assert_eq!(page.all("#backup_code-error, #password-error").len(), 2, "{}", page.text());
    let page = check_form(&person.browser, "", "123456").await.submit(&person.browser).await.expect(422);
    assert_eq!(page.all("#backup_code-error, #password-error").len(), 2, "{}", page.text());
    assert_eq!(app.services.gate.made(), made, "hashed for nothing");
    assert_eq!(traces(&app, &person).await.0, "0");

    let page = check(&person.browser, "123456").await.expect(422);
    assert!(page.errors().contains("6桁のセキュリティコード"), "{}", page.errors());
    assert!(!page.html.contains("/login/code"), "the way to a sign-in is no help here");
    assert_eq!(traces(&app, &person).await.0, "1", "the other kind of code is counted once");
}

#[tokio::test]
async fn without_the_password_nothing_is_told_and_no_code_is_counted() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    let mut texts = Vec::new();
    for code in [&person.codes[0], "000000001"] {
        let page = check_form(&person.browser, "まったく違うパスワード", code).await;
        let page = page.submit(&person.browser).await.expect(422);
        assert_eq!(page.all("#password-error").len(), 1);
        texts.push(page.text());
    }
    assert_eq!(texts[0], texts[1], "the code was looked at");
    let page = check_form(&person.browser, "まったく違うパスワード", "123456").await;
    page.submit(&person.browser).await.expect(422);
    let (failures, rows, _) = traces(&app, &person).await;
    assert_eq!(failures, "0", "whoever lacks the password counts nothing (SC-28)");
    assert_eq!(rows, vec!["refused a wrong password"; 3]);
    assert_eq!(person.browser.two_factor_state().await, state);

    let mut page = check(&person.browser, &person.codes[0]).await.expect(200);
    while page.status != 429 {
        page =
            check_form(&person.browser, "まったく違うパスワード", &person.codes[0]).await.submit(&person.browser).await;
        assert!(matches!(page.status, 422 | 429), "{}", page.text());
    }
    assert!(page.header("retry-after").is_some());
    let page = check(&person.browser, &person.codes[0]).await.expect(429);
    assert!(!page.text().contains("未使用のコードです"), "{}", page.text());
}

#[tokio::test]
async fn it_costs_the_password_s_hash_and_one_more_whatever_the_code_is() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let new = reissued(&app, &person).await;
    app.password_proven(&person.member).await.enter_backup_code(&new[1]).await.expect(303);
    let cost = async |password: &str, code: &str, status: u16| {
        let form = check_form(&person.browser, password, code).await;
        let before = app.services.gate.made();
        form.submit(&person.browser).await.expect(status);
        app.services.gate.made() - before
    };
    assert_eq!(cost(PASSWORD, &new[0], 200).await, 2, "unused");
    assert_eq!(cost(PASSWORD, &new[1], 422).await, 2, "used");
    assert_eq!(cost(PASSWORD, &person.codes[0], 422).await, 2, "of an earlier sheet");
    assert_eq!(cost(PASSWORD, "000000001", 422).await, 2, "of none");
    assert_eq!(cost("まったく違うパスワード", &new[0], 422).await, 1, "a wrong password");
}

#[tokio::test]
async fn its_failures_are_those_of_the_sign_in_and_a_success_clears_none() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for _ in 0..2 {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    check(&person.browser, "000000001").await.expect(422);
    check(&person.browser, &person.codes[0]).await.expect(200);
    assert_eq!(traces(&app, &person).await.0, "3", "a check cleared the counter");
    for _ in 0..2 {
        check(&person.browser, "000000001").await.expect(422);
    }
    let form = check_form(&person.browser, PASSWORD, &person.codes[0]).await;
    let made = app.services.gate.made();
    let page = form.submit(&person.browser).await.expect(429);
    assert_eq!(app.services.gate.made(), made, "the waiting comes before both hashes");
    assert_eq!(page.header("retry-after"), Some("60"));
    assert!(!page.text().contains("未使用のコードです"), "{}", page.text());
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
    app.turn(Seconds::minutes(1));
    form.submit(&person.browser).await.expect(200);
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
}

#[tokio::test]
async fn after_fifty_failures_in_a_row_it_says_nothing_either() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let sql = format!("UPDATE attempts SET failures = 49 WHERE user_id = {}", person.member.id);
    app.database.execute(&sql);
    check(&person.browser, "000000001").await.expect(422);
    let page = check(&person.browser, &person.codes[0]).await.expect(429);
    assert_eq!(page.header("retry-after"), None);
    assert!(!page.errors().is_empty() && !page.text().contains("未使用のコードです"), "{}", page.text());
}

#[tokio::test]
async fn without_a_sheet_or_without_two_factor_there_is_nothing_to_check() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    operator::set_plan(&app.services, person.member.office, Plan::None).await.expect("the plan ends");
    check(&person.browser, &person.codes[0]).await.expect(200);
    let form = check_form(&person.browser, PASSWORD, &person.codes[0]).await;
    let tab = person.browser.get("/account/two-factor").await.expect(200);
    assert!(tab.attributes("a", "href").contains(&CHECK.to_owned()), "codes of before are checked without a plan");

    app.database.execute("UPDATE generations SET voided_at = 1");
    let page = form.submit(&person.browser).await.expect_redirect("/account/two-factor");
    let page = person.browser.follow(page).await.expect(200);
    assert!(page.notice().contains("有効なシートがありません"), "{}", page.notice());
    assert!(!page.attributes("a", "href").contains(&CHECK.to_owned()), "a link to a page that sends back");
    person.browser.get(CHECK).await.expect_redirect("/account/two-factor");
    assert_eq!(traces(&app, &person).await.0, "0");

    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    let browser = app.browser();
    browser.sign_in(&person.member).await.expect_redirect("/account");
    let page = browser.get(CHECK).await.expect_redirect("/account/two-factor");
    let tab = browser.follow(page).await.expect(200);
    assert!(tab.notice().contains("有効ではありません"), "{}", tab.notice());
    let token = tab.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    let form = form.forge("csrf_token", &token);
    form.submit(&browser).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn after_a_set_up_anew_the_old_paper_is_on_no_known_sheet() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    let anew = app.protect(person.member.clone()).await;
    let page = check(&anew.browser, &person.codes[0]).await.expect(422);
    assert!(page.text().contains("設定し直す前"), "{}", page.text());
    let page = check(&anew.browser, &anew.codes[9]).await.expect(200);
    assert!(page.text().contains("第2回") && page.text().contains("10番"), "{}", page.text());
}

#[tokio::test]
async fn the_answers_are_in_english_too() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = person.browser.get("/account").await.expect(200);
    page.form("English").submit(&person.browser).await.expect(303);
    let page = person.browser.get(CHECK).await.expect(200);
    assert_eq!(page.h1(), "Check your sheet");
    let form = page.form("Check").fill("password", PASSWORD);
    let page = form.fill("backup_code", &person.codes[1]).submit(&person.browser).await.expect(200);
    assert!(page.text().contains("code no. 2") && page.text().contains("unused"), "{}", page.text());
    let form = person.browser.get(CHECK).await.expect(200).form("Check").fill("password", PASSWORD);
    let page = form.fill("backup_code", "000000001").submit(&person.browser).await.expect(422);
    assert!(page.text().contains("Possible causes"), "{}", page.text());
}
