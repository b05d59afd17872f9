//! The one failure counter over all places where a code is entered.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::members::Protected;
use crate::support::page::Page;

const WRONG_BACKUP_CODE: &str = "000000001";

/// One wrong security code in a new sign-in.
async fn fail(app: &TestApp, person: &Protected) -> Page {
    let wrong = person.authenticator.wrong_code_at(app.now());
    app.password_proven(&person.member).await.enter_security_code(&wrong).await
}

fn retry_after(page: &Page) -> i64 {
    page.header("retry-after").expect("Retry-After").parse().expect("seconds")
}

#[tokio::test]
async fn failures_of_every_place_are_counted_together_and_every_place_waits() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(30));
    let wrong = person.authenticator.wrong_code_at(app.now());
    let stage = app.password_proven(&person.member).await;

    stage.enter_security_code(&wrong).await.expect(422);
    stage.enter_backup_code(WRONG_BACKUP_CODE).await.expect(422);
    person.browser.reissue(&wrong).await.expect(422);
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let set_up = page.form("/account/two-factor/setup").fill("password", &person.member.password);
    set_up.clone().fill("code", &wrong).submit(&person.browser).await.expect(422);
    stage.enter_security_code(&wrong).await.expect(422);

    let state = person.browser.two_factor_state().await;
    let right = person.authenticator.code_at(app.now());
    let answers = [
        stage.enter_security_code(&right).await,
        stage.enter_backup_code(&person.codes[0]).await,
        person.browser.reissue(&right).await,
        set_up.fill("code", &right).submit(&person.browser).await,
    ];
    for page in answers {
        let page = page.expect(429);
        assert_eq!(retry_after(&page), 60, "{}", page.path);
        assert!(page.text().contains("1分"), "{} does not say how long: {}", page.path, page.text());
    }
    assert!(!stage.is_signed_in().await);
    assert_eq!(person.browser.two_factor_state().await, state);

    app.turn(Seconds(60));
    stage.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn wrong_codes_while_confirming_a_set_up_are_counted_too() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(&member.password).await;
    let wrong = authenticator.wrong_code_at(app.now());
    for _ in 0..5 {
        browser.confirm_set_up(&wrong).await.expect(422);
    }
    let page = browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(429);
    assert_eq!(retry_after(&page), 60);
    app.turn(Seconds(60));
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
}

#[tokio::test]
async fn waiting_times_grow() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for _ in 0..4 {
        fail(&app, &person).await.expect(422);
    }
    for minutes in [1, 5, 15, 30, 72, 72] {
        fail(&app, &person).await.expect(422);
        let page = fail(&app, &person).await.expect(429);
        assert_eq!(retry_after(&page), minutes * 60);
        app.turn(Seconds(minutes * 60 - 1));
        fail(&app, &person).await.expect(429);
        app.turn(Seconds(1));
    }
}

#[tokio::test]
async fn neither_the_password_nor_a_new_sign_in_nor_a_reset_clears_the_counter() {
    let app = TestApp::start().await;
    let mut person = app.protected_member().await;
    for _ in 0..5 {
        fail(&app, &person).await.expect(422);
    }
    app.password_proven(&person.member).await;
    fail(&app, &person).await.expect(429);

    let browser = app.browser();
    let page = browser.get("/password-reset").await.expect(200);
    page.form("/password-reset").fill("email", &person.member.email).submit(&browser).await;
    let mail = app.mailbox.newest(&person.member.email, "パスワード").await;
    let path = mail.path("/password-reset/");
    "別の長い合言葉を選ぶ".clone_into(&mut person.member.password);
    let page = browser.get(&path).await.expect(200);
    page.form(&path).fill("new_password", &person.member.password).submit(&browser).await;

    fail(&app, &person).await.expect(429);
    app.turn(Seconds(60));
    fail(&app, &person).await.expect(422);
    let page = fail(&app, &person).await.expect(429);
    assert_eq!(retry_after(&page), 5 * 60, "the count goes on where it was");
}

