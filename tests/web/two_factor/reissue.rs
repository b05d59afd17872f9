//! Ten new codes for the same authenticator.

use std::sync::{Arc, Mutex};

use hikae::domain::time::Seconds;
use hikae::random::Randomness;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::support::app::TestApp;
use crate::support::members::Protected;

#[tokio::test]
async fn a_current_security_code_gives_ten_new_codes_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200);
    assert_eq!(page.h1(), "バックアップコードの再発行");
    assert!(page.text().contains("セキュリティコード(6桁)"), "{}", page.text());
    let form = page.form("再発行").fill("code", &app.fresh_code(&person.authenticator));
    let page = form.submit(&person.browser).await.expect(200);
    assert_eq!(page.h1(), "再発行が完了しました");
    let codes = page.codes();
    assert_eq!(codes.len(), 10);
    assert!(codes.iter().all(|code| !person.codes.contains(code)));
    assert!(page.text().contains("第2回"), "{}", page.text());

    let again = form.submit(&person.browser).await;
    assert!((400..500).contains(&again.status), "{}", again.status);
    assert!(again.codes().is_empty(), "a resubmitted form issues again");
    let page = person.browser.get("/account/two-factor").await.expect(200);
    assert!(page.text().contains("第2回") && !page.text().contains("第3回"), "{}", page.text());
    for path in ["/account/two-factor", "/account/two-factor/backup-codes/reissue", "/account/activity"] {
        let page = person.browser.get(path).await.expect(200);
        assert!(codes.iter().all(|code| !page.html.contains(code)), "{path}");
        assert!(page.codes().is_empty());
    }
}

#[tokio::test]
async fn a_wrong_code_leaves_the_old_sheet_untouched() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(30));
    let state = person.browser.two_factor_state().await;
    let wrong = person.authenticator.wrong_code_at(app.now());
    for typed in [wrong.as_str(), "", "12345", "abcdef"] {
        let page = person.browser.reissue(typed).await.expect(422);
        assert!(!page.errors().is_empty(), "{typed:?}");
        assert!(page.codes().is_empty());
    }
    assert_eq!(person.browser.two_factor_state().await, state);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[3]).await.expect(303);
}

#[tokio::test]
async fn a_backup_code_does_not_serve_and_stays_unused() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    person.browser.reissue(&person.codes[0]).await.expect(422);
    assert_eq!(person.browser.two_factor_state().await, state);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
}

#[tokio::test]
async fn a_security_code_that_signed_in_does_not_reissue() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let code = app.fresh_code(&person.authenticator);
    let browser = app.password_proven(&person.member).await;
    browser.enter_security_code(&code).await.expect(303);
    let state = browser.two_factor_state().await;
    browser.reissue(&code).await.expect(422);
    assert_eq!(browser.two_factor_state().await, state);
}

#[tokio::test]
async fn without_two_factor_there_is_nothing_to_reissue() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get("/account/two-factor/backup-codes/reissue").await;
    assert!(!page.has_form("再発行"), "{}", page.text());
    let token = browser.get("/account/two-factor").await.form("二要素認証を設定する");
    let token = token.value("csrf_token").expect("a token").to_owned();
    let fields = [("csrf_token".to_owned(), token), ("code".to_owned(), "123456".to_owned())];
    let page = browser.submit("/account/two-factor/backup-codes/reissue", &fields).await;
    assert!((300..500).contains(&page.status), "{}", page.status);
    assert!(page.codes().is_empty());
}

#[tokio::test]
async fn signing_in_with_a_backup_code_gives_a_session_and_nothing_else() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[0]).await.expect(303);
    let state = browser.two_factor_state().await;
    browser.reissue("123456").await.expect(422);
    browser.reissue(&person.codes[1]).await.expect(422);
    let page = browser.get("/account/two-factor").await.expect(200);
    let form = page.form("/account/two-factor/setup").fill("password", &person.member.password);
    form.fill("code", &person.codes[1]).submit(&browser).await.expect(422);
    assert_eq!(browser.two_factor_state().await, state);
}

/// Ids of sheets are short enough to meet, and two papers with one id could not be told apart.
#[tokio::test]
async fn an_id_that_another_sheet_has_is_drawn_again() {
    let dice = Arc::new(Mutex::new(StdRng::seed_from_u64(0)));
    let app = TestApp::with().random(Randomness::Seeded(dice.clone())).start().await;
    let (first, second) = (app.protected_member().await, app.protected_member().await);
    let reissue = async |person: &Protected| {
        let code = app.fresh_code(&person.authenticator);
        let page = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200);
        *dice.lock().unwrap() = StdRng::seed_from_u64(1);
        page.form("再発行").fill("code", &code).submit(&person.browser).await.expect(200)
    };
    let of_first = reissue(&first).await;
    let ids = || app.database.lines("SELECT sheet_id AS line FROM generations WHERE number = 2");
    let id_of_first = ids().concat();
    // What else was drawn makes room, so that it can be drawn again.
    app.mailbox.settle().await;
    let email = &first.member.email;
    for sql in [
        "DELETE FROM backup_codes WHERE generation_id IN (SELECT id FROM generations WHERE number = 2)",
        "UPDATE generations SET id = -id WHERE number = 2",
        "DELETE FROM outbox",
        &format!("DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = '{email}')"),
    ] {
        app.database.execute(sql);
    }

    let of_second = reissue(&second).await;
    assert_eq!(of_second.codes(), of_first.codes(), "the dice fell alike");
    let mut ids = ids();
    ids.retain(|id| *id != id_of_first);
    assert_eq!(ids.len(), 1, "one id of its own");
    assert!(of_second.text().contains(&ids[0]), "{}", of_second.text());
    app.password_proven(&second.member).await.enter_backup_code(&of_second.codes()[0]).await.expect(303);
}
