//! What a try costs: one slow hash at the most, none where nothing is looked at, and nobody's
//! budget when the machine is busy.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hikae::domain::password::Password;

use crate::support::app::TestApp;
use crate::support::members::PASSWORD;

#[tokio::test]
async fn a_backup_code_costs_one_hash_whether_it_is_right_wrong_void_or_none_is_live() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let code = app.fresh_code(&person.authenticator);
    let new = person.browser.reissue(&code).await.expect(200).codes();
    let cost = async |code: &str, status: u16| {
        let stage = app.password_proven(&person.member).await;
        let before = app.services.gate.made();
        stage.enter_backup_code(code).await.expect(status);
        app.services.gate.made() - before
    };
    assert_eq!(cost("000000001", 422).await, 1, "wrong");
    assert_eq!(cost(&person.codes[0], 422).await, 1, "of an earlier sheet");
    assert_eq!(cost(&new[0], 303).await, 1, "right");
    assert_eq!(cost(&new[0], 422).await, 1, "used");
    app.database.execute("DELETE FROM backup_codes; DELETE FROM generations");
    assert_eq!(cost(&new[1], 422).await, 1, "none is live");
}

#[tokio::test]
async fn ten_codes_are_issued_through_the_narrowest_gate() {
    let app = TestApp::with().hashes(1, 1).start().await;
    let person = app.protected_member().await;
    assert_eq!(person.codes.len(), 10);
}

#[tokio::test]
async fn what_can_be_no_code_is_never_hashed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let before = app.services.gate.made();
    for typed in ["", "12345678", "1234567890", "12345678\0", "+12345678", "１２３４５６７٨９", &"1".repeat(5_000)]
    {
        stage.enter_backup_code(typed).await.expect(422);
    }
    // 22 characters are enough for 400 bytes after NFKC.
    stage.enter_backup_code(&"ﷺ".repeat(22)).await.expect(422);
    stage.enter_backup_code(&person.authenticator.code_at(app.now())).await.expect(422);
    assert_eq!(app.services.gate.made(), before);
}

#[tokio::test]
async fn while_one_has_to_wait_nothing_is_hashed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for _ in 0..5 {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    let before = app.services.gate.made();
    stage.enter_backup_code(&person.codes[0]).await.expect(429);
    assert_eq!(app.services.gate.made(), before, "a backup code was hashed");

    let guesser = app.browser();
    let mut page = guesser.sign_in_with("nobody@example.jp", "当てずっぽう").await;
    for _ in 0..20 {
        page = guesser.sign_in_with("nobody@example.jp", "当てずっぽう").await;
    }
    page.expect(429);
    let before = app.services.gate.made();
    guesser.sign_in_with("nobody@example.jp", "当てずっぽう").await.expect(429);
    assert_eq!(app.services.gate.made(), before, "a password was hashed");
}

#[tokio::test]
async fn a_try_that_found_no_room_is_not_counted() {
    let app = TestApp::with().hashes(1, 9).real_hashes().start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let form = stage.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
    let flood = Arc::new(AtomicBool::new(true));
    let hands: Vec<_> = (0..40)
        .map(|_| {
            let (gate, flood) = (app.services.gate.clone(), flood.clone());
            tokio::spawn(async move {
                while flood.load(Ordering::SeqCst) {
                    // Most of these are turned away, too; that is what makes the flood.
                    let _ = gate.hash_password(Password::typed(PASSWORD), [0; 16]).await;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let (mut looked_at, mut busy) = (0, 0);
    for _ in 0..4 {
        let page = form.clone().fill("backup_code", "000000001").submit(&stage).await;
        match page.status {
            422 => looked_at += 1,
            503 => {
                busy += 1;
                assert!(page.header("retry-after").is_some() && !page.h1().is_empty());
            }
            other => panic!("{other}: {}", page.text()),
        }
    }
    app.browser().get("/healthz").await.expect(200);
    flood.store(false, Ordering::SeqCst);
    for hand in hands {
        hand.await.expect("no panic");
    }
    assert!(busy > 0, "the gate was never full");
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
    assert_eq!(app.database.lines(&sql), [looked_at.to_string()]);
    stage.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}