#[tokio::test]
async fn a_success_with_a_second_factor_clears_the_counter() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for round in 0..2 {
        for _ in 0..4 {
            fail(&app, &person).await.expect(422);
        }
        let browser = app.password_proven(&person.member).await;
        if round == 0 {
            browser.enter_backup_code(&person.codes[0]).await.expect(303);
        } else {
            let code = app.fresh_code(&person.authenticator);
            browser.enter_security_code(&code).await.expect(303);
        }
    }
    for _ in 0..4 {
        fail(&app, &person).await.expect(422);
    }
    let code = app.fresh_code(&person.authenticator);
    app.password_proven(&person.member).await.enter_security_code(&code).await.expect(303);
}

#[tokio::test]
async fn after_fifty_failures_in_a_row_only_a_release_helps() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let mut failures = 0;
    while failures < 50 {
        let page = fail(&app, &person).await;
        match page.status {
            422 => failures += 1,
            429 => app.turn(Seconds(retry_after(&page))),
            other => panic!("{other}: {}", page.text()),
        }
    }
    app.turn(Seconds::hours(24 * 30));
    let right = app.fresh_code(&person.authenticator);
    let stage = app.password_proven(&person.member).await;
    let page = stage.enter_security_code(&right).await.expect(429);
    assert_eq!(page.header("retry-after"), None);
    assert!(!page.errors().is_empty() || !page.notice().is_empty(), "{}", page.text());
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
    assert!(!stage.is_signed_in().await);

    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    let anew = app.protect(person.member.clone()).await;
    fail(&app, &anew).await.expect(422);
    app.password_proven(&person.member).await.enter_backup_code(&anew.codes[0]).await.expect(303);
}

#[tokio::test]
async fn the_owner_is_told_of_repeated_failures_once_per_window() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let before = app.mailbox.count(&person.member.email).await;
    fail(&app, &person).await.expect(422);
    fail(&app, &person).await.expect(422);
    assert_eq!(app.mailbox.count(&person.member.email).await, before, "told of two");
    for _ in 0..3 {
        fail(&app, &person).await.expect(422);
    }
    assert_eq!(app.mailbox.count(&person.member.email).await, before + 1, "told once");
    app.turn(Seconds::minutes(61));
    fail(&app, &person).await.expect(422);
    assert_eq!(app.mailbox.count(&person.member.email).await, before + 2, "told again in a new window");
}

#[tokio::test]
async fn a_code_of_an_earlier_sheet_is_told_to_the_owner_with_the_sheet_that_counts() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let code = app.fresh_code(&person.authenticator);
    person.browser.reissue(&code).await.expect(200);
    let before = app.mailbox.count(&person.member.email).await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(422);
    let mails = app.mailbox.to(&person.member.email).await;
    assert_eq!(mails.len(), before + 1);
    let mail = mails.last().expect("a mail");
    assert!(mail.text.contains("第2回"), "{}", mail.text);
    assert!(!mail.text.contains(&person.codes[0]));
}

#[tokio::test]
async fn nobody_without_the_password_can_lock_the_second_factor() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for guess in 0..5 {
        app.browser().sign_in_with(&person.member.email, &format!("当てずっぽう{guess}")).await.expect(422);
    }
    let code = app.fresh_code(&person.authenticator);
    let other = app.browser();
    let page = other.sign_in(&person.member).await;
    if page.status == 303 {
        other.enter_security_code(&code).await.expect(303);
    }
    let newer = app.fresh_code(&person.authenticator);
    assert_eq!(person.browser.reissue(&newer).await.expect(200).codes().len(), 10);
}

#[tokio::test]
async fn the_operator_opens_a_set_up_again_and_tells_nobody_of_a_release_that_was_none() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(&member.password).await;
    app.database.execute(&format!("UPDATE attempts SET failures = 50 WHERE user_id = {}", member.id));
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(429);
    let email = EmailAddress::parse(&member.email).expect("an address");
    let released = operator::release_user(&app.services, &email).await.expect("no fault");
    assert_eq!(released, operator::OperatorRelease::FailuresForgotten);
    assert!(browser.is_signed_in().await);
    assert_eq!(app.mailbox.count(&member.email).await, 0);
    let activity = browser.get("/account/activity").await.expect(200).text();
    assert!(activity.contains("コードの入力制限を解除") && !activity.contains("二要素認証を解除"), "{activity}");
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
}
